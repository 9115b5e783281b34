from odoo import fields, models

SHARED = "shared"


class LeadEnrollment(models.Model):
    _inherit = "lead.enrollment"

    reason = fields.Selection(
        selection_add=[(SHARED, "The lead was shared")], ondelete={SHARED: "set null"}
    )
