from odoo import fields, models

from .lead_score_rule import DIMENSIONS, FIT


class LeadScoreGroup(models.Model):
    """Rules that together give no more, and take no more, than so many points."""

    _name = "lead.score.group"
    _inherit = ["lead.score.part.mixin"]
    _description = "Group of Scoring Rules"
    _order = "sequence, id"

    model_id = fields.Many2one(
        "lead.score.model", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="model_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    dimension = fields.Selection(DIMENSIONS, required=True, default=FIT)
    cap = fields.Integer(
        string="At Most",
        required=True,
        default=100,
        help="The rules of the group together give no more points than this.",
    )
    floor = fields.Integer(
        string="At Least",
        required=True,
        default=-100,
        help="The rules of the group together take no more points than this: 0 means "
        "that they can only raise the score.",
    )
    rule_ids = fields.One2many("lead.score.rule", "group_id", string="Rules")

    _limits = models.Constraint(
        "CHECK(floor <= cap)",
        "“At Least” is not above “At Most”: change one of them.",
    )
