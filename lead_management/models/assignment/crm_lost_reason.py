from odoo import fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    returns_turn = fields.Boolean(
        string="Refunds the Turn",
        help="For spam, duplicates and the like: a salesperson who received such a "
        "lead from a rule gets the turn back.",
    )
