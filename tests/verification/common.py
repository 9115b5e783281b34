from unittest.mock import patch

from odoo.addons.lead_management.tests.common import LeadManagementCase

GOOD_MAIL = "ruth.hollis@firm.example"
GOOD_PHONE = "+32 470 12 34 56"


class VerificationCase(LeadManagementCase):
    """A lead of the rep whose data are right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belgium = cls.env.ref("base.be")
        cls.lead = cls._new_lead(
            user_id=cls.rep.id,
            contact_name="Ruth Hollis",
            partner_name="Hollis and Daughters",
            email_from=GOOD_MAIL,
            phone=GOOD_PHONE,
        )
        cls.env.cr.flush()

    def _current(self, lead, datum):
        return lead.lead_check_ids.filtered(
            lambda check: check.is_current and check.datum == datum
        )

    def _told(self, lead, datum):
        """Return what is known of a datum: verdict, level and reason."""
        self.env.cr.flush()
        lead.invalidate_recordset(["lead_check_ids"])
        check = self._current(lead, datum)
        self.assertLessEqual(len(check), 1)
        return (check.verdict, check.level, check.reason)

    def _run_cron(self):
        """Check all leads, as the scheduled job does."""
        always = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: True
        )
        with always:
            self.env["crm.lead"]._cron_verify()
        self.lead.invalidate_recordset()
