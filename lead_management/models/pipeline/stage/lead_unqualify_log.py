from odoo import fields, models

from ....exceptions import RefusedError
from ..touch.lead_touch_log_save import DONE


class LeadUnqualify(models.TransientModel):
    """Why leads do not match, asked when a call tells that they do not.

    The call is logged together with it: who gives up the one gives up the other.
    """

    _inherit = "lead.unqualify"

    touch_log_id = fields.Many2one("lead.touch.log", readonly=True, ondelete="cascade")
    # asked for by the buttons: the way back to the call needs none
    lost_reason_id = fields.Many2one(required=False)

    def action_apply(self):
        log = self.touch_log_id
        if not self.lost_reason_id:
            raise RefusedError(self.env._("Choose a reason for the disqualification."))
        if not log:
            return super().action_apply()
        leads = log._get_leads()
        log._check_entered(leads)
        if not log._claim():
            return DONE
        Undo = self.env["lead.undo"]
        with Undo._record(leads) as recording:
            log._write_all(leads)
            super().action_apply()
        return Undo._offer(recording, log._get_done_text(leads))

    def action_back(self):
        """Return to the dialog of the call, as it was entered."""
        self.ensure_one()
        return self.touch_log_id._get_action()
