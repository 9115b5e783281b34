from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .my_day import TODAY, MyDayCase


class TestMyDayActions(MyDayCase):
    """What a salesperson does from a line of the day."""

    def _snooze(self, lead, day, activity=None, user=None):
        lead = lead.with_user(user or self.rep)
        return lead.action_day_snooze(
            day if isinstance(day, str) else fields.Date.to_string(day),
            activity.id if activity else False,
        )

    def test_snooze_moves_the_deadline(self):
        lead = self._lead("Late", -2)
        activity = lead.activity_ids
        result = self._snooze(lead, TODAY + timedelta(days=3), activity)
        self.assertEqual(activity.date_deadline, TODAY + timedelta(days=3))
        self.assertEqual(result["message"], "Snoozed: Late, until Sat, Mar 14.")
        self.assertEqual(self._day()["counts"]["overdue"], 0)

    def test_undo_gives_the_day_back(self):
        lead = self._lead("Late", -2)
        result = self._snooze(lead, TODAY + timedelta(days=3), lead.activity_ids)
        Undo = self.env["lead.undo"].with_user(self.rep)
        Undo.browse(result["undo_id"]).action_undo()
        self.assertEqual(self._names(self._day())["overdue"], ["Late"])

    def test_snooze_plans_where_nothing_is_planned(self):
        hot = self._lead("Hot", phone="+32 470 12 34 56")
        cold = self._lead("New", stage_id=self._stage("open").id)
        for lead, kind in ((hot, "call"), (cold, "todo")):
            self._snooze(lead, TODAY + timedelta(days=1))
            activity = lead.activity_ids
            self.assertEqual(
                activity.activity_type_id,
                self.env.ref(f"mail.mail_activity_data_{kind}"),
            )
            self.assertEqual(activity.user_id, self.rep)
        counts = self._day()["counts"]
        self.assertEqual((counts["hot"], counts["new"], counts["tomorrow"]), (0, 0, 2))

    def test_two_clicks_plan_one_activity(self):
        lead = self._lead("Hot")
        for __ in range(2):
            self._snooze(lead, TODAY + timedelta(days=1))
        self.assertEqual(len(lead.activity_ids), 1)

    def test_what_has_been_done_is_not_put_off(self):
        lead, other = self._lead("Late", -1), self._lead("Other", -1)
        activity = lead.activity_ids
        activity.action_feedback(feedback="Done")
        for lead_, activity_ in ((lead, activity), (lead, other.activity_ids)):
            with self.assertRaises(UserError):
                self._snooze(lead_, TODAY + timedelta(days=1), activity_)

    def test_days_that_are_none(self):
        lead = self._lead("Late", -1)
        for day in ("2026-03-10", "2030-01-01", "tomorrow", "", "2026-02-30"):
            with self.subTest(day=day), self.assertRaises(UserError):
                self._snooze(lead, day, lead.activity_ids)
        for day in (None, False, 3, ["2026-03-12"]):
            with self.subTest(day=day), self.assertRaises(UserError):
                lead.with_user(self.rep).action_day_snooze(day)
        for activity_id in ("1", [1], True, 10**12):
            with self.subTest(activity_id=activity_id), self.assertRaises(UserError):
                lead.with_user(self.rep).action_day_snooze("2026-03-12", activity_id)

    def test_leads_of_others_are_left_alone(self):
        lead = self._lead("Late", -1, self.rep_2)
        activity = lead.activity_ids
        with self.assertRaises(AccessError):
            self._snooze(lead, TODAY, activity)
        with self.assertRaises(AccessError):
            lead.with_user(self.rep).action_day_message()
        with self.assertRaises(AccessError):
            self._snooze(lead, TODAY, activity, self.rep_b)

    def test_quick_days_are_working_days(self):
        CrmLead = self.env["crm.lead"].with_user(self.rep)
        self.assertEqual(
            [(each["key"], each["date"]) for each in CrmLead.action_day_dates()],
            # Thursday, Friday, Monday
            [
                ("tomorrow", "2026-03-12"),
                ("soon", "2026-03-16"),
                ("week", "2026-03-18"),
            ],
        )

    def test_quick_days_have_true_names_and_differ(self):
        """Whatever the weekday: tomorrow is tomorrow, and no day is offered twice."""
        CrmLead = self.env["crm.lead"].with_user(self.rep)
        for offset in range(7):
            today = TODAY + timedelta(days=offset)
            with self.subTest(today=today), freeze_time(f"{today} 10:00:00"):
                offered = {
                    each["key"]: each["date"] for each in CrmLead.action_day_dates()
                }
                tomorrow = str(today + timedelta(days=1))
                self.assertEqual(len(set(offered.values())), 3)
                self.assertEqual(
                    "tomorrow" in offered, tomorrow in offered.values(), offered
                )
                self.assertEqual(offered.get("tomorrow", tomorrow), tomorrow)
                week = fields.Date.to_date(offered["week"])
                later = today + timedelta(days=7)
                self.assertEqual(week.isocalendar()[:2], later.isocalendar()[:2])

    def test_quick_days_leave_out_holidays(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-03-12 00:00:00",
                "date_to": "2026-03-12 23:59:59",
            }
        )
        dates = self.env["crm.lead"].with_user(self.rep).action_day_dates()
        self.assertEqual(dates[0]["key"], "next")
        self.assertEqual(dates[0]["date"], "2026-03-13")

    def _send(self, lead):
        """Send what the dialog proposes, whatever the hour is where the lead is."""
        self.company.message_quiet_on = False
        action = lead.with_user(self.rep).action_day_message()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.with_user(self.rep).action_send()
        return self.env["lead.message"].search([("lead_id", "=", lead.id)])

    def test_message_opens_the_send_dialog(self):
        lead = self._lead("Mail", email_from="ann@example.com", contact_name="Ann")
        message = self._send(lead)
        self.assertEqual(message.recipient, "ann@example.com")
        self.assertEqual(message.user_id, self.rep)
        self.assertEqual(message.state, "queued")

    def test_message_is_a_first_touch(self):
        lead = self._lead(
            "New", stage_id=self._stage("open").id, email_from="ann@example.com"
        )
        self.assertEqual(self._day()["counts"]["new"], 1)
        self._send(lead)
        self.assertEqual(self._day()["counts"]["new"], 0)
