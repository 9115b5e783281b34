from odoo import fields, models

from .lead_touch import ORDER


class LeadAnswer(models.Model):
    """A customer who confirms an order waits for somebody, too."""

    _inherit = "lead.answer"

    kind = fields.Selection(
        selection_add=[(ORDER, "Order")], ondelete={ORDER: "cascade"}
    )
