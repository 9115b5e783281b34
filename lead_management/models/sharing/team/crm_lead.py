from odoo import fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """Leads that are shared with single colleagues."""

    _inherit = "crm.lead"

    colleague_ids = fields.One2many(
        "lead.colleague", "lead_id", string="Shared with Colleagues", readonly=True
    )

    def action_share_colleague(self):
        """Open the dialog in which a colleague gets these leads."""
        if not self:
            raise UserError(self.env._("Choose at least one lead."))
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share with Colleague"),
            "res_model": "lead.colleague.dialog",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lead_ids": self.ids},
        }
