"""What a contact did waits in My Day until somebody of ours answers."""

from datetime import timedelta

from odoo import fields

from .my_day import NOW, TODAY, MyDayCase
from .undo import UndoCase

Answer = "lead.answer"


class TestAnswers(MyDayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.env["res.partner"].create(
            {"name": "Ann", "email": "ann@example.com"}
        )

    def _old(self, name="Acme", days=None, **values):
        """Create a lead that was there before what its contact does."""
        lead = self._lead(name, days, partner_id=self.ann.id, **values)
        before = fields.Datetime.subtract(fields.Datetime.now(), days=3)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [before, lead.id]
        )
        lead.invalidate_recordset(["create_date"])
        return lead

    def _write_in(self, lead, body="Thursday works.", kind="email"):
        return lead.message_post(
            body=body,
            message_type=kind,
            author_id=self.ann.id,
            email_from=self.ann.email,
            subtype_xmlid="mail.mt_comment",
        )

    def test_a_reply_is_the_first_thing_to_do(self):
        lead = self._old("Answered", -2)
        self._lead("Late", -3)
        self._write_in(lead)
        day = self._day()
        names = self._names(day)
        self.assertEqual(
            (names["answered"], names["overdue"]), (["Answered"], ["Late"])
        )
        self.assertEqual(day["groups"][0]["key"], "answered")
        answer = self._lines(day, "answered")[0]["answer"]
        self.assertEqual(answer["text"], "Thursday works.")
        self.assertEqual(answer["kind"], "email")
        self.assertEqual(answer["date"], NOW)

    def test_the_inquiry_itself_is_no_answer(self):
        lead = self._lead("New", stage_id=self._stage("open").id)
        self._write_in(lead)
        self.assertFalse(lead.answer_ids)

    def test_the_last_one_is_shown_and_the_freshest_lead_first(self):
        first, second = self._old("First"), self._old("Second")
        self._write_in(first, "One")
        self._write_in(second, "Two")
        later = fields.Datetime.add(fields.Datetime.now(), minutes=5)
        self.env[Answer]._record(first, "call", later)
        lines = self._lines(self._day(), "answered")
        self.assertEqual([line["name"] for line in lines], ["First", "Second"])
        self.assertEqual(lines[0]["answer"]["kind"], "call")
        self.assertEqual(lines[0]["answer"]["label"], "Missed call")

    def test_whoever_gets_in_touch_settles_it(self):
        for name, answer in (
            ("by a call", self._log_call),
            ("by a message", self._write_out),
            ("by putting it off", self._snooze),
        ):
            with self.subTest(name):
                lead = self._old(name)
                self._write_in(lead)
                self.assertTrue(lead.answer_ids)
                answer(lead.with_user(self.rep))
                self.env.invalidate_all()
                self.assertFalse(lead.answer_ids)

    def _log_call(self, lead):
        action = lead.action_log_call()
        log = self.env[action["res_model"]].with_user(self.rep).browse(action["res_id"])
        log.outcome_id = self.env.ref("lead_management.touch_outcome_reached")
        log.note = "Spoke"
        log.action_log()

    def _write_out(self, lead):
        lead.message_post(
            body="Fine",
            message_type="comment",
            partner_ids=self.ann.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def _snooze(self, lead):
        lead.action_day_snooze(fields.Date.to_string(TODAY + timedelta(days=1)))

    def test_what_comes_after_it_waits_again(self):
        lead = self._old()
        self._write_in(lead)
        self._write_out(lead.with_user(self.rep))
        later = fields.Datetime.add(fields.Datetime.now(), minutes=1)
        self.env[Answer]._record(lead, "email", later, text="And one thing")
        self.assertEqual(self._names(self._day())["answered"], ["Acme"])

    def test_closed_leads_answer_as_well(self):
        lead = self._old(stage_id=self._stage("customer").id)
        self._write_in(lead)
        self.assertEqual(self._names(self._day())["answered"], ["Acme"])

    def test_only_of_ones_own_leads(self):
        self._write_in(self._old("Of a colleague", user=self.rep_2))
        self.assertEqual(self._names(self._day())["answered"], [])
        day = self._day(self.leader, "team", self.team.id)
        self.assertEqual(self._names(day)["answered"], ["Of a colleague"])
        rows = self.env[Answer].with_user(self.rep).search([])
        self.assertFalse(rows.lead_id.filtered(lambda lead: lead.user_id == self.rep_2))

    def test_a_meeting_is_accepted_or_declined(self):
        lead = self._old()
        event = self.env["calendar.event"].create(
            {
                "name": "Demo",
                "start": "2026-03-12 14:30:00",
                "stop": "2026-03-12 15:00:00",
                "opportunity_id": lead.id,
                "user_id": self.rep.id,
                "partner_ids": (self.ann + self.rep.partner_id).ids,
            }
        )
        ours, theirs = (
            event.attendee_ids.filtered(lambda each, who=who: each.partner_id == who)
            for who in (self.rep.partner_id, self.ann)
        )
        ours.do_accept()
        self.assertFalse(lead.answer_ids, "a colleague is no contact")
        theirs.do_accept()
        theirs.do_accept()
        self.assertEqual(lead.answer_ids.mapped("kind"), ["meeting"])
        theirs.do_decline()
        self.assertEqual({*lead.answer_ids.mapped("kind")}, {"meeting", "declined"})
        self.assertEqual(lead.answer_ids[0]._get_text(), "Demo")

    def test_list_and_badge_say_the_same(self):
        self._write_in(self._old("Answered", -1))
        self._lead("Late", -1)
        self._lead("Later", 1)
        CrmLead = self.env["crm.lead"].with_user(self.rep)
        self.assertEqual(CrmLead.action_day_badge(), 2)
        for key, names in (("answered", ["Answered"]), ("overdue", ["Late"])):
            action = CrmLead.action_day_list(key)
            self.assertEqual(CrmLead.search(action["domain"]).mapped("name"), names)
        nobody = self.env["crm.lead"].with_user(self.env.ref("base.public_user"))
        self.assertFalse(nobody.action_day_badge())

    def test_how_far_the_day_is(self):
        lead, __ = self._old("Done", -1), self._lead("Late", -1)
        self.assertEqual(self._day()["done"], 0)
        self._log_call(lead.with_user(self.rep))
        self.assertEqual(self._day()["done"], 1)

    def test_a_leader_with_nothing_due_sees_the_teams(self):
        self._lead("Late", -1, self.rep)
        day = self._day(self.leader, "auto")
        self.assertEqual(day["scope"]["kind"], "teams")
        self.assertEqual(self._day(self.rep, "auto")["scope"]["kind"], "me")
        self._lead("Own", -1, self.leader)
        self.assertEqual(self._day(self.leader, "auto")["scope"]["kind"], "me")


class TestAnswersAreUndone(UndoCase):
    def test_what_was_settled_waits_again(self):
        self.env[Answer]._record(self.lead, "email", text="Yes")
        before = self._state()
        lead = self.lead.with_user(self.rep)
        tomorrow = fields.Date.to_string(fields.Date.add(fields.Date.today(), days=1))
        offer = lead.action_day_snooze(tomorrow, self.step.id, "15:00")
        self.assertFalse(self.lead.answer_ids)
        self.assertTrue(self.step.calendar_event_id)
        self.env["lead.undo"].with_user(self.rep).browse(offer["undo_id"]).action_undo()
        self._assert_undone(before)
