from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..scoring.lead_score import DEFAULT_HOT_FROM, DEFAULT_WARM_FROM


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Scoring
    score_warm_from = fields.Integer(
        string="Warm from",
        config_parameter="lead_management.score_warm_from",
        default=DEFAULT_WARM_FROM,
        help="Score (0 to 100) from which a lead is warm.",
    )
    score_hot_from = fields.Integer(
        string="Hot from",
        config_parameter="lead_management.score_hot_from",
        default=DEFAULT_HOT_FROM,
        help="Score (0 to 100) from which a lead is hot.",
    )
    # Status
    score_rule_count = fields.Integer(compute="_compute_lead_management_counts")
    assignment_rule_count = fields.Integer(compute="_compute_lead_management_counts")
    assignment_unassigned_count = fields.Integer(
        compute="_compute_lead_management_counts"
    )
    stage_untyped_count = fields.Integer(compute="_compute_lead_management_counts")

    @api.depends("company_id")
    def _compute_lead_management_counts(self):
        self.score_rule_count = self.env["lead.score.rule"].search_count([])
        self.assignment_rule_count = self.env["lead.assignment.rule"].search_count([])
        self.assignment_unassigned_count = self.env["crm.lead"].search_count(
            [("user_id", "=", False), ("won_status", "=", "pending")]
        )
        self.stage_untyped_count = self.env["crm.stage"].search_count(
            [("stage_type", "=", False)]
        )

    @api.constrains("score_warm_from", "score_hot_from")
    def _check_score_thresholds(self):
        for settings in self:
            if not 0 <= settings.score_warm_from <= settings.score_hot_from <= 100:
                raise ValidationError(
                    self.env._(
                        "A lead turns warm at %(warm)s and hot at %(hot)s: choose two "
                        "scores between 0 and 100, warm not above hot.",
                        warm=settings.score_warm_from,
                        hot=settings.score_hot_from,
                    )
                )

    def set_values(self):
        before = self.env["lead.score"]._get_thresholds()
        result = super().set_values()
        if self.env["lead.score"]._get_thresholds() != before:
            self.env["crm.lead"]._score_mark_all()
        return result
