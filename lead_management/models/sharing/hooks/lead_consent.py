from odoo import fields, models


class LeadConsent(models.Model):
    _inherit = "lead.consent"

    how = fields.Selection(
        selection_add=[("share", "Shared lead")], ondelete={"share": "set default"}
    )
