from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestFront(LeadManagementCase):
    """What the first screen says: what next, what was last, what is due now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env["crm.lead"].with_user(cls.rep))
        cls.lead = cls._new_lead(
            name="Front", team_id=cls.team.id, stage_id=cls._stage("contacted").id
        )

    def _as_rep(self, lead=None):
        lead = (lead or self.lead).with_user(self.rep)
        lead.invalidate_recordset()
        return lead

    def _plan(self, days, summary, lead=None, **values):
        lead = lead or self.lead
        return lead.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=self.today + timedelta(days=days),
            summary=summary,
            user_id=values.pop("user_id", self.rep.id),
            **values,
        )

    def _touch(self, lead=None, **values):
        values = {"lead_id": (lead or self.lead).id, "channel": "call", **values}
        return self.env["lead.touch"].sudo()._record([values])

    # -- the next step --------------------------------------------------------

    def test_the_first_step_comes_first(self):
        self.assertFalse(self._as_rep().step_next)
        self._plan(4, "Later")
        first = self._plan(-2, "First", user_id=self.rep_2.id)
        step = self._as_rep().step_next
        self.assertEqual(step["id"], first.id)
        self.assertEqual(
            (step["summary"], step["days"], step["count"]), ("First", -2, 2)
        )
        self.assertEqual(step["deadline"], str(self.today - timedelta(days=2)))
        self.assertEqual(
            (step["user_id"], step["user"]), (self.rep_2.id, self.rep_2.name)
        )
        self.assertEqual((step["category"], step["time"]), ("phonecall", False))

    def test_a_step_that_is_done_is_none(self):
        self._plan(-2, "First").action_feedback()
        self.assertFalse(self._as_rep().step_next)

    def test_a_step_that_is_moved_says_so_at_once(self):
        activity = self._plan(-2, "First")
        self.assertEqual(self._as_rep().step_next["days"], -2)
        activity.date_deadline = self.today
        self.assertEqual(self.lead.with_user(self.rep).step_next["days"], 0)

    def test_a_meeting_has_its_time(self):
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        event = self.env["calendar.event"].create(
            {
                "name": "Demonstration",
                "start": start,
                "stop": start + timedelta(hours=1),
            }
        )
        self._plan(3, "Demonstration", calendar_event_id=event.id)
        self.assertEqual(
            self._as_rep().step_next["time"], fields.Datetime.to_string(start)
        )
        event.allday = True
        self.assertFalse(self._as_rep().step_next["time"])

    @freeze_time("2026-11-24 23:30:00")
    def test_days_are_those_of_the_reader(self):
        self._plan(0, "Call").date_deadline = "2026-11-25"
        for zone, days in (("UTC", 1), ("Asia/Tokyo", 0)):
            lead = self.lead.with_user(self.rep).with_context(tz=zone)
            lead.invalidate_recordset()
            self.assertEqual(lead.step_next["days"], days, zone)

    def test_a_new_lead_has_no_step(self):
        new = self.env["crm.lead"].with_user(self.rep).new({"name": "New"})
        self.assertFalse(new.step_next)
        self.assertFalse(new.touch_last)
        self.assertFalse(new.lead_now)

    # -- the last contact -----------------------------------------------------

    def test_the_last_contact_says_what_came_of_it(self):
        self.assertFalse(self._as_rep().touch_last)
        outcome = self.env["lead.touch.outcome"].search([("name", "=", "Reached")])
        now = fields.Datetime.now()
        self._touch(date=now - timedelta(days=2), is_attempt=True)
        self._touch(
            date=now - timedelta(days=1),
            outcome_id=outcome[:1].id,
            user_id=self.rep.id,
            duration=6,
            is_contact=True,
        )
        last = self._as_rep().touch_last
        self.assertEqual(last["outcome"], "Reached")
        self.assertEqual((last["channel"], last["minutes"]), ("call", 6))
        self.assertEqual(last["user"], self.rep.name)
        self.assertFalse(last["answered"])
        self.assertEqual(self.lead.touch_attempts, 0)

    def test_an_answer_waits_until_somebody_gets_in_touch(self):
        now = fields.Datetime.now()
        self._touch(
            date=now - timedelta(minutes=12),
            channel="email",
            direction="in",
            is_contact=True,
        )
        self.assertTrue(self._as_rep().touch_last["answered"])
        self._touch(date=now, user_id=self.rep.id, is_attempt=True)
        last = self._as_rep().touch_last
        self.assertFalse(last["answered"])
        self.assertEqual(last["attempts"], 1)

    def test_a_mere_enquiry_is_no_answer(self):
        self._touch(channel="email", direction="in")
        self.assertFalse(self._as_rep().touch_last["answered"])

    # -- what is due now ------------------------------------------------------

    def test_calling_is_what_is_due(self):
        self.assertEqual(self._as_rep().lead_now, "log")

    def test_what_nobody_has_is_taken(self):
        self.lead.user_id = False
        self.assertEqual(self._as_rep().lead_now, "take")

    def test_what_is_lost_is_restored(self):
        self.lead.stage_id = self._stage("unqualified")
        self.assertEqual(self._as_rep().lead_now, "restore")

    def test_who_is_inactive_is_reactivated(self):
        self.lead.stage_id = self._stage("inactive")
        self.assertEqual(self._as_rep().lead_now, "reactivate")

    def test_winning_comes_when_nothing_is_due_before(self):
        self.lead.stage_id = self._stage("negotiation")
        self.assertEqual(self._as_rep().lead_now, "win")
        step = self._plan(0, "Call")
        self.assertEqual(self._as_rep().lead_now, "log")
        step.date_deadline = self.today + timedelta(days=1)
        self.assertEqual(self._as_rep().lead_now, "win")
        self.lead.stage_id = self._stage("qualified")
        self.assertEqual(self._as_rep().lead_now, "log")

    # -- the chance in front --------------------------------------------------

    def test_one_chance_is_in_front(self):
        self.assertEqual(self._as_rep().score_in_front, "probability")
        settings = self.env["res.config.settings"].create({"score_in_front": "score"})
        settings.execute()
        self.assertEqual(self._as_rep().score_in_front, "score")
        parameter = "lead_management.score_in_front"
        self.env["ir.config_parameter"].set_param(parameter, "something else")
        self.assertEqual(self._as_rep().score_in_front, "probability")
