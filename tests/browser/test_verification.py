from odoo.tests import HttpCase

from ..credit.common import CreditCase


class TestVerificationTour(CreditCase, HttpCase):
    """Data are corrected, and credit is checked by two people, in the browser."""

    browser_size = "1366x768"

    def _start(self, name, user):
        self.env.flush_all()
        self.env.cr.flush()
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}", name, login=user.login, timeout=120
        )
        self.env.invalidate_all()

    def test_marks(self):
        self.lead.write(
            {
                "contact_name": "Ruth Hollis",
                "email_from": "ruth@gmial.com",
                "phone": "+44 12",
            }
        )
        self._start("lead_management_verification", self.rep)
        self.assertEqual(self.lead.email_from, "ruth@gmail.com")

    def test_a_check_from_the_request_to_the_open_stage(self):
        stage = self.env["crm.stage"].search(
            [("stage_type", "=", "negotiation")], limit=1
        )
        self.policy.gate_stage_ids = stage
        self._start("lead_management_credit_ask", self.rep)
        self._start("lead_management_credit_approve", self.manager)
        with self._agency() as agency:
            self._buy_all()
            self.assertEqual(agency.sold, 1)
        self._start("lead_management_credit_done", self.rep)
        self.assertEqual(self.lead.stage_id, stage)
