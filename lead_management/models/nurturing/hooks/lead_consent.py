from odoo import api, models

from ...messaging.gate.lead_consent import WITHDRAWN


class LeadConsent(models.Model):
    """Who wants no more messages is in no sequence any more."""

    _inherit = "lead.consent"

    @api.model_create_multi
    def create(self, vals_list):
        consents = super().create(vals_list)
        consents._nurturing_apply_consent()
        return consents

    def _nurturing_apply_consent(self):
        if not self.env["lead.sequence"]._is_used():
            return
        # sudo: whoever's leads they are; the other ways to know them are asked when
        # a step is due
        withdrawn = self.sudo().filtered(lambda one: one.state == WITHDRAWN)
        emails = [one.email_normalized for one in withdrawn if one.email_normalized]
        leads = withdrawn.lead_id
        if emails:
            leads |= leads.search([("email_normalized", "in", emails)])
        leads._nurturing_note()
