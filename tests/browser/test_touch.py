from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestTouch(LeadManagementCase, HttpCase):
    """Calls, as a rep logs them in the browser."""

    def test_rep_logs_calls_with_three_clicks(self):
        lead = self._new_lead(
            name="Tour lead",
            phone="+32 470 123456",
            team_id=self.team.id,
            stage_id=self._stage("open").id,
        )
        planned = lead.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=fields.Date.subtract(fields.Date.today(), days=3),
            summary="Ask for the budget",
            user_id=self.rep.id,
        )
        self.env.cr.flush()
        self.start_tour(
            "/odoo/lead-pipeline",
            "lead_management_log_call",
            login=self.rep.login,
            timeout=120,
        )
        self.assertFalse(planned.active)
        self.assertEqual(
            lead.touch_ids.sorted("id").mapped("outcome_id.name"),
            ["Reached", "No answer", "Not interested"],
        )
        self.assertEqual(lead.stage_id, self._stage("unqualified"))
        self.assertFalse(lead.activity_ids)

    def test_rep_logs_a_meeting_in_the_calendar(self):
        lead = self._new_lead(name="Tour lead", stage_id=self._stage("open").id)
        Event = self.env["calendar.event"].with_user(self.rep)
        start = fields.Datetime.now().replace(hour=9, minute=0, second=0)
        for number, (name, opportunity) in enumerate(
            [("Demonstration", lead), ("With a colleague", lead.browse())]
        ):
            Event.create(
                {
                    "name": name,
                    "opportunity_id": opportunity.id,
                    "start": start + timedelta(hours=3 * number),
                    "stop": start + timedelta(hours=3 * number + 1),
                }
            )
        self.env.cr.flush()
        self.start_tour(
            "/odoo/calendar",
            "lead_management_log_meeting",
            login=self.rep.login,
            timeout=120,
        )
        touch = lead.touch_ids
        self.assertEqual((touch.channel, touch.outcome_id.name), ("meeting", "Held"))
        self.assertEqual(lead.stage_id, self._stage("contacted"))
