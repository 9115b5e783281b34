from odoo import fields, models

from .lead_score_rule import DIMENSIONS, FIT


class LeadScoreGroup(models.Model):
    """Rules that together give no more, and take no more, than so many points."""

    _name = "lead.score.group"
    _inherit = ["lead.score.part.mixin"]
    _description = "Scoring Group"
    _order = "sequence, id"

    model_id = fields.Many2one(
        "lead.score.model", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="model_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    dimension = fields.Selection(DIMENSIONS, required=True, default=FIT)
    cap = fields.Integer(
        string="Maximum",
        required=True,
        default=100,
        help="Maximum of points the rules of the group can add together.",
    )
    floor = fields.Integer(
        string="Minimum",
        required=True,
        default=-100,
        help="Minimum of points the rules of the group can reach together. 0 means "
        "they can only raise the score.",
    )
    rule_ids = fields.One2many("lead.score.rule", "group_id", string="Rules")

    _limits = models.Constraint(
        "CHECK(floor <= cap)",
        "The minimum is higher than the maximum. Change one of them.",
    )
