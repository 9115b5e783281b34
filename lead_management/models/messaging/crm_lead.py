from odoo import fields, models


class CrmLead(models.Model):
    """What was, and will be, sent to a lead."""

    _inherit = "crm.lead"

    lead_message_ids = fields.One2many(
        "lead.message", "lead_id", string="Messages Sent", readonly=True
    )

    def _message_address_dead(self, recipient, error):
        """Hook: an address or number does not exist; rooms extend it to act on it."""
