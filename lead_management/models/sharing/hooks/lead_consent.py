from odoo import api, fields, models

from ...messaging.gate.lead_consent import WITHDRAWN


class LeadConsent(models.Model):
    """What somebody withdraws is told to whoever got the lead."""

    _inherit = "lead.consent"

    how = fields.Selection(
        selection_add=[("share", "Shared lead")], ondelete={"share": "set default"}
    )

    @api.model_create_multi
    def create(self, vals_list):
        said = super().create(vals_list)
        withdrawn = said.filtered(
            lambda one: one.state == WITHDRAWN and one.how != "share"
        )
        if withdrawn and self.env["lead.share"]._is_used():
            self.env["lead.share"]._forward_withdrawals(withdrawn)
        return said
