from odoo import fields, models

ORDER = "order"


class LeadTouch(models.Model):
    _inherit = "lead.touch"

    channel = fields.Selection(
        selection_add=[(ORDER, "Order")], ondelete={ORDER: "cascade"}
    )
