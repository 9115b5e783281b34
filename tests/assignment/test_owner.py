"""Changes of the owner by people, and who counts as named by a person."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .common import AssignmentCase

REQUEST = (
    "odoo.addons.lead_management.models.assignment.routing.crm_lead_origin.request"
)
MAIL = """From: Ann <ann@customer.example>
To: {to}
Subject: I need a crane
Message-Id: <1@customer.example>
Content-Type: text/plain

How much is it?
"""


class TestHistory(AssignmentCase):
    def _give(self, lead, user, by):
        lead.with_user(by).user_id = user

    def test_change_by_hand_is_noted(self):
        lead = self._new_lead()
        self._give(lead, self.rep_2, self.manager)
        log = lead.assignment_log_ids
        self.assertEqual((log.trigger, log.outcome), ("hand", "assigned"))
        self.assertEqual(log.user_before_id, self.rep)
        self.assertEqual(log.user_id, self.rep_2)
        self.assertEqual(log.actor_id, self.manager)
        self.assertEqual(log.company_id, lead.company_id)
        self.assertFalse(log.rule_id)
        self.assertIn(f"{self.manager.name} assigned the lead to", log.explanation)

    def test_score_is_that_of_the_commit(self):
        """Nobody who changes an owner waits for scores to be worked out."""
        self._new_score_rule([("phone", "!=", False)], 40)
        lead = self._new_lead(phone="+1 212 555 0100")
        self._give(lead, self.rep_2, self.manager)
        self.commit()
        self.assertEqual(lead.score_total, 40)
        self.assertEqual(lead.assignment_log_ids.score, 40)

    def test_time_waited_is_that_without_an_owner(self):
        lead = self._new_lead(user_id=False)
        start = lead.create_date
        for minutes, user, waited in (
            (90, self.rep, 90),  # since it came in
            (100, self.rep_2, 0),  # from one to another
            (110, False, 0),
            (140, self.rep, 30),  # since it was taken away
        ):
            with freeze_time(start + timedelta(minutes=minutes)):
                self._give(lead, user, self.manager)
                self.commit()
            self.assertAlmostEqual(self._log(lead).waited, waited, delta=1)

    def test_changes_of_many_owners_take_few_statements(self):
        """Each change is noted; what follows from all is done once, at the commit."""
        leads = self.env["crm.lead"].concat(*(self._new_lead() for __ in range(12)))
        self.commit()
        counts = []
        for some in (leads[:2], leads[2:]):
            before = self.env.cr.sql_log_count
            for lead in some.with_user(self.manager):
                lead.with_context(tracking_disable=True).user_id = self.rep_2
            self.commit()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual((counts[1] - counts[0]) / 8, 6)

    def test_taking_away_is_noted(self):
        lead = self._new_lead()
        self._give(lead, False, self.leader)
        log = lead.assignment_log_ids
        self.assertEqual((log.trigger, log.outcome), ("hand", "released"))
        self.assertEqual(log.user_before_id, self.rep)
        self.assertFalse(log.user_id)
        self.assertIn("withdrawn manually", log.explanation)

    def test_same_owner_again_is_no_change(self):
        lead = self._new_lead()
        self._give(lead, self.rep_2, self.manager)
        since = lead.assignment_date
        with freeze_time(since + timedelta(hours=5)):
            lead.with_user(self.manager).write({"user_id": self.rep_2.id, "color": 3})
        self.assertEqual(len(lead.assignment_log_ids), 1)
        self.assertEqual(lead.assignment_date, since)
        self.assertEqual(lead.color, 3)

    def test_some_of_a_batch(self):
        leads = self._new_lead() + self._new_lead(user_id=self.rep_2.id)
        self._give(leads, self.rep_2, self.manager)
        self.assertEqual(leads.assignment_log_ids.lead_id, leads[0])

    def test_other_fields_note_nothing(self):
        lead = self._new_lead()
        lead.with_user(self.rep).write({"name": "Other", "expected_revenue": 5})
        self.assertFalse(lead.assignment_log_ids)

    def test_since_when_the_owner_has_it(self):
        lead = self._new_lead(user_id=False)
        self._give(lead, self.rep, self.rep)
        self.assertTrue(lead.assignment_date)
        self._give(lead, False, self.rep)
        self.assertFalse(lead.assignment_date)

    def test_rep_hands_his_lead_over_and_loses_it(self):
        lead = self._new_lead()
        self.env.flush_all()
        self.env.invalidate_all()
        self._give(lead, self.rep_2, self.rep)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertEqual(self._log(lead).actor_id, self.rep)
        with self.assertRaises(AccessError):
            lead.with_user(self.rep).read(["name"])

    def test_rep_reads_the_history_of_his_leads_only(self):
        lead = self._new_lead()
        self._give(lead, self.rep_2, self.rep)
        Log = self.env["lead.assignment.log"]
        domain = [("lead_id", "=", lead.id)]
        self.assertTrue(Log.with_user(self.rep_2).search(domain))
        self.assertTrue(Log.with_user(self.leader).search(domain))
        self.assertFalse(Log.with_user(self.rep).search(domain))
        self.assertFalse(Log.with_user(self.manager_b).search(domain))

    def test_story_names_colleagues(self):
        lead = self._new_lead()
        self._give(lead, self.rep_2, self.manager)
        [story] = lead.with_user(self.rep_2).assignment_story
        self.assertIn(self.rep_2.name, story["text"])
        self.assertEqual(story["outcome"], "assigned")

    def test_a_new_lead_has_no_history(self):
        self.assertFalse(self._new_lead().assignment_log_ids)

    def test_deleted_colleague_leaves_the_history(self):
        user = self._new_user("lm_gone", "salesman")
        lead = self._new_lead()
        self._give(lead, user, self.manager)
        self._give(lead, self.rep_2, self.manager)
        user.unlink()
        self.assertEqual(len(lead.assignment_log_ids), 2)
        self.assertTrue(all(lead.assignment_log_ids.mapped("explanation")))


class TestUnassigning(AssignmentCase):
    """Odoo leaves a lead without owner in a shared team to all companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls.env["crm.team"].create({"name": "Shared", "company_id": False})
        cls.lead = cls._new_lead(team_id=cls.shared.id, company_id=cls.company.id)

    def _is_seen_by(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        Lead = self.env["crm.lead"].with_user(user)
        return bool(Lead.search([("id", "=", self.lead.id)]))

    def test_company_stays(self):
        self.lead.with_user(self.manager).user_id = False
        self.assertFalse(self.lead.user_id)
        self.assertEqual(self.lead.company_id, self.company)
        self.assertTrue(self._is_seen_by(self.rep_2))
        self.assertFalse(self._is_seen_by(self.rep_b))

    def test_company_stays_on_release(self):
        self.lead.with_user(self.rep).action_release("No time")
        self.assertEqual(self.lead.company_id, self.company)
        self.assertFalse(self._is_seen_by(self.rep_b))

    def test_company_stays_while_nobody_is_free(self):
        self._capacity(self.rep_2, is_paused=True)
        self._to_user(self.rep_2, team_id=self.shared.id)
        self.lead.with_user(self.rep).action_release("No time")
        self.commit()
        self.assertTrue(self.lead.assignment_pending)
        self.assertEqual(self.lead.company_id, self.company)

    def test_of_several_companies(self):
        other = self._new_lead(
            user_id=self.rep_b.id, team_id=self.shared.id, company_id=self.company_b.id
        )
        leads = self.lead + other
        leads.user_id = False
        self.assertEqual(leads.mapped("company_id"), self.company + self.company_b)

    def test_a_company_that_is_named_counts(self):
        self.lead.write({"user_id": False, "company_id": self.company_b.id})
        self.assertEqual(self.lead.company_id, self.company_b)


class TestCredit(AssignmentCase):
    """A lead that was not worth it gives its turn back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._to_members(cls.rep + cls.rep_2)

    def _spend(self):
        """Give one lead away; return it, and who has had a turn less."""
        lead = self._create()
        other = (self.rep + self.rep_2) - lead.user_id
        return lead, other

    def _assert_returned(self, lead, user):
        """The next lead goes to him who had the bad one."""
        self.assertEqual(lead.assignment_log_ids[-1].turn_state, "returning")
        self.assertEqual(self._create().user_id, user)
        self.assertEqual(lead.assignment_log_ids[-1].turn_state, "returned")
        self.assertAlmostEqual(sum(self.rule.turn_ids.mapped("owed")), 0)

    def _assert_kept(self, lead, other):
        self.assertFalse(lead.assignment_log_ids[-1].turn_state)
        self.assertEqual(self._create().user_id, other)

    def _lose(self, lead, reason):
        lost = self.env["crm.lead.lost"].with_user(lead.user_id)
        lost.create(
            {"lead_ids": [Command.set(lead.ids)], "lost_reason_id": reason.id}
        ).action_lost_reason_apply()

    def test_unqualified(self):
        lead, __ = self._spend()
        user = lead.user_id
        lead.with_user(user).stage_id = self._stage("unqualified")
        self._assert_returned(lead, user)

    def test_lost_as_spam(self):
        for reason in ("spam", "duplicate", "no_match"):
            with self.subTest(reason):
                lead, __ = self._spend()
                user = lead.user_id
                self._lose(lead, self.env.ref(f"lead_management.lost_reason_{reason}"))
                self._assert_returned(lead, user)
                self._create()

    def test_lost_for_another_reason(self):
        lead, other = self._spend()
        self._lose(lead, self.env["crm.lost.reason"].create({"name": "Too expensive"}))
        self._assert_kept(lead, other)

    def test_lost_without_a_reason(self):
        lead, other = self._spend()
        lead.with_user(lead.user_id).action_set_lost()
        self._assert_kept(lead, other)

    def test_won(self):
        lead, other = self._spend()
        lead.with_user(lead.user_id).action_set_won()
        self._assert_kept(lead, other)

    def test_reason_named_later(self):
        lead, __ = self._spend()
        user = lead.user_id
        lead.action_set_lost()
        lead.lost_reason_id = self.env.ref("lead_management.lost_reason_spam")
        self._assert_returned(lead, user)

    def test_not_after_the_days_of_the_rule(self):
        lead, other = self._spend()
        with freeze_time(fields.Datetime.now() + timedelta(days=7, minutes=5)):
            lead.stage_id = self._stage("unqualified")
        self._assert_kept(lead, other)

    def test_within_the_days_of_the_rule(self):
        self.rule.credit_days = 30
        lead, __ = self._spend()
        user = lead.user_id
        with freeze_time(fields.Datetime.now() + timedelta(days=29)):
            lead.stage_id = self._stage("unqualified")
        self._assert_returned(lead, user)

    def test_never(self):
        self.rule.credit_days = 0
        lead, other = self._spend()
        lead.stage_id = self._stage("unqualified")
        self._assert_kept(lead, other)

    def test_once(self):
        lead, other = self._spend()
        user = lead.user_id
        for __ in range(2):
            lead.stage_id = self._stage("unqualified")
            lead.stage_id = self._stage("contacted")
        self._assert_returned(lead, user)
        lead.stage_id = self._stage("unqualified")
        self.assertEqual(lead.assignment_log_ids.turn_state, "returned")
        self.assertEqual(self._create().user_id, other)

    def test_duplicate_that_was_merged(self):
        lead, __ = self._spend()
        user = lead.user_id
        known = self._new_lead(
            user_id=self.rep_3.id, stage_id=self._stage("negotiation").id
        )
        known.probability = 80
        merged = (lead + known).merge_opportunity()
        self.assertEqual(merged, known)
        self._assert_returned(merged, user)

    def test_given_by_hand_returns_nothing(self):
        lead = self._new_lead(user_id=False)
        lead.with_user(self.manager).user_id = self.rep
        lead.stage_id = self._stage("unqualified")
        self.assertFalse(lead.assignment_log_ids.turn_state)

    def test_each_rule_returns_its_own(self):
        other_rule = self._to_members(self.rep + self.rep_2, sequence=99)
        lead, __ = self._spend()
        lead.stage_id = self._stage("unqualified")
        self.rule.active = False
        first = self._create().user_id
        self.assertEqual(first, self.rep)
        self.assertFalse(
            other_rule.turn_ids.filtered("position") - self._turn(other_rule, first)
        )

    def test_leader_who_stood_in_is_owed_nothing(self):
        self.rule.write({"fallback": "leader", "team_id": self.team.id})
        pauses = [self._capacity(u, is_paused=True) for u in self.rep + self.rep_2]
        lead = self._create()
        self.assertEqual(lead.user_id, self.leader)
        lead.stage_id = self._stage("unqualified")
        for pause in pauses:
            pause.is_paused = False
        leads = self._create(4)
        self.assertEqual(set(self._owners(leads).values()), {2})


class TestRelease(AssignmentCase):
    def _release(self, lead, reason="No time", user=None):
        lead.with_user(user or lead.user_id).action_release(reason)
        self.commit()

    def test_rules_give_it_to_others(self):
        """Never to somebody who had it, not even after others had it, too."""
        self._new_assignment_rule()
        lead = self._create()
        had = lead.user_id
        for __ in range(2):
            self._release(lead)
            self.assertTrue(lead.user_id)
            self.assertNotIn(lead.user_id, had)
            had += lead.user_id
        self._release(lead)
        self.assertFalse(lead.user_id)
        self.assertEqual(set(self._reasons(lead).values()), {"had"})
        self.assertIn("released or withdrawn before", self._log(lead).explanation)

    def test_not_even_the_cron_gives_it_back(self):
        self._to_members(self.rep + self.rep_2)
        pause = self._capacity(self.rep_2, is_paused=True)
        lead = self._create()
        self.assertEqual(lead.user_id, self.rep)
        self._release(lead)
        self.assertTrue(lead.assignment_pending)
        self._run_cron("assign")
        self.assertFalse(lead.user_id)
        pause.is_paused = False
        self._run_cron("assign")
        self.assertEqual(lead.user_id, self.rep_2)

    def test_manager_may_give_it_back_to_him(self):
        self._to_user(self.rep)
        lead = self._create()
        self._release(lead)
        lead.with_user(self.manager).action_route()
        self.assertEqual(lead.user_id, self.rep)

    def test_history(self):
        self._new_assignment_rule()
        lead = self._create()
        user = lead.user_id
        self._release(lead, " I know nothing of cranes ")
        again, released, first = self._logs(lead)
        self.assertEqual((released.outcome, released.trigger), ("released", "release"))
        self.assertEqual(released.user_before_id, user)
        self.assertEqual(released.actor_id, user)
        self.assertEqual(released.detail, "I know nothing of cranes")
        self.assertIn("I know nothing of cranes", released.explanation)
        self.assertEqual((again.trigger, again.outcome), ("release", "assigned"))
        self.assertEqual(first.user_id, user)

    def test_it_is_tracked(self):
        self._to_user(self.rep)
        lead = self._create()
        before = lead.message_ids
        self._release(lead)
        values = (lead.message_ids - before).sudo().tracking_value_ids
        self.assertEqual(values.field_id.mapped("name"), ["user_id"])
        self.assertEqual(values.old_value_char, self.rep.name)

    def test_without_rules_it_is_free(self):
        lead = self._new_lead()
        self._release(lead)
        self.assertFalse(lead.user_id)
        self.assertFalse(lead.assignment_pending)
        self.assertTrue(lead.with_user(self.rep_2).name)

    def test_somebody_elses(self):
        lead = self._new_lead()
        for user in (self.rep_2, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._release(lead, user=user)
        self.assertEqual(lead.user_id, self.rep)
        self._release(lead, user=self.manager)
        self.assertFalse(lead.user_id)

    def test_one_of_several_is_somebody_elses(self):
        leads = self._new_lead(user_id=self.leader.id) + self._new_lead()
        with self.assertRaises(AccessError):
            self._release(leads, user=self.leader)
        self.assertTrue(all(lead.user_id for lead in leads))

    def test_several(self):
        self._to_user(self.rep_2)
        leads = self._new_lead() + self._new_lead()
        self._release(leads)
        self.assertEqual(leads.user_id, self.rep_2)

    def test_nobody_has_it(self):
        lead = self._new_lead(user_id=False)
        self._release(lead, user=self.rep)
        self.assertFalse(lead.assignment_log_ids)

    def test_needs_a_reason(self):
        lead = self._new_lead()
        for reason in ("", "   ", None, False, 5, ["x"]):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                self._release(lead, reason)
        self.assertEqual(lead.user_id, self.rep)

    def test_long_reason_is_cut(self):
        lead = self._new_lead()
        self._release(lead, "x" * 5000)
        self.assertEqual(len(lead.assignment_log_ids.detail), 500)

    def test_closed_lead_stays(self):
        """Its result is his; there is nothing left for others to do."""
        self._to_user(self.rep_2)
        for close in ("action_set_won", "action_set_lost"):
            lead = self._new_lead()
            getattr(lead, close)()
            with self.subTest(close), self.assertRaises(UserError):
                self._release(lead)
            self.assertEqual(lead.user_id, self.rep)

    def test_by_the_dialog(self):
        self._to_user(self.rep_2)
        lead = self._new_lead()
        action = lead.with_user(self.rep).action_release_dialog()
        form = Form(
            self.env["lead.release"]
            .with_user(self.rep)
            .with_context(**action["context"])
        )
        with self.assertRaises(AssertionError):
            form.save()  # the reason is required
        form.reason = "Too far away"
        result = form.save().action_release()
        self.commit()
        self.assertEqual(result["target"], "main")
        self.assertEqual(lead.user_id, self.rep_2)

    def test_dialog_about_somebody_elses_lead(self):
        lead = self._new_lead()
        Dialog = self.env["lead.release"].with_user(self.rep_2)
        with self.assertRaises(AccessError):
            Dialog.create({"lead_ids": [Command.set(lead.ids)], "reason": "x"})

    def test_other_company(self):
        with self.assertRaises(AccessError):
            self._release(self._new_lead(), user=self.manager_b)


class TestNamedOwner(AssignmentCase):
    """Rules decide unless a person chose the owner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.rule = cls._to_user(cls.rep_2)

    def _new(self, user, context=None, **values):
        lead = (
            self.env["crm.lead"]
            .with_user(user)
            .sudo()
            .with_context(**context or {})
            .create({"name": "New", **values})
        )
        self.commit()
        return lead

    def _requested_by(self, user):
        return patch(REQUEST, SimpleNamespace(env=self.env(user=user)))

    def test_api_names_an_owner(self):
        for user, owner in ((self.manager, self.rep_3), (self.rep, self.rep)):
            lead = (
                self.env["crm.lead"]
                .with_user(user)
                .create({"name": "New", "user_id": owner.id})
            )
            self.commit()
            self.assertEqual(lead.user_id, owner)
            self.assertFalse(lead.assignment_pending)

    def test_visitor_names_nobody(self):
        """A form posts the default owner, or what a visitor made of it."""
        lead = self._new(self.public, user_id=self.rep.id)
        self.assertEqual(lead.user_id, self.rep_2)

    def test_portal_user_names_nobody(self):
        portal = new_test_user(self.env, "lm_portal", groups="base.group_portal")
        self.assertEqual(self._new(portal, user_id=self.rep.id).user_id, self.rep_2)

    def test_code_that_runs_for_a_visitor(self):
        """Surveys, chats and forms create as superuser, within a visitor's request."""
        root = self.env.ref("base.user_root")
        with self._requested_by(self.public):
            lead = self._new(root, user_id=self.rep.id)
        self.assertEqual(lead.user_id, self.rep_2)

    def test_default_owner_of_a_visitor(self):
        lead = self._new(self.public, {"default_user_id": self.rep.id})
        self.assertEqual(lead.user_id, self.rep_2)

    def test_code_that_runs_for_a_colleague(self):
        root = self.env.ref("base.user_root")
        with self._requested_by(self.rep):
            lead = self._new(root, user_id=self.rep.id)
        self.assertEqual(lead.user_id, self.rep)

    def test_default_owner_gives_his_company(self):
        """Of a website, say, that belongs to another company."""
        self.rule.active = False
        self._to_user(self.rep_b, team_id=self.team_b.id)
        lead = self._new(self.public, user_id=self.rep_b.id)
        self.assertEqual(lead.company_id, self.company_b)
        self.assertEqual(lead.user_id, self.rep_b)

    def test_without_rules_a_visitor_gets_the_default_owner(self):
        self.rule.active = False
        lead = self._new(self.public, user_id=self.rep.id)
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(lead.assignment_log_ids)

    def test_copy_keeps_the_owner(self):
        lead = self._new_lead()
        copy = lead.with_user(self.rep).copy()
        self.commit()
        self.assertEqual(copy.user_id, self.rep)
        self.assertFalse(copy.assignment_log_ids)

    def test_import(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(
                ["name", "user_id/.id"],
                [["Routed", ""], ["Chosen", str(self.rep_3.id)]],
            )
        )
        self.commit()
        self.assertFalse(result["messages"])
        owners = self.env["crm.lead"].browse(result["ids"]).mapped("user_id")
        self.assertEqual(owners, self.rep_2 + self.rep_3)

    def test_import_without_a_column_for_the_owner(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(["name"], [["One"], ["Two"]])
        )
        self.commit()
        leads = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(leads.user_id, self.rep_2)
        self.assertEqual(leads.company_id, self.company)

    # ------------------------------------------------------------
    # E-mail
    # ------------------------------------------------------------

    def _receive(self):
        domain = self.env["mail.alias.domain"].search([], limit=1) or self.env[
            "mail.alias.domain"
        ].create({"name": "mail.example"})
        self.team.write({"alias_name": "cranes", "alias_domain_id": domain.id})
        text = MAIL.format(to=f"cranes@{domain.name}")
        lead_id = self.env["mail.thread"].message_process(None, text)
        self.commit()
        return self.env["crm.lead"].browse(lead_id)

    def test_mail_to_a_team_is_routed(self):
        lead = self._receive()
        self.assertEqual(lead.name, "I need a crane")
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertEqual(lead.team_id, self.team)
        logs = lead.assignment_log_ids
        self.assertEqual(logs.mapped("trigger"), ["capture"])

    def test_mail_goes_to_nobody_but_by_rules(self):
        """Not even to the leader of the team that has the address."""
        self._capacity(self.rep_2, is_paused=True)
        lead = self._receive()
        self.assertFalse(lead.user_id)
        self.assertTrue(lead.assignment_pending)

    def test_without_rules_mail_goes_to_the_leader(self):
        self.rule.active = False
        self.assertEqual(self._receive().user_id, self.leader)

    def test_mail_to_a_team_of_all_companies(self):
        """Who had the customer before is found, although the lead has no company."""
        self.rule.active = False
        partner = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@customer.example"}
        )
        self._new_lead(user_id=self.rep_3.id, partner_id=partner.id)
        self.team.company_id = False
        self._new_assignment_rule(target="previous")
        self.assertEqual(self._receive().user_id, self.rep_3)


class TestRouteNow(AssignmentCase):
    now = datetime(2026, 11, 23, 10)

    def test_same_owner_again_is_no_news(self):
        self._to_user(self.rep)
        lead = self._new_lead()
        self.commit()
        messages = lead.message_ids
        lead.with_user(self.manager).action_route()
        self.commit()
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(lead.message_ids, messages)

    def test_waiting_time_since_it_was_given_back(self):
        self._to_user(self.rep_2)
        pause = self._capacity(self.rep_2, is_paused=True)
        lead = self._new_lead()
        with freeze_time(datetime(2026, 11, 25, 10)):
            lead.with_user(self.rep).action_release("No time")
            self.commit()
            pause.is_paused = False
        with freeze_time(datetime(2026, 11, 25, 10, 30)):
            self._run_cron("assign")
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertAlmostEqual(self._log(lead).waited, 30, delta=0.1)

    def test_many_of_them(self):
        self._new_assignment_rule()
        leads = self._new_lead(user_id=self.manager.id).browse()
        for __ in range(3):
            leads += self._new_lead(user_id=self.manager.id)
        action = leads.with_user(self.manager).action_route()
        self.assertEqual(action["params"]["message"], "Leads assigned: 3 of 3.")
