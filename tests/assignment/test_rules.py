"""Who gets a lead by which rule."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import AssignmentCase

MODELS = "odoo.addons.lead_management.models"
MIXIN = f"{MODELS}.base.rule.lead_rule_mixin"
PLAN = f"{MODELS}.assignment.rule.lead_assignment_plan"


class TestTargets(AssignmentCase):
    def test_one_salesperson(self):
        rule = self._to_user(self.rep_2)
        leads = self._create(3)
        self.assertEqual(leads.user_id, self.rep_2)
        self.assertEqual(leads.team_id, self.team)
        self.assertEqual(leads.assignment_log_ids.rule_id, rule)
        self.assertEqual(set(leads.assignment_log_ids.mapped("basis")), {"only"})

    def test_members_of_a_team(self):
        self._new_assignment_rule()
        leads = self._create(3)
        self.assertEqual(leads.user_id, self.rep + self.rep_2 + self.rep_3)
        self.assertEqual(leads.team_id, self.team)

    def test_who_joins_the_team_takes_part(self):
        self._new_assignment_rule()
        self._create(3)
        self.team.member_ids += self.leader
        self.assertEqual(set(self._owners(self._create(4)).values()), {1})

    def test_who_leaves_the_team_gets_nothing(self):
        self._new_assignment_rule()
        self._create(3)
        self.team.member_ids -= self.rep_2
        self.assertNotIn(self.rep_2, self._create(4).user_id)

    def test_chosen_salespeople(self):
        self._to_members(self.rep + self.leader)
        self.assertEqual(self._create(2).user_id, self.rep + self.leader)

    def test_team_goes_with_the_owner(self):
        """Where the rule names no team, it is the one Odoo would choose."""
        self._to_members(self.rep)
        self.assertEqual(self._create(team_id=False).team_id, self.team)

    def test_team_of_the_lead_stays_when_the_owner_is_in_it(self):
        other = self.env["crm.team"].create(
            {"name": "Other", "user_id": self.rep.id, "company_id": self.company.id}
        )
        self._to_members(self.rep)
        self.assertEqual(self._create(team_id=other.id).team_id, other)

    def test_team_of_another_company_goes_with_no_owner(self):
        """Who works in two companies may have a team in one of them only."""
        self.rep.company_ids += self.company_b
        self._to_members(self.rep)
        lead = self._create(
            user=self.env.user, company_id=self.company_b.id, team_id=False
        )
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(lead.company_id, self.company_b)
        self.assertNotEqual(lead.team_id.company_id, self.company)

    def test_team_does_not_depend_on_who_runs_the_code(self):
        self._to_members(self.rep_b)
        self.env.user.company_ids -= self.company_b
        lead = self.env["crm.lead"].create(
            {
                "name": "B",
                "user_id": False,
                "team_id": False,
                "company_id": self.company_b.id,
            }
        )
        self.commit()
        self.assertEqual(lead.user_id, self.rep_b)
        self.assertEqual(lead.team_id, self.team_b)

    def test_capturer(self):
        self._new_assignment_rule(target="capturer")
        lead = self._create(user=self.rep_3)
        self.assertEqual(lead.user_id, self.rep_3)
        self.assertEqual(self._log(lead).basis, "capturer")
        self.assertIn("who created it", lead.assignment_explanation)

    def test_no_capturer_where_nobody_entered_it(self):
        """Not the system, and not a visitor: the next rule decides."""
        self._new_assignment_rule(target="capturer", sequence=1)
        self._to_user(self.rep_2, sequence=2)
        for user in ("base.user_root", "base.public_user"):
            lead = (
                self.env["crm.lead"]
                .with_user(self.env.ref(user))
                .sudo()
                .create({"name": "New", "user_id": False})
            )
            self.commit()
            self.assertEqual(lead.user_id, self.rep_2)

    def test_archived_capturer(self):
        self._new_assignment_rule(target="capturer", sequence=1)
        self._to_user(self.rep_2, sequence=2)
        lead = self.env["crm.lead"].with_user(self.rep).create({"name": "New"}).sudo()
        self.rep.active = False
        self.commit()
        self.assertEqual(lead.user_id, self.rep_2)

    def test_pool(self):
        pool = self._pool()
        rule = self._to_pool(pool)
        lead = self._create()
        self.assertFalse(lead.user_id)
        self.assertFalse(lead.assignment_pending)
        self.assertEqual(lead.assignment_pool_id, pool)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(self._log(lead).rule_id, rule)
        self.assertIn("Pool", lead.assignment_explanation)

    def test_archived_pool_is_passed(self):
        pool = self._pool()
        self._to_pool(pool, sequence=1, fallback="overflow")
        self._to_user(self.rep, sequence=2)
        pool.active = False
        self.assertEqual(self._create().user_id, self.rep)


class TestPreviousOwner(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._new_assignment_rule(target="previous", sequence=1)
        cls.next_rule = cls._to_user(cls.leader, sequence=2)
        cls.firm, cls.other_firm = cls.env["res.partner"].create(
            [{"name": "Firm", "is_company": True}, {"name": "Other firm"}]
        )
        cls.ann, cls.bob = cls.env["res.partner"].create(
            [
                {"name": "Ann", "parent_id": cls.firm.id},
                {"name": "Bob", "parent_id": cls.firm.id},
            ]
        )

    def _had(self, user, **values):
        return self._new_lead(user_id=user.id, **values)

    def test_same_contact(self):
        self._had(self.rep, partner_id=self.ann.id)
        lead = self._create(partner_id=self.ann.id)
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(self._log(lead).basis, "previous")
        self.assertIn("knows this customer", lead.assignment_explanation)

    def test_same_email(self):
        self._had(self.rep, email_from="Ann <ann@gmail.com>")
        self.assertEqual(self._create(email_from="ann@GMAIL.com").user_id, self.rep)

    def test_same_company(self):
        self._had(self.rep, partner_id=self.bob.id)
        self.assertEqual(self._create(partner_id=self.ann.id).user_id, self.rep)

    def test_same_domain(self):
        self._had(self.rep, email_from="bob@firm.example")
        self.assertEqual(self._create(email_from="ann@firm.example").user_id, self.rep)

    def test_not_the_domain_of_a_public_provider(self):
        self._had(self.rep, email_from="bob@gmail.com")
        lead = self._create(email_from="ann@gmail.com")
        self.assertEqual(lead.user_id, self.leader)
        self.assertEqual(
            self._log(lead).candidates["passed"], [[self.rule.id, "nobody"]]
        )

    def test_nearest_wins(self):
        """Contact before address before company before domain."""
        address = {"email_from": "ann@firm.example"}
        lead = {"partner_id": self.ann.id, **address}
        for values, user in (
            ({"email_from": "eve@firm.example"}, self.rep),
            ({"partner_id": self.bob.id, "email_from": "b@b.example"}, self.rep_2),
            ({**address, "partner_id": self.other_firm.id}, self.rep_3),
        ):
            self._had(user, **values)
            self.assertEqual(self._create(**lead).user_id, user)
            self.env["crm.lead"].search([("name", "=", "New")]).unlink()
        self._had(self.rep, partner_id=self.ann.id, email_from="c@c.example")
        self._had(self.rep_3, **address, partner_id=self.other_firm.id)
        self.assertEqual(self._create(**lead).user_id, self.rep)

    def test_last_one_among_equals(self):
        self._had(self.rep, partner_id=self.ann.id)
        self._had(self.rep_2, partner_id=self.ann.id)
        self.assertEqual(self._create(partner_id=self.ann.id).user_id, self.rep_2)

    def test_closed_leads_count(self):
        self._had(self.rep, partner_id=self.ann.id).action_set_lost()
        self.assertEqual(self._create(partner_id=self.ann.id).user_id, self.rep)

    def test_not_across_companies(self):
        self._had(
            self.rep_b,
            partner_id=self.ann.id,
            company_id=self.company_b.id,
            team_id=self.team_b.id,
        )
        lead = self._create(partner_id=self.ann.id, company_id=self.company.id)
        self.assertEqual(lead.user_id, self.leader)
        self.assertEqual(lead.company_id, self.company)

    def test_nobody_of_that_customer_goes_on_even_where_leads_are_held(self):
        self.assertEqual(self.rule.fallback, "hold")
        self.assertEqual(
            self._create(email_from="new@new.example").user_id, self.leader
        )

    def test_archived_owner_is_nobody(self):
        self._had(self.rep, partner_id=self.ann.id)
        self.rep.active = False
        self.assertEqual(self._create(partner_id=self.ann.id).user_id, self.leader)

    def test_absent_owner_is_waited_for(self):
        self._had(self.rep, partner_id=self.ann.id)
        self._capacity(self.rep, is_paused=True)
        lead = self._create(partner_id=self.ann.id)
        self.assertFalse(lead.user_id)
        self.assertTrue(lead.assignment_pending)
        self.assertEqual(self._reasons(lead), {self.rep: "paused"})

    def test_absent_owner_is_passed_on_overflow(self):
        self.rule.fallback = "overflow"
        self._had(self.rep, partner_id=self.ann.id)
        self._capacity(self.rep, is_paused=True)
        lead = self._create(partner_id=self.ann.id)
        self.assertEqual(lead.user_id, self.leader)
        self.assertEqual(
            self._log(lead).candidates["passed"], [[self.rule.id, "no_candidate"]]
        )

    def test_one_statement_for_all(self):
        owners = {self.ann: self.rep, self.other_firm: self.rep_2}
        leads = self.env["crm.lead"]
        for partner, user in owners.items():
            self._had(user, partner_id=partner.id)
            leads += self.env["crm.lead"].create(
                [{"name": "New", "partner_id": partner.id}] * 5
            )
        self.env.flush_all()
        with self.assertQueryCount(1):
            found = leads._get_previous_owners()
        expected = {lead.id: owners[lead.partner_id].id for lead in leads}
        self.assertEqual(found, expected)


class TestStrategies(AssignmentCase):
    def test_round_robin(self):
        rule = self._new_assignment_rule()
        leads = self._create(9)
        self.assertEqual(set(self._owners(leads).values()), {3})
        self.assertEqual(set(rule.turn_ids.mapped("turns")), {3})
        self.assertEqual(set(leads.assignment_log_ids.mapped("basis")), {"turn"})

    def test_weighted(self):
        rule = self._to_members(self.rep + self.rep_2, strategy="weighted")
        self._turn(rule, self.rep).weight = 3
        owners = self._owners(self._create(8))
        self.assertEqual(owners, {self.rep: 6, self.rep_2: 2})

    def test_weights_do_not_count_in_a_plain_round_robin(self):
        rule = self._to_members(self.rep + self.rep_2)
        self._turn(rule, self.rep).weight = 3
        self.assertEqual(set(self._owners(self._create(8)).values()), {4})

    def test_who_was_away_is_not_made_up_for(self):
        self._to_members(self.rep + self.rep_2)
        pause = self._capacity(self.rep_2, is_paused=True)
        self.assertEqual(self._owners(self._create(10)), {self.rep: 10})
        pause.is_paused = False
        self.assertEqual(set(self._owners(self._create(4)).values()), {2})

    def test_shares_are_noted(self):
        rule = self._to_members(self.rep + self.rep_2, strategy="weighted")
        self._turn(rule, self.rep).weight = 3
        inside = self._log(self._create()).candidates["in"]
        self.assertEqual(
            [row[:2] for row in inside], [[self.rep.id, 0.75], [self.rep_2.id, 0.25]]
        )

    def test_least_loaded_by_count(self):
        for user, count in ((self.rep, 2), (self.rep_2, 1), (self.rep_3, 3)):
            for __ in range(count):
                self._new_lead(user_id=user.id)
        self._new_assignment_rule(strategy="load")
        leads = self._create(3)
        self.assertEqual(self._owners(leads), {self.rep_2: 2, self.rep: 1})
        self.assertEqual(leads[0].assignment_log_ids.basis, "load")
        self.assertIn(
            "the least loaded (candidates: 3)", leads[0].assignment_explanation
        )

    def test_least_loaded_counts_open_leads_only(self):
        self._new_lead(user_id=self.rep.id).action_set_lost()
        self._new_lead(user_id=self.rep.id).action_set_won()
        self._new_lead(user_id=self.rep_2.id)
        self._to_members(self.rep + self.rep_2, strategy="load")
        self.assertEqual(self._create().user_id, self.rep)

    def test_least_loaded_looks_at_the_company_of_the_lead(self):
        self.rep.company_ids += self.company_b
        for __ in range(3):
            self._new_lead(team_id=False, company_id=self.company_b.id)
        self._new_lead(user_id=self.rep_2.id)
        self._to_members(self.rep + self.rep_2, strategy="load")
        self.assertEqual(self._create(company_id=self.company.id).user_id, self.rep)

    def test_least_loaded_by_score(self):
        self._new_score_rule([("phone", "!=", False)], 60)
        self._new_lead(user_id=self.rep.id, phone="1")
        for __ in range(3):
            self._new_lead(user_id=self.rep_2.id)
        self._to_members(self.rep + self.rep_2, strategy="load", load_basis="score")
        leads = self._create(2, phone="1")
        self.assertEqual(leads.user_id, self.rep + self.rep_2)

    def test_least_loaded_by_revenue(self):
        self._new_lead(user_id=self.rep.id, expected_revenue=5000)
        for __ in range(3):
            self._new_lead(user_id=self.rep_2.id, expected_revenue=1000)
        self._to_members(self.rep + self.rep_2, strategy="load", load_basis="revenue")
        lead = self._create(expected_revenue=1500)
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertEqual(self._create().user_id, self.rep_2)
        self.assertEqual(self._create().user_id, self.rep_2)

    def test_equal_loads_take_turns(self):
        self._new_assignment_rule(strategy="load")
        leads = self._create(3)
        self.assertEqual(set(self._owners(leads).values()), {1})
        self.assertEqual(leads[0].assignment_log_ids.basis, "load_turn")


class TestBestFit(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.french = cls.env.ref("base.lang_fr")
        cls.english = cls.env.ref("base.lang_en")
        cls.france, cls.spain = cls.env.ref("base.fr"), cls.env.ref("base.es")
        cls.crane, cls.lift = cls.env["product.product"].create(
            [{"name": "Crane"}, {"name": "Lift"}]
        )
        cls._capacity(
            cls.rep,
            lang_ids=[Command.set(cls.french.ids)],
            country_ids=[Command.set(cls.france.ids)],
            product_ids=[Command.set(cls.crane.ids)],
        )
        cls._capacity(cls.rep_2, lang_ids=[Command.set((cls.french + cls.english).ids)])
        cls.rule = cls._new_assignment_rule(strategy="fit")

    def test_most_matches_win(self):
        leads = self._create(4, lang_id=self.french.id, country_id=self.france.id)
        self.assertEqual(leads.user_id, self.rep)
        log = leads[0].assignment_log_ids
        self.assertEqual(log.basis, "fit")
        self.assertEqual([row[2] for row in log.candidates["in"]], [2, 1, 0])
        self.assertIn("the best fit (candidates: 3)", log.explanation)

    def test_reasons_of_those_who_do_not_fit(self):
        self.assertEqual(
            self._reasons(self._create(lang_id=self.english.id)), {self.rep: "language"}
        )
        self.assertEqual(
            self._reasons(self._create(country_id=self.spain.id)), {self.rep: "country"}
        )
        self.assertEqual(
            self._reasons(self._create(product_ids=[Command.set(self.lift.ids)])),
            {self.rep: "product"},
        )

    def test_reasons_are_told_in_words(self):
        self.rule.write(
            {
                "target": "members",
                "member_ids": [Command.set(self.rep.ids)],
                "team_id": False,
            }
        )
        lead = self._create(lang_id=self.english.id)
        self.assertFalse(lead.user_id)
        self.assertIn("does not speak the language", lead.assignment_explanation)

    def test_one_of_several_products_is_enough(self):
        lead = self._create(product_ids=[Command.set((self.crane + self.lift).ids)])
        self.assertEqual(lead.user_id, self.rep)

    def test_what_is_not_known_of_the_lead_excludes_nobody(self):
        leads = self._create(3)
        self.assertEqual(set(self._owners(leads).values()), {1})
        self.assertEqual(set(leads.assignment_log_ids.mapped("basis")), {"fit_turn"})

    def test_fit_does_not_bind_other_strategies(self):
        self.rule.strategy = "round_robin"
        leads = self._create(3, lang_id=self.english.id)
        self.assertIn(self.rep, leads.user_id)


class TestMemberConditions(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._to_members(cls.rep + cls.rep_2)
        cls.turn = cls.rule.turn_ids.filtered(lambda turn: turn.user_id == cls.rep)
        cls.turn.domain = "[('expected_revenue', '>', 1000)]"

    def test_only_leads_that_meet_it(self):
        owners = self._owners(self._create(4, expected_revenue=100))
        self.assertEqual(owners, {self.rep_2: 4})
        leads = self._create(4, expected_revenue=5000)
        self.assertEqual(set(self._owners(leads).values()), {2})

    def test_reason_is_noted(self):
        lead = self._create()
        self.assertEqual(self._reasons(lead), {self.rep: "condition"})
        state = {row["name"]: row["state"] for row in self._log(lead)._get_people()}
        self.assertIn("condition of this member", state[self.rep.name])

    def test_empty_condition_is_none(self):
        for empty in (False, "", "[]"):
            self.turn.domain = empty
            self.assertEqual(set(self._owners(self._create(2)).values()), {1})

    def test_members_have_weights_before_the_rule_is_saved(self):
        form = Form(self.env["lead.assignment.rule"].with_user(self.manager))
        form.name = "New"
        form.target = "members"
        form.strategy = "weighted"
        for user in (self.rep, self.rep_2, self.rep_3):
            form.member_ids.add(user)
        self.assertEqual(len(form.turn_ids), 3)
        form.member_ids.remove(id=self.rep_3.id)
        self.assertEqual(len(form.turn_ids), 2)
        with form.turn_ids.edit(1) as turn:
            turn.weight = 3
        rule = form.save()
        weights = {turn.user_id: turn.weight for turn in rule.turn_ids}
        self.assertEqual(weights, {self.rep: 1, self.rep_2: 3})

    def test_members_of_a_team_have_weights_before_the_rule_is_saved(self):
        form = Form(self.env["lead.assignment.rule"].with_user(self.manager))
        form.name = "New"
        form.target = "team"
        form.strategy = "weighted"
        form.team_id = self.team
        self.assertEqual(len(form.turn_ids), 3)
        rule = form.save()
        self.assertEqual(rule.turn_ids.user_id, self.team.member_ids)

    def test_turns_of_who_left_are_kept(self):
        rule = self._to_members(self.rep + self.rep_2)
        form = Form(rule.with_user(self.manager))
        form.member_ids.remove(id=self.rep_2.id)
        form.save()
        self.assertEqual(rule.turn_ids.user_id, self.rep + self.rep_2)

    def test_wrong_ones_are_refused(self):
        turn = self.turn.with_user(self.manager)
        for domain in (
            "nonsense",
            "[('no_such_field', '=', 1)]",
            "[('expected_revenue', '>', 'abc')]",
            "[('user_id', '=', uid)]",
            "['&']",
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaises(ValidationError),
                mute_logger("odoo.sql_db"),
            ):
                turn.domain = domain

    def test_field_the_writer_may_not_read_is_refused(self):
        turn = self.turn.with_user(self.manager)
        with self.assertRaises(ValidationError):
            turn.domain = "[('partner_id.signup_type', '=', 'x')]"

    def test_through_the_form_of_the_rule(self):
        form = Form(self.rule.with_user(self.manager))
        with form.turn_ids.edit(0) as line:
            line.weight = 2
            line.domain = "[('phone', '!=', False)]"
        rule = form.save()
        self.assertEqual(rule.turn_ids[0].weight, 2)
        self.assertEqual(self._owners(self._create(2)), {self.rep_2: 2})

    @mute_logger("odoo.sql_db")
    def test_weight_is_positive(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.turn.weight = 0
            self.turn.flush_recordset()


class TestOrder(AssignmentCase):
    def test_first_match_by_sequence(self):
        self._to_user(self.rep, sequence=20)
        self._to_user(self.rep_2, sequence=10)
        self.assertEqual(self._create().user_id, self.rep_2)

    def test_archived_rule_is_not_asked(self):
        self._to_user(self.rep, sequence=1).active = False
        self._to_user(self.rep_2, sequence=2)
        self.assertEqual(self._create().user_id, self.rep_2)

    def test_hold_waits_even_if_others_were_free(self):
        self._capacity(self.rep, is_paused=True)
        rule = self._to_user(self.rep, sequence=1)
        self._to_user(self.rep_2, sequence=2)
        lead = self._create()
        self.assertFalse(lead.user_id)
        self.assertTrue(lead.assignment_pending)
        self.assertEqual(self._log(lead).outcome, "no_candidate")
        self.assertEqual(self._log(lead).rule_id, rule)
        self.assertIn("waits in the queue", lead.assignment_explanation)

    def test_overflow_to_the_next_rule(self):
        self._capacity(self.rep, is_paused=True)
        first = self._to_user(self.rep, sequence=1, fallback="overflow")
        self._to_user(self.rep_2, sequence=2)
        lead = self._create()
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertEqual(
            self._log(lead).candidates["passed"], [[first.id, "no_candidate"]]
        )
        story = self._log(lead)._get_story()
        self.assertEqual(
            story["passed"], [{"rule": "Rule", "reason": "no one available"}]
        )

    def test_overflow_without_a_next_rule_waits(self):
        self._capacity(self.rep, is_paused=True)
        self._to_user(self.rep, fallback="overflow")
        lead = self._create()
        self.assertTrue(lead.assignment_pending)
        self.assertEqual(self._log(lead).outcome, "no_candidate")

    def test_who_is_waited_for_is_said_of_the_first_rule(self):
        """A later rule that has nobody either does not blur it."""
        self._capacity(self.rep, is_paused=True)
        first = self._to_user(self.rep, sequence=1, fallback="overflow")
        self._new_assignment_rule(target="previous", sequence=2)
        lead = self._create(email_from="new@new.example")
        self.assertEqual(self._log(lead).rule_id, first)
        self.assertEqual(self._reasons(lead), {self.rep: "paused"})

    def test_leader_gets_what_nobody_is_free_for(self):
        self._capacity(self.rep, is_paused=True)
        self._to_user(self.rep, fallback="leader")
        lead = self._create()
        self.assertEqual(lead.user_id, self.leader)
        self.assertEqual(self._log(lead).basis, "leader")
        self.assertIn("No one was available", lead.assignment_explanation)

    def test_leader_of_the_team_of_the_lead(self):
        self._capacity(self.rep, is_paused=True)
        self._to_members(self.rep, fallback="leader")
        self.assertEqual(self._create(team_id=self.team.id).user_id, self.leader)

    def test_without_a_leader_the_next_rule_decides(self):
        self._capacity(self.rep, is_paused=True)
        self.team.user_id = False
        self._to_user(self.rep, fallback="leader", sequence=1)
        self._to_user(self.rep_2, sequence=2)
        self.assertEqual(self._create().user_id, self.rep_2)

    def test_leader_of_another_company_gets_nothing(self):
        self._capacity(self.rep, is_paused=True)
        shared = self.env["crm.team"].create(
            {"name": "Shared", "company_id": False, "user_id": self.manager_b.id}
        )
        self._to_user(self.rep, fallback="leader", team_id=shared.id)
        lead = self._create(company_id=self.company.id)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.company_id, self.company)


class TestCompanyOfARule(AssignmentCase):
    def test_follows_the_team(self):
        rule = self._new_assignment_rule(team_id=self.team_b.id)
        self.assertEqual(rule.company_id, self.company_b)
        rule.team_id = self.team
        self.assertEqual(rule.company_id, self.company)

    def test_follows_the_pool(self):
        pool = self._pool(team_id=self.team_b.id)
        self.assertEqual(self._to_pool(pool).company_id, self.company_b)

    def test_team_of_another_company_is_refused(self):
        rule = self._new_assignment_rule()
        with self.assertRaises(UserError):
            rule.company_id = self.company_b

    def test_may_be_of_all(self):
        rule = self._to_members(self.rep + self.rep_b)
        self.assertFalse(rule.company_id)
        for company, user in ((self.company, self.rep), (self.company_b, self.rep_b)):
            lead = self._create(
                user=self.env.user, company_id=company.id, team_id=False
            )
            self.assertEqual(lead.user_id, user)
            self.assertEqual(lead.company_id, company)

    def test_lead_of_no_company_is_for_every_rule(self):
        self._new_assignment_rule(team_id=self.team_b.id)
        lead = self._create(
            user=self.env.user, company_id=False, team_id=False, name="Free"
        )
        self.assertFalse(lead.company_id)
        self.assertFalse(lead.user_id)  # rules look for people of the own company

    def test_manager_of_another_company_changes_nothing(self):
        rule = self._new_assignment_rule()
        Rule = self.env["lead.assignment.rule"].with_user(self.manager_b)
        self.assertFalse(Rule.search([("id", "=", rule.id)]))


class TestTriggers(AssignmentCase):
    def _at_stage(self, stage_type, user, **values):
        return self._to_user(
            user,
            trigger="stage",
            trigger_stage_ids=[Command.set(self._stage(stage_type).ids)],
            **values,
        )

    def _move(self, lead, stage_type, user=None):
        lead.with_user(user or self.manager).stage_id = self._stage(stage_type)
        self.commit()

    def test_stage_rule_decides_at_its_stage(self):
        rule = self._at_stage("qualified", self.leader)
        lead = self._new_lead()
        self._move(lead, "contacted", self.rep)
        self.assertEqual(lead.user_id, self.rep)
        self._move(lead, "qualified", self.rep)
        self.assertEqual(lead.user_id, self.leader)
        log = self._log(lead)
        self.assertEqual((log.rule_id, log.trigger), (rule, "stage"))

    def test_stage_rule_leaves_new_leads_alone(self):
        self._at_stage("open", self.leader)
        lead = self._new_lead(stage_id=self._stage("open").id)
        self.commit()
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(lead.assignment_log_ids)

    def test_stage_rule_with_a_condition(self):
        self._at_stage(
            "qualified", self.leader, domain=[("expected_revenue", ">", 1000)]
        )
        lead = self._new_lead(expected_revenue=10)
        self._move(lead, "qualified")
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(lead.assignment_log_ids)

    def test_same_stage_again_is_no_entry(self):
        self._at_stage("qualified", self.leader)
        lead = self._new_lead(stage_id=self._stage("qualified").id)
        self._move(lead, "qualified")
        self.assertEqual(lead.user_id, self.rep)

    def test_capture_rules_do_not_decide_at_a_stage(self):
        self._at_stage("qualified", self.leader)
        self._to_user(self.rep_2, sequence=1)
        lead = self._new_lead()
        self._move(lead, "qualified")
        self.assertEqual(lead.user_id, self.leader)

    def test_owner_keeps_it_while_nobody_is_free(self):
        self._capacity(self.leader, is_paused=True)
        self._at_stage("qualified", self.leader)
        lead = self._new_lead()
        self._move(lead, "qualified")
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(lead.assignment_pending)
        self.assertEqual(self._log(lead).outcome, "no_candidate")

    def test_score_rule_decides_when_a_lead_turns_hot(self):
        self._new_score_rule([("phone", "!=", False)], 90)
        rule = self._to_user(self.leader, trigger="score", trigger_temperature="hot")
        lead = self._new_lead()
        self.commit()
        lead.with_user(self.rep).phone = "+33 1 23 45 67 89"
        self.commit()
        self.assertEqual(lead.score_temperature, "hot")
        self.assertEqual(lead.user_id, self.leader)
        self.assertEqual(self._log(lead).rule_id, rule)
        self.assertEqual(self._log(lead).trigger, "score")

    def test_score_rule_leaves_other_changes_alone(self):
        self._new_score_rule([("phone", "!=", False)], 90)
        self._to_user(self.leader, trigger="score", trigger_temperature="cold")
        lead = self._new_lead()
        self.commit()
        lead.phone = "+33 1 23 45 67 89"
        self.commit()
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(lead.assignment_log_ids)

    def test_triggers_need_to_say_when(self):
        with self.assertRaisesRegex(ValidationError, "Choose the stages"):
            self._to_user(self.rep, trigger="stage")
        with self.assertRaisesRegex(ValidationError, "Choose the new temperature"):
            self._to_user(self.rep, trigger="score")


class TestVersion(AssignmentCase):
    def test_counts_up_on_change(self):
        rule = self._new_assignment_rule().with_user(self.manager)
        self.assertEqual(rule.version, 1)
        for number, values in enumerate(
            (
                {"strategy": "load"},
                {"domain": "[('phone', '!=', False)]"},
                {"turn_ids": [Command.update(rule.turn_ids[0].id, {"weight": 4})]},
                {"active": False},
            )
        ):
            rule.write(values)
            self.assertEqual(rule.version, number + 2)

    def test_stays_when_the_rule_decides_the_same(self):
        rule = self._new_assignment_rule()
        rule.write({"name": "Other name", "credit_days": 3})
        self.assertEqual(rule.version, 1)

    def test_each_counts_for_itself(self):
        rules = self._new_assignment_rule() + self._new_assignment_rule()
        rules[0].strategy = "load"
        rules.working_hours = True
        self.assertEqual(rules.mapped("version"), [3, 2])

    def test_decisions_note_it(self):
        rule = self._new_assignment_rule()
        first = self._create()
        rule.strategy = "load"
        second = self._create()
        self.assertEqual(self._log(first).rule_version, 1)
        self.assertEqual(self._log(second).rule_version, 2)

    def test_turns_of_leads_are_no_change(self):
        rule = self._new_assignment_rule()
        self._create(3)
        self.assertEqual(rule.version, 1)


class TestCopy(AssignmentCase):
    def test_members_weights_and_conditions_without_the_turns(self):
        rule = self._to_members(self.rep + self.rep_2, strategy="weighted")
        turn = self._turn(rule, self.rep)
        turn.write({"weight": 3, "domain": "[('phone', '!=', False)]"})
        self._create(4)
        rule.strategy = "round_robin"
        copy = rule.with_user(self.manager).copy()
        self.assertEqual(copy.member_ids, self.rep + self.rep_2)
        self.assertEqual(
            [(t.user_id, t.weight, t.domain, t.turns, t.owed) for t in copy.turn_ids],
            [(self.rep, 3, turn.domain, 0, 0), (self.rep_2, 1, False, 0, 0)],
        )
        self.assertEqual(copy.version, 1)

    def test_of_a_stage_rule(self):
        rule = self._to_user(
            self.rep,
            trigger="stage",
            trigger_stage_ids=[Command.set(self._stage("qualified").ids)],
        )
        self.assertEqual(rule.copy().trigger_stage_ids, rule.trigger_stage_ids)


class TestConstraints(AssignmentCase):
    def test_each_target_says_what_it_needs(self):
        for target, message in (
            ("user", "Choose the salesperson"),
            ("team", "Choose the sales team"),
            ("members", "Choose the members"),
            ("pool", "Choose the pool"),
        ):
            with self.subTest(target), self.assertRaisesRegex(ValidationError, message):
                self._new_assignment_rule(target=target, team_id=False)

    def test_name_with_a_percent_sign(self):
        with self.assertRaisesRegex(ValidationError, "100 % East"):
            self._new_assignment_rule(name="100 % East", target="user")

    def test_taking_the_last_member_away(self):
        rule = self._to_members(self.rep)
        with self.assertRaises(ValidationError):
            rule.member_ids = False

    def test_wrong_conditions_are_refused(self):
        for domain in (
            "nonsense",
            "[('no_such_field', '=', 1)]",
            "[('create_date', '>', '+999999999d')]",
            "['&']",
        ):
            with (
                self.subTest(domain),
                self.assertRaises(ValidationError),
                mute_logger("odoo.sql_db"),
            ):
                self._new_assignment_rule().with_user(self.manager).domain = domain

    @mute_logger("odoo.sql_db")
    def test_credit_days_are_not_negative(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._new_assignment_rule(credit_days=-1)

    def test_salesperson_of_a_rule_is_not_deleted(self):
        user = self._new_user("lm_gone", "salesman")
        self._to_user(user)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            user.unlink()

    def test_portal_users_get_nothing(self):
        rule = self._to_members(self.rep + self.rep_2)
        self.rep_2.write(
            {"group_ids": [Command.set(self.env.ref("base.group_portal").ids)]}
        )
        self.assertEqual(self._create(2).user_id, self.rep)
        self.assertEqual(rule.member_ids, self.rep + self.rep_2)


class TestBrokenRules(AssignmentCase):
    """A rule that cannot be run stops neither the others nor the lead."""

    def _break(self, rule, domain):
        """Leave a condition as an uninstalled module would."""
        self.env.cr.execute(
            "UPDATE lead_assignment_rule SET domain = %s WHERE id = %s",
            [domain, rule.id],
        )
        rule.invalidate_recordset()
        self.env.registry.clear_cache()

    @mute_logger(MIXIN)
    def test_field_that_was_removed(self):
        broken = self._to_user(self.rep, sequence=1)
        self._to_user(self.rep_2, sequence=2)
        self._break(broken, "[('gone', '=', 1)]")
        self.assertEqual(self._create().user_id, self.rep_2)
        self.assertFalse(broken.active)
        self.assertIn("gone", broken.error)

    @mute_logger(MIXIN, "odoo.sql_db")
    def test_pattern_that_fails_on_some_leads_only(self):
        """A dangling escape is found out by the first name that gets so far."""
        self._leave_patterns_unchecked()
        broken = self._to_user(self.rep, [("name", "=like", "Zzz\\")], sequence=1)
        self._to_user(self.rep_2, sequence=2)
        self.assertEqual(self._create().user_id, self.rep_2)
        self.assertTrue(broken.active)
        self.assertEqual(self._create(name="Zzz top").user_id, self.rep_2)
        self.assertFalse(broken.active)
        self.assertIn("escape", broken.error)

    def test_pattern_that_would_fail_is_refused(self):
        rule = self._to_members(self.rep + self.rep_2)
        for records in (rule, self._turn(rule, self.rep)):
            for pattern in ("Zzz\\", "%\\\\\\"):
                with self.assertRaisesRegex(ValidationError, "escape"):
                    records.domain = str([("partner_id.name", "=ilike", pattern)])
            records.domain = str([("name", "=like", "Zzz\\\\")])

    @mute_logger(MIXIN, "odoo.sql_db")
    def test_pattern_of_a_member(self):
        self._leave_patterns_unchecked()
        rule = self._to_members(self.rep + self.rep_2)
        self._turn(rule, self.rep).domain = str([("name", "=like", "Zzz\\")])
        self.assertEqual(self._create(name="Zzz top").user_id, self.rep_2)

    @mute_logger(MIXIN)
    def test_removed_field_in_the_condition_of_a_member(self):
        rule = self._to_members(self.rep + self.rep_2)
        turn = self._turn(rule, self.rep)
        turn.flush_recordset()
        self.env.cr.execute(
            "UPDATE lead_assignment_turn SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", turn.id],
        )
        turn.invalidate_recordset()
        self.env.registry.clear_cache()
        self.assertEqual(self._create().user_id, self.rep_2)

    def _crash(self, *rules):
        """Let these rules fail in Python."""
        Rule = self.env.registry["lead.assignment.rule"]
        original = Rule._get_members

        def crash(rule):
            if rule in rules:
                raise RuntimeError("broken on purpose")
            return original(rule)

        return patch.object(Rule, "_get_members", crash)

    @mute_logger(PLAN)
    def test_crash_while_planning_goes_on_with_the_next_rule(self):
        broken = self._new_assignment_rule(sequence=1)
        self._to_user(self.rep_2, sequence=2)
        with self._crash(broken):
            leads = self._create(3)
        self.assertEqual(leads.user_id, self.rep_2)
        log = self._log(leads[0])
        self.assertEqual(log.candidates["passed"], [[broken.id, "failed"]])
        [passed] = log._get_story()["passed"]
        self.assertIn("failed", passed["reason"])

    @mute_logger(PLAN)
    def test_crash_without_another_rule_is_told(self):
        broken = self._new_assignment_rule()
        with self._crash(broken):
            lead = self._create()
        self.assertFalse(lead.user_id)
        self.assertEqual(self._log(lead).outcome, "failed")
        self.assertEqual(self._log(lead).rule_id, broken)
        self.assertIn("broken on purpose", lead.assignment_explanation)

    @mute_logger(PLAN)
    def test_what_failed_is_not_tried_again_and_again(self):
        broken = self._new_assignment_rule()
        with self._crash(broken):
            lead = self._create()
            self.assertFalse(lead.assignment_pending)
            self._run_cron("assign")
        self.assertEqual(len(lead.assignment_log_ids), 1)
        lead.with_user(self.manager).action_route()
        self.assertTrue(lead.user_id)

    def test_crash_is_logged_once_per_rule(self):
        broken = self._new_assignment_rule()
        with self._crash(broken), self.assertLogs(PLAN, "ERROR") as logs:
            self._create(5)
        self.assertEqual(len(logs.output), 1)
