from odoo import api, models


class CrmLead(models.Model):
    """Portals write for many people from one address: that is no loop."""

    _inherit = "crm.lead"

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        # sudo: whoever runs the gateway
        sources = self.env["lead.capture.source"].sudo()
        for source in sources.search([("portal_emails", "!=", False)]):
            if source._is_portal(email_from_normalized):
                return None
        return super()._detect_loop_sender_domain(email_from_normalized)
