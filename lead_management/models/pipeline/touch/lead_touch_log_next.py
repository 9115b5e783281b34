from odoo import fields, models


class LeadTouchLog(models.TransientModel):
    """From one lead of the day to the next."""

    _inherit = "lead.touch.log"

    next_title = fields.Char(
        readonly=True, help="With whom the day goes on, where there is somebody."
    )

    def action_log_next(self):
        """Log as :meth:`action_log`; the screen behind goes on with the next lead."""
        action = self.action_log()
        if action.get("tag") == "lead_undo":
            action["params"]["is_next"] = True
        return action
