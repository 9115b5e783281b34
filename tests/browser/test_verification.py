from odoo import fields
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

    def test_mail_comes_back_and_is_corrected(self):
        self._new_score_rule([], 50)
        self._new_score_rule([("verification_email", "=", "wrong")], -30)
        self.lead.write({"contact_name": "Ruth Hollis", "email_from": "r@gmail.com"})
        self.env.cr.flush()
        message = self.env["lead.message"]._queue(
            [{"lead_id": self.lead.id, "channel": "email", "body": "B"}]
        )
        message.write({"state": "sent", "sent_date": fields.Datetime.now()})
        message._bounce("5.1.1", "550 5.1.1 User unknown")
        self._start("lead_management_bounce", self.rep)
        self.assertEqual(self.lead.verification_email, "ok")
        self.assertEqual(self.lead.score_total, 50)
        self.assertFalse(self.lead.activity_ids.filtered("verification_datum"))

    def test_a_check_from_the_request_to_the_open_stage(self):
        stage = self._stage("negotiation")
        self.policy.gate_stage_ids = stage
        second = self.manager.copy({"login": "lm_second", "name": "Second"})
        self._start("lead_management_credit_closed", self.rep)
        self._start("lead_management_credit_ask", self.manager)
        self._start("lead_management_credit_approve", second)
        with self._agency() as agency:
            self._buy_all()
            self.assertEqual(agency.sold, 1)
        self._start("lead_management_credit_done", self.rep)
        self.assertEqual(self.lead.stage_id, stage)
        check = self.lead.credit_check_ids
        self.assertEqual(
            (check.requester_id, check.approver_id), (self.manager, second)
        )
        self.assertFalse(self.env["lead.credit.opening"].search([]))
