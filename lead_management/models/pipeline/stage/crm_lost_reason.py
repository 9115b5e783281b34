from odoo import fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    revisit_months = fields.Integer(
        string="Revisit after (months)",
        help="Proposed when a lead is unqualified for this reason: 1, 3 or 6; 0 for "
        "never.",
    )
