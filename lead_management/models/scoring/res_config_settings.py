from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    score_rule_count = fields.Integer(
        string="Scoring Rules", compute="_compute_score_rule_count"
    )

    def _compute_score_rule_count(self):
        Rule = self.env["lead.score.rule"]
        self.score_rule_count = Rule.search_count(Rule._get_active_domain())
