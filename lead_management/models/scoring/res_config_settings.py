from odoo import fields, models

from .crm_lead_front import FRONT_PARAMETER, FRONTS, PROBABILITY


class ResConfigSettings(models.TransientModel):
    """Which chance of a lead is shown in front, and how many rules there are."""

    _inherit = "res.config.settings"

    score_in_front = fields.Selection(
        FRONTS,
        string="Chance in Front",
        default=PROBABILITY,
        config_parameter=FRONT_PARAMETER,
        help="The number beside the amount of a lead. The other one is explained "
        "behind the question mark.",
    )
    score_rule_count = fields.Integer(
        string="Scoring Rules", compute="_compute_score_rule_count"
    )

    def _compute_score_rule_count(self):
        Rule = self.env["lead.score.rule"]
        self.score_rule_count = Rule.search_count(Rule._get_active_domain())
