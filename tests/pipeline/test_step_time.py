"""A next step at a time of day stands in the calendar, and reminds."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.lead_management.tests.common import LeadManagementCase

from .undo import UndoCase


def tomorrow():
    return fields.Date.add(fields.Date.today(), days=1)


class TestStepTime(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.tz = "Europe/Brussels"
        cls.lead = cls._new_lead(
            name="Acme",
            contact_name="Ann",
            user_id=cls.rep.id,
            team_id=cls.team.id,
            stage_id=cls._stage("contacted").id,
            phone="+1 312 555 0109",
        )

    def _log(self, user=None, **values):
        lead = self.lead.with_user(user or self.rep).with_context(tz=self.rep.tz)
        action = lead.action_log_call()
        log = lead.env[action["res_model"]].browse(action["res_id"])
        log.write(
            {
                "outcome_id": self.env.ref(
                    "lead_management.touch_outcome_call_back"
                ).id,
                "note": "At three",
            }
        )
        log.write(values)
        return log

    def _step(self):
        return self.lead.activity_ids[:1]

    def test_odoos_dialog_plans_a_time_as_well(self):
        def schedule(text, lead=self.lead):
            dialog = self.env["mail.activity.schedule"].with_user(self.rep)
            dialog.with_context(tz=self.rep.tz).create(
                {
                    "res_model": lead._name,
                    "res_ids": str(lead.ids),
                    "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                    "date_deadline": tomorrow(),
                    "activity_user_id": self.rep.id,
                    "lead_time": text,
                }
            ).action_schedule_activities()

        schedule("3 pm")
        event = self._step().calendar_event_id
        self.assertEqual(event.user_id, self.rep)
        self.assertEqual(self._step().with_context(tz=self.rep.tz).lead_time, "15:00")
        with self.assertRaises(UserError):
            schedule("soon")
        schedule(False)
        self.assertEqual(len(self.lead.activity_ids.calendar_event_id), 1)

    def test_call_me_at_three(self):
        call = self.env.ref("mail.mail_activity_data_call")
        log = self._log(next_time="15:00", activity_type_id=call.id)
        self.assertIn("at 3:00\u202fPM", log.preview["step"])
        messages = self.env["mail.mail"].sudo().search_count([])
        log.action_log()
        step = self._step()
        event = step.calendar_event_id
        local = fields.Datetime.context_timestamp(log, event.start)
        self.assertEqual((local.hour, local.minute), (15, 0))
        self.assertEqual(local.date(), step.date_deadline)
        self.assertEqual(event.user_id, self.rep)
        self.assertEqual(event.partner_ids, self.rep.partner_id, "nobody is invited")
        self.assertTrue(event.alarm_ids, "it reminds")
        self.assertFalse(event.opportunity_id, "a call is no meeting")
        self.assertIn("Ann", event.name)
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), messages)
        line = self._line()
        self.assertEqual(
            line["activity"]["time"], fields.Datetime.to_string(event.start)
        )

    def _line(self):
        """Return the line of the day on which the step is due."""
        with freeze_time(f"{self._step().date_deadline} 09:00:00"):
            day = self.env["crm.lead"].with_user(self.rep).action_my_day()
        return next(
            line
            for group in day["groups"]
            for line in group["lines"]
            if line["id"] == self.lead.id
        )

    def test_what_is_no_time(self):
        call = self.env.ref("mail.mail_activity_data_call")
        for text in ("soon", "25:00", "13 pm"):
            with self.subTest(text=text), self.assertRaises(UserError):
                self._log(next_time=text, activity_type_id=call.id).action_log()

    def test_the_time_must_be_to_come(self):
        call = self.env.ref("mail.mail_activity_data_call")
        log = self._log(activity_type_id=call.id)
        log.write({"next_date": fields.Date.context_today(log), "next_time": "00:00"})
        with self.assertRaises(UserError):
            log.action_log()

    def test_a_meeting_stands_in_the_calendar(self):
        meeting = self.env.ref("mail.mail_activity_data_meeting")
        self._log(next_time="10:00", activity_type_id=meeting.id).action_log()
        event = self._step().calendar_event_id
        self.assertEqual(event.opportunity_id, self.lead)
        self.assertEqual(event.stop - event.start, timedelta(hours=1))

    def test_a_meeting_without_a_time_takes_the_day(self):
        meeting = self.env.ref("mail.mail_activity_data_meeting")
        self._log(activity_type_id=meeting.id, next_time=False).action_log()
        self.assertTrue(self._step().calendar_event_id.allday)

    def test_what_is_done_reminds_no_more(self):
        call = self.env.ref("mail.mail_activity_data_call")
        for end in ("action_archive", "unlink"):
            with self.subTest(end):
                self._log(next_time="15:00", activity_type_id=call.id).action_log()
                event = self._step().calendar_event_id
                getattr(self._step().with_user(self.rep), end)()
                self.assertFalse(event.active)

    def test_put_off_it_keeps_its_time(self):
        call = self.env.ref("mail.mail_activity_data_call")
        self._log(next_time="15:00", activity_type_id=call.id).action_log()
        event = self._step().calendar_event_id
        day = self._step().date_deadline + timedelta(days=7)
        lead = self.lead.with_user(self.rep).with_context(tz=self.rep.tz)
        lead.action_day_snooze(fields.Date.to_string(day), self._step().id)
        local = fields.Datetime.context_timestamp(lead, event.start)
        self.assertEqual((local.date(), local.hour), (day, 15))
        lead.action_day_snooze(fields.Date.to_string(day), self._step().id, "9:30")
        self.assertEqual(self._step().with_context(tz=self.rep.tz).lead_time, "09:30")

    def test_what_time_it_is_there(self):
        lead = self.lead.with_user(self.rep).with_context(tz=self.rep.tz)
        self.assertEqual(lead._get_lead_zones(), {self.lead.id: "America/Chicago"})
        log = self._log()
        self.assertIn("there", log.time_there)
        self.lead.phone = "+32 470 12 34 56"
        log.invalidate_recordset()
        self.assertFalse(log.time_there, "nothing to say where it is the same")


class TestStepTimeIsUndone(UndoCase):
    def test_planned_done_and_moved(self):
        """Whatever became of an entry of the calendar is as it was."""
        self.step.with_user(self.rep).lead_time = "23:00"
        self.step.date_deadline = tomorrow()
        self.env.flush_all()
        before = self._state()
        lead = self.lead.with_user(self.rep)
        log = self.env["lead.touch.log"].browse(lead.action_log_call()["res_id"])
        log = log.with_user(self.rep)
        log.outcome_id = self.env.ref("lead_management.touch_outcome_call_back")
        log.write({"note": "Later", "next_time": "15:00"})
        action = log.action_log_next()
        self.assertTrue(action["params"]["is_next"])
        self.assertNotEqual(self._state()["calendar_event"], before["calendar_event"])
        self._undo(action)
        self._assert_undone(before)

    def test_a_move_in_a_view_is_kept_until_it_is_asked_for(self):
        before = self._state()
        lead = self.lead.with_user(self.rep)
        lead.web_save({"stage_id": self._stage("negotiation").id}, {"stage_id": {}})
        self.env.cr.flush()
        Undo = self.env["lead.undo"]
        self.assertFalse(Undo.with_user(self.rep_2).action_take_last())
        found = Undo.with_user(self.rep).action_take_last()
        self.assertFalse(Undo.with_user(self.rep).action_take_last(), "asked for once")
        self.assertIn("Negotiation", found["message"])
        Undo.with_user(self.rep).browse(found["undo_id"]).action_undo()
        self._assert_undone(before)

    def test_a_selection_is_one_thing(self):
        leads = self.lead + self.lead.copy({"user_id": self.rep.id})
        before = self._state(leads)
        leads.with_user(self.rep).web_save({"priority": "2"}, {"priority": {}})
        found = self.env["lead.undo"].with_user(self.rep).action_take_last()
        self.assertEqual(found["message"], "Leads changed: 2.")
        undo = self.env["lead.undo"].with_user(self.rep).browse(found["undo_id"])
        undo.action_undo()
        self._assert_undone(before, leads)

    def test_what_is_no_move_costs_nothing(self):
        self.lead.with_user(self.rep).web_save({"priority": "1"}, {"priority": {}})
        self.assertFalse(self.env["lead.undo"].with_user(self.rep).action_take_last())
