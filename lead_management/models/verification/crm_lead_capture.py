from odoo import models

from ...tools.verdicts import CONFIRMED, EMAIL, OK, PHONE


class CrmLead(models.Model):
    """A submission that says what is known already: two sources agree."""

    _inherit = "crm.lead"

    def _capture_done(self, entry, reading, is_new):
        super()._capture_done(entry, reading, is_new)
        if not is_new:
            self._verify_by_submission(entry, reading)

    def _verify_by_submission(self, entry, reading):
        """Note what a submission says that was known; the same form is one source."""
        if entry.source_id == self.capture_source_id:
            return
        said = {EMAIL: reading.email, PHONE: reading.texts.get("phone")}
        for datum, value in said.items():
            if value:
                self._verify_evidence(datum, "two_sources", OK, CONFIRMED, value=value)
