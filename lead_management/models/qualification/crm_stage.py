from odoo import fields, models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    requirement_ids = fields.One2many(
        "lead.stage.requirement", "stage_id", string="To Know on Entry"
    )
