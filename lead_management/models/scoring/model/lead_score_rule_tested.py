from odoo import api, fields, models
from odoo.tools.misc import formatLang


class LeadScoreRule(models.Model):
    """What the last back-test found of a rule."""

    _inherit = "lead.score.rule"

    tested_leads = fields.Integer(
        string="Closed Leads",
        readonly=True,
        copy=False,
        help="Closed leads that matched the rule in the last backtest.",
    )
    tested_text = fields.Char(string="Tested On", compute="_compute_tested_text")
    tested_rate = fields.Float(
        string="Win Rate", readonly=True, copy=False, aggregator=False
    )
    tested_lift = fields.Float(
        string="Lift",
        readonly=True,
        copy=False,
        aggregator=False,
        help="Win rate of the matching leads divided by the average win rate.",
    )

    @api.depends("tested_leads")
    @api.depends_context("lang")
    def _compute_tested_text(self):
        """How many closed leads met the rule, unless nobody has tested it."""
        for rule in self:
            tested = (rule.model_id.backtest or {}).get("rules") or []
            if rule.id in [row["id"] for row in tested]:
                rule.tested_text = formatLang(self.env, rule.tested_leads, digits=0)
            else:
                rule.tested_text = self.env._("not tested")
