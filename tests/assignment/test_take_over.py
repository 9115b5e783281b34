"""Odoo's own assignment: never beside ours, and taken over with one click."""

from ast import literal_eval

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common import AssignmentCase

PARAMETER = "crm.lead.auto.assignment"


class TakeOverCase(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).active = False
        cls.env["crm.team"].search([]).assignment_optout = True
        cls.team.write(
            {
                "assignment_optout": False,
                "assignment_domain": "[('country_id', '!=', False)]",
                "use_leads": True,
            }
        )
        cls.cron = cls.env.ref("crm.ir_cron_crm_lead_assign")
        cls.cron.active = True
        cls.env["ir.config_parameter"].set_param(PARAMETER, True)
        cls.members = cls.team.crm_team_member_ids.sorted("user_id")
        cls.members.assignment_max = 30

    def _member(self, user):
        return self.members.filtered(lambda member: member.user_id == user)

    def _take_over(self, user=None):
        self.env["crm.team"].with_user(
            user or self.manager
        ).action_take_over_assignment()
        return self.env["lead.assignment.rule"].search([])

    def _capacity_of(self, user):
        return self.env["lead.assignment.capacity"].search([("user_id", "=", user.id)])


class TestNeverBoth(TakeOverCase):
    def _free(self, count=4):
        return self.env["crm.lead"].create(
            [
                {
                    "name": "New",
                    "type": "lead",
                    "user_id": False,
                    "team_id": False,
                    "country_id": self.env.ref("base.fr").id,
                    "probability": 50,
                }
            ]
            * count
        )

    def test_core_works_while_there_are_no_rules(self):
        leads = self._free()
        self.env["crm.team"]._cron_assign_leads(force_quota=True)
        self.assertEqual(leads.team_id, self.team)
        self.assertTrue(leads.user_id)

    def test_core_does_nothing_while_there_are_rules(self):
        leads = self._free()
        self._to_user(self.rep, [("name", "=", "Other")])
        self.assertTrue(self.env["crm.team"]._cron_assign_leads())
        self.assertFalse(leads.team_id + leads.user_id.sale_team_id)
        self.assertFalse(leads.user_id)

    def test_rules_for_stages_leave_core_alone(self):
        leads = self._free()
        self._to_user(
            self.rep,
            trigger="stage",
            trigger_stage_ids=[Command.set(self._stage("qualified").ids)],
        )
        self.env["crm.team"]._cron_assign_leads(force_quota=True)
        self.assertEqual(leads.team_id, self.team)

    def test_archived_rules_leave_core_alone(self):
        self._to_user(self.rep).active = False
        leads = self._free()
        self.env["crm.team"]._cron_assign_leads(force_quota=True)
        self.assertEqual(leads.team_id, self.team)

    def test_button_of_a_team_says_what_to_do(self):
        team = self.team.with_user(self.manager)
        self.assertTrue(team.action_assign_leads())
        self._new_assignment_rule()
        with self.assertRaisesRegex(UserError, "Assign Now"):
            team.action_assign_leads()

    def test_whether_it_is_on(self):
        Team = self.env["crm.team"].with_user(self.manager)
        for parameter, cron, expected in (
            (True, True, True),
            (True, False, True),
            (False, True, True),
            (False, False, False),
        ):
            self.env["ir.config_parameter"].set_param(PARAMETER, parameter)
            self.cron.active = cron
            self.assertEqual(Team._is_core_assignment_on(), expected)


class TestTakeOver(TakeOverCase):
    def test_is_switched_off(self):
        self._take_over()
        Parameter = self.env["ir.config_parameter"]
        self.assertFalse(Parameter.get_param(PARAMETER))
        self.assertFalse(self.cron.active)
        self.assertFalse(self.env["crm.team"]._is_core_assignment_on())

    def test_team_becomes_a_rule(self):
        self._member(self.rep).assignment_max = 60
        rule = self._take_over()
        self.assertEqual(rule.name, "Team A")
        self.assertEqual(rule.team_id, self.team)
        self.assertEqual(rule.company_id, self.company)
        self.assertEqual((rule.target, rule.strategy), ("members", "weighted"))
        self.assertEqual(rule.member_ids, self.team.member_ids)
        weights = {turn.user_id: turn.weight for turn in rule.turn_ids}
        self.assertEqual(weights, {self.rep: 60, self.rep_2: 30, self.rep_3: 30})

    def test_weights_count(self):
        self._member(self.rep).assignment_max = 60
        self._take_over()
        leads = self._create(8, country_id=self.env.ref("base.fr").id)
        owners = self._owners(leads)
        self.assertEqual(owners, {self.rep: 4, self.rep_2: 2, self.rep_3: 2})

    def test_condition_of_the_team(self):
        self._take_over()
        self.assertFalse(self._create().user_id)
        lead = self._create(country_id=self.env.ref("base.fr").id)
        self.assertEqual(lead.team_id, self.team)
        self.assertTrue(lead.user_id)

    def test_leads_that_have_the_team_need_not_meet_it(self):
        self._take_over()
        self.assertTrue(self._create(team_id=self.team.id).user_id)

    def test_capacity_of_a_month(self):
        self._take_over()
        capacity = self._capacity_of(self.rep)
        self.assertEqual(capacity.month_limit, 30)
        self.assertFalse(capacity.is_paused or capacity.company_id)

    def test_capacity_of_two_teams(self):
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        self.env["crm.team"].create(
            {
                "name": "Team C",
                "company_id": self.company.id,
                "assignment_optout": False,
                "crm_team_member_ids": [
                    Command.create({"user_id": self.rep.id, "assignment_max": 15})
                ],
            }
        )
        self.assertEqual(len(self._take_over()), 2)
        self.assertEqual(self._capacity_of(self.rep).month_limit, 45)

    def test_capacity_that_was_there(self):
        known = self._capacity(self.rep, open_limit=7, month_limit=5)
        archived = self._capacity(self.rep_2)
        archived.active = False
        self._take_over()
        self.assertEqual(self._capacity_of(self.rep), known)
        self.assertEqual((known.open_limit, known.month_limit), (7, 30))
        self.assertEqual(self._capacity_of(self.rep_2), archived)

    def test_member_who_skips_pauses(self):
        self._member(self.rep).assignment_optout = True
        rule = self._take_over()
        self.assertTrue(self._capacity_of(self.rep).is_paused)
        self.assertIn(self.rep, rule.member_ids)
        leads = self._create(4, team_id=self.team.id)
        self.assertEqual(leads.user_id, self.rep_2 + self.rep_3)

    def test_member_without_capacity_is_none(self):
        self._member(self.rep).assignment_max = 0
        rule = self._take_over()
        self.assertNotIn(self.rep, rule.member_ids)
        self.assertFalse(self._capacity_of(self.rep))

    def test_team_that_skips_is_left_out(self):
        self.team.assignment_optout = True
        self.assertFalse(self._take_over())

    def test_team_without_members_is_left_out(self):
        self.members.assignment_max = 0
        self.assertFalse(self._take_over())

    def test_conditions_of_members(self):
        self._member(self.rep).assignment_domain = "[('phone', '!=', False)]"
        rule = self._take_over()
        turn = self._turn(rule, self.rep)
        self.assertEqual(literal_eval(turn.domain), [("phone", "!=", False)])
        self.assertFalse(self._turn(rule, self.rep_2).domain)
        leads = self._create(4, team_id=self.team.id)
        self.assertNotIn(self.rep, leads.user_id)

    def test_what_members_prefer(self):
        member = self._member(self.rep)
        member.assignment_domain_preferred = "[('expected_revenue', '>', 1000)]"
        member.assignment_domain = "[('phone', '!=', False)]"
        preferred, rule = self._take_over().sorted("sequence")
        self.assertEqual(preferred.fallback, "overflow")
        self.assertEqual(preferred.member_ids, self.rep)
        self.assertEqual(rule.fallback, "hold")
        self.assertEqual(rule.member_ids, self.team.member_ids)
        values = {"team_id": self.team.id, "phone": "+33 1 23 45 67 89"}
        large = self._create(3, expected_revenue=5000, **values)
        self.assertEqual(large.user_id, self.rep)
        small = self._create(3, **values)
        self.assertEqual(set(self._owners(small).values()), {1})

    def test_goes_behind_the_rules_that_are_there(self):
        own = self._to_user(self.leader, sequence=50)
        rules = self._take_over() - own
        self.assertGreater(rules.sequence, 50)

    def test_every_company_the_manager_works_in(self):
        self.team_b.assignment_optout = False
        self.team_b.crm_team_member_ids.assignment_max = 30
        self.assertEqual(self._take_over().team_id, self.team)
        rules = self._take_over(self.manager_b)
        self.assertEqual(rules.team_id, self.team + self.team_b)

    def test_managers_only(self):
        for user in (self.rep, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._take_over(user)
        self.assertTrue(self.cron.active)

    def test_from_the_settings(self):
        self.manager.group_ids += self.env.ref("base.group_system")
        settings = self.env["res.config.settings"].with_user(self.manager).create({})
        self.assertTrue(settings.is_core_assignment_on)
        action = settings.action_take_over_assignment()
        self.assertEqual(action["res_model"], "lead.assignment.rule")
        self.assertFalse(
            self.env["res.config.settings"].create({}).is_core_assignment_on
        )
