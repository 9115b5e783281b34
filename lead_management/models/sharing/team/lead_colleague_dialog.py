from odoo import api, fields, models

from ...base.client_actions import notice
from .lead_colleague import READ, WRITE

DAYS = 14


class LeadColleagueDialog(models.TransientModel):
    """The dialog Share with Colleague."""

    _name = "lead.colleague.dialog"
    _description = "Share with Colleague"

    lead_ids = fields.Many2many("crm.lead", string="Leads", required=True)
    user_id = fields.Many2one(
        "res.users", string="Colleague", domain="[('share', '=', False)]"
    )
    access = fields.Selection(
        [(READ, "Can read"), (WRITE, "Can edit")], required=True, default=READ
    )
    until = fields.Date(
        string="Shared Until",
        required=True,
        default=lambda self: self._get_default_until(),
    )

    @api.model
    def _get_default_until(self):
        return fields.Date.add(fields.Date.context_today(self), days=DAYS)

    def action_share(self):
        """Share the leads, and tell the colleague."""
        self.ensure_one()
        self.env["lead.colleague"]._share(
            self.lead_ids, self.user_id, self.access, self.until
        )
        self.lead_ids._notify_digest(
            self.user_id,
            self.with_context(lang=self.user_id.lang).env._(
                "%s shared leads with you", self.env.user.name
            ),
            "lead_management.lead_colleague_notice",
        )
        return notice(
            self.env._("Shared with %s.", self.user_id.name),
            "success",
            next={"type": "ir.actions.act_window_close"},
        )
