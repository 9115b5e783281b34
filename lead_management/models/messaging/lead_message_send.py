from odoo import api, models


class LeadMessage(models.Model):
    """The way out."""

    _inherit = "lead.message"

    @api.model
    def _send_due(self):
        """Send what is due; called by a cron."""
