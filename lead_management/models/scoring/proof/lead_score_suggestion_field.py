from odoo import fields, models


class LeadScoreSuggestionField(models.TransientModel):
    _name = "lead.score.suggestion.field"
    _description = "Suggestion Field"

    suggestion_id = fields.Many2one(
        "lead.score.suggestion", required=True, ondelete="cascade"
    )
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Field", readonly=True)
    known = fields.Float(string="Filled In", readonly=True)
    is_used = fields.Boolean(string="Use")
    warning = fields.Char(readonly=True)
