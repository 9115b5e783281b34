"""What My Day says is true: of leads that come back, and of days and times."""

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

from .my_day import MyDayCase


class TestRestored(MyDayCase):
    """A lead that is taken up again is neither new nor untouched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.followup.policy"].search([]).active = False
        cls.env["lead.sla"].create(
            {"name": "Fast", "calendar": "always", "touch_minutes": 60}
        )
        cls.reason = cls.env["crm.lost.reason"].create({"name": "No budget"})

    def setUp(self):
        super().setUp()
        self.env.cr._now = fields.Datetime.now()  # what leads are created at

    def _touch(self, lead, user=None):
        self.env["lead.touch"]._record(
            [
                {
                    "lead_id": lead.id,
                    "channel": "call",
                    "direction": "out",
                    "user_id": (user or self.rep).id,
                }
            ]
        )
        self.env.cr.flush()

    def _unqualify(self, lead):
        dialog = self.env["lead.unqualify"].with_user(self.rep)
        dialog.create(
            {
                "lead_ids": [Command.set(lead.ids)],
                "lost_reason_id": self.reason.id,
            }
        ).action_apply()
        self.env.cr.flush()

    def _restore(self, lead):
        with freeze_time("2026-04-09 10:00:00"):
            self.env.cr._now = fields.Datetime.now()
            lead.with_user(self.rep).action_restore()
            self.env.cr.flush()
            return self._names(self._day())

    def test_a_restored_lead_is_not_new(self):
        lead = self._lead("Back")
        self._touch(lead)
        self._unqualify(lead)
        names = self._restore(lead)
        self.assertEqual(names["new"], [])
        self.assertFalse(lead.assignment_due)

    def test_an_archived_one_neither(self):
        lead = self._lead("Back")
        self._touch(lead)
        lead.action_set_lost(lost_reason_id=self.reason.id)
        self.env.cr.flush()
        self.assertEqual(self._restore(lead)["new"], [])
        self.assertFalse(lead.assignment_due)

    def test_one_nobody_got_in_touch_with_is_new(self):
        lead = self._lead("Back", stage_id=self._stage("open").id)
        self._unqualify(lead)
        self.assertEqual(self._restore(lead)["new"], ["Back"])
        self.assertTrue(lead.assignment_due)

    def test_who_gets_it_later_has_to_get_in_touch(self):
        """What the salesperson before did is none of the new one's doing."""
        lead = self._lead("Back", user=self.rep_2)
        self._touch(lead, self.rep_2)
        with freeze_time("2026-03-12 10:00:00"):
            self.env.cr._now = fields.Datetime.now()
            lead.user_id = self.rep
            self.env.cr.flush()
        self.assertTrue(lead.assignment_due)

    def _nurture(self, **values):
        self.env["lead.followup.policy"].create(
            {
                "name": "Stay in touch",
                "trigger": "stage",
                "stage_type": "nurturing",
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "delay_days": 20,
                **values,
            }
        )

    def test_the_step_of_a_restored_lead_comes_soon(self):
        """Taken up again is taken up now, however long its stage waits."""
        self._nurture()
        lead = self._lead("Back", stage_id=self._stage("nurturing").id)
        self.env.cr.flush()
        self._unqualify(lead)
        self.assertFalse(lead.activity_ids)
        self._restore(lead)
        self.assertEqual(lead.stage_type, "nurturing")
        # Thursday; the next day at work
        self.assertEqual(str(lead.activity_ids.date_deadline), "2026-04-10")

    def test_a_plan_of_a_restored_lead_begins_soon(self):
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Plan",
                "res_model": "crm.lead",
                "template_ids": [
                    Command.create(
                        {
                            "summary": f"Step {days}",
                            "activity_type_id": self.env.ref(
                                "mail.mail_activity_data_todo"
                            ).id,
                            "delay_count": days,
                            "delay_unit": "days",
                            "delay_from": "after_plan_date",
                        }
                    )
                    for days in (0, 14)
                ],
            }
        )
        self._nurture(plan_id=plan.id)
        lead = self._lead("Back", stage_id=self._stage("nurturing").id)
        self.env.cr.flush()
        self._unqualify(lead)
        self._restore(lead)
        days = sorted(map(str, lead.activity_ids.mapped("date_deadline")))
        self.assertEqual(days, ["2026-04-09", "2026-04-23"])

    def test_dragged_into_nurturing_it_waits_as_nurturing_does(self):
        self._nurture()
        lead = self._lead("Back")
        self._unqualify(lead)
        with freeze_time("2026-04-09 10:00:00"):
            lead.with_user(self.rep).stage_id = self._stage("nurturing")
            self.env.cr.flush()
        self.assertEqual(str(lead.activity_ids.date_deadline), "2026-05-07")


class TestAllDone(MyDayCase):
    """A leader who has nothing to do is told what waits in the teams."""

    def test_a_leader_sees_that_the_team_is_not_done(self):
        self._lead("Late", -1)
        self._lead("Hot")
        self._lead("Idle")
        for user in (self.leader, self.manager):
            day = self._day(user)
            self.assertFalse(any(group["count"] for group in day["groups"]))
            self.assertEqual(day["team"], {"overdue": 1, "hot": 1, "idle": 1})

    def test_who_has_something_to_do_is_not_told(self):
        self._lead("Late", -1)
        self._lead("Of the leader", -1, self.leader)
        self.assertFalse(self._day(self.leader)["team"])

    def test_nothing_of_teams_one_does_not_lead(self):
        self._lead("Late", -1, self.rep_2)
        self.assertFalse(self._day()["team"])
        self.assertFalse(self._day(self.leader, "team", self.team.id)["team"])
        lead = self._new_lead(
            user_id=self.rep_b.id, team_id=self.team_b.id, stage_id=self.contacted.id
        )
        self._plan(lead, -1, self.rep_b)
        self.assertEqual(self._day(self.leader)["team"], {"overdue": 1})

    def test_a_team_that_is_done(self):
        self.assertFalse(self._day(self.leader)["team"])


class TestPhones(MyDayCase):
    """A number is written one way, wherever it stands."""

    def test_one_way(self):
        lead = self._lead("Call", 0, phone="0032/470.12.34.56")
        lead.with_user(self.rep).country_id = self.env.ref("base.be")
        shown = "+32 470 12 34 56"
        self.assertEqual(self._lines(self._day(), "today")[0]["phone_shown"], shown)
        action = lead.with_user(self.rep).action_log_call()
        log = self.env[action["res_model"]].with_user(self.rep).browse(action["res_id"])
        self.assertEqual(log.phone, shown)
        self.assertIn(shown, dict(lead._followup_get_facts()).values())
        lead._touch_number_wrong()
        self.assertIn(shown, lead.message_ids[0].body)


class TestTimes(MyDayCase):
    def test_a_meeting_says_when_it_is(self):
        lead = self._lead("Meet")
        event = self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2026-03-11 14:30:00",
                "stop": "2026-03-11 15:00:00",
                "opportunity_id": lead.id,
                "user_id": self.rep.id,
            }
        )
        activity = self._plan(lead, 0, kind="meeting")
        activity.calendar_event_id = event
        line = self._lines(self._day(), "today")[0]
        self.assertEqual(line["activity"]["time"], "2026-03-11 14:30:00")
        event.allday = True
        line = self._lines(self._day(), "today")[0]
        self.assertFalse(line["activity"]["time"])

    def test_a_call_has_no_time(self):
        self._lead("Call", 0)
        line = self._lines(self._day(), "today")[0]
        self.assertFalse(line["activity"]["time"])
