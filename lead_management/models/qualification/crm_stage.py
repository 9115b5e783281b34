from odoo import fields, models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    requirement_ids = fields.One2many(
        "lead.stage.requirement", "stage_id", string="Required Information"
    )

    def write(self, vals):
        result = super().write(vals)
        # the order and the names of the gates are cached
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
