from odoo import fields, models

from .lead_touch import ORDER


class LeadTimeline(models.Model):
    """Orders are among what happened."""

    _inherit = "lead.timeline"

    kind = fields.Selection(
        selection_add=[(ORDER, "Order")], ondelete={ORDER: "cascade"}
    )
