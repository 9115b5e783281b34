from odoo import models
from odoo.tools import format_date

from ..constants import DONE, EXPIRED


class LeadCreditCheck(models.Model):
    """A check in the panel of its lead."""

    _inherit = "lead.credit.check"

    def _is_disclosed(self):
        """Return whether a second person has seen the result, where one must."""
        return self.state in (DONE, EXPIRED)

    def _get_panel_lines(self, can_approve):
        """Return pairs of a label and a text.

        :param can_approve: whether the reader decides on what was entered
        """
        env = self.env
        lines = []
        if can_approve and self.band:
            lines.append([env._("Entered Result"), self._get_state_band_label()])
        if can_approve and self.band or self._is_disclosed():
            lines.append([env._("Limit"), self._get_limit_text()])
            lines.append([env._("Valid Until"), format_date(env, self.valid_until)])
        checked = ", ".join(filter(None, (self.company_name, self.company_number)))
        lines += [
            [env._("Checked As"), checked],
            [env._("Legal Basis"), self._get_selection_text("basis")],
            [env._("Requested By"), self.requester_id.name],
            [env._("Approved By"), self.approver_id.name],
            [env._("Reason"), self.reason_text],
        ]
        return [[label, text] for label, text in lines if text]
