from odoo import fields, models


class LeadMessageOverride(models.TransientModel):
    """Why a message the gate held back is sent nevertheless."""

    _name = "lead.message.override"
    _description = "Send Message Anyway"

    message_ids = fields.Many2many("lead.message", required=True)
    hold_reason = fields.Char(string="Block Reason", compute="_compute_hold_reason")
    reason = fields.Char(required=True)

    def _compute_hold_reason(self):
        for override in self:
            reasons = set(override.message_ids.mapped("hold_reason")) - {False}
            override.hold_reason = " ".join(sorted(reasons))

    def action_confirm(self):
        """Send them."""
        self.message_ids._override(self.reason)
        return {"type": "ir.actions.act_window_close"}
