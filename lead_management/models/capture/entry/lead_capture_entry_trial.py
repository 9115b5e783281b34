from odoo import api, models

from ...base.apart import attempt
from .lead_capture_entry import TEST


class LeadCaptureEntry(models.Model):
    """Submissions that are tests: the whole way, which is undone at its end."""

    _inherit = "lead.capture.entry"

    def _process_test(self):
        """Tell what would become of it, and undo it."""
        try:
            with attempt(self.env):
                result = self._run()
                lead = self.env["crm.lead"].browse(result.get("lead_id"))
                outcome = lead._capture_describe(result["state"])
                raise _Tried(outcome or result["outcome"], self._get_known(result))
        except _Tried as tried:
            self._end(TEST, tried.outcome, next_try=False, **tried.known)

    @api.model
    def _get_known(self, result):
        names = ("person", "email_normalized", "phone_sanitized")
        return {name: result[name] for name in names if name in result}


class _Tried(Exception):
    """The end of a trial, which undoes it."""

    def __init__(self, outcome, known):
        super().__init__()
        self.outcome = outcome
        self.known = known
