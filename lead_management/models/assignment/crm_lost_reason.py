from odoo import fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    returns_turn = fields.Boolean(
        string="Not Worth a Turn",
        help="Spam, duplicates and the like: who was given such a lead by a rule gets "
        "the turn back.",
    )
