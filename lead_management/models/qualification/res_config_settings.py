from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qualifier_count = fields.Integer(
        string="Qualification Questions", compute="_compute_qualifier_count"
    )

    def _compute_qualifier_count(self):
        self.qualifier_count = self.env["lead.qualifier"].search_count([])
