from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    segment_count = fields.Integer(string="Segments", compute="_compute_profile_counts")
    persona_count = fields.Integer(string="Personas", compute="_compute_profile_counts")

    def _compute_profile_counts(self):
        self.segment_count = self.env["lead.segment"].search_count([])
        self.persona_count = self.env["lead.persona"].search_count([])
