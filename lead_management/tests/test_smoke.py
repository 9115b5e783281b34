from odoo.tests import Form

from .common import LeadManagementCase


class TestSmoke(LeadManagementCase):
    def test_lead_is_scored_assigned_and_staged(self):
        self._new_score_rule([("email_from", "!=", False)], points=70)
        self._new_assignment_rule()
        lead = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .create({"name": "Enquiry", "email_from": "ann@example.com"})
        )
        self.commit()
        self.assertEqual(lead.score_total, 70)
        self.assertEqual(lead.score_temperature, "hot")
        self.assertIn(lead.user_id, self.team.member_ids)
        self.assertEqual(lead.stage_id.stage_type, "open")

    def test_form_opens_for_a_rep(self):
        lead = self._new_lead()
        with Form(lead.with_user(self.rep)) as form:
            form.employee_count = 250
        self.assertEqual(lead.employee_count, 250)
