from odoo import fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    revisit_months = fields.Integer(
        string="Revisit After (Months)",
        help="Suggested when a lead is disqualified for this reason: 1, 3 or 6. 0 "
        "means never.",
    )
