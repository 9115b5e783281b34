from odoo.modules.module import load_script
from odoo.tools import file_path

from .common import VerificationCase

SCRIPT = "lead_management/migrations/19.0.1.8.0/post-verification.py"


class TestUpgrade(VerificationCase):
    """What was there before the room is verified, and rules of people stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = load_script(file_path(SCRIPT), "post-verification")

    def test_leads_are_verified_and_untouched_rules_read_it(self):
        email, phone = (
            self.env.ref(f"lead_management.score_rule_{name}")
            for name in ("email", "phone")
        )
        email.domain = "[('email_state', '=', 'correct')]"
        own = "[('phone_state', '=', 'correct'), ('type', '=', 'lead')]"
        phone.domain = own
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM lead_check")
        self.env.cr.execute("DELETE FROM lead_verification")
        self.env.invalidate_all()
        self.script.migrate(self.env.cr, "19.0.1.7.0")
        self.env.invalidate_all()
        self.assertEqual(email.domain, "[('verification_email', '=', 'ok')]")
        self.assertEqual(phone.domain, own)
        self.assertEqual(self._told(self.lead, "email")[0], "ok")
        self.assertEqual(self.lead.verification_email, "ok")
