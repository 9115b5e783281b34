from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .lead_score import DEFAULT_HOT_FROM, DEFAULT_WARM_FROM


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

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
            self.env["crm.lead"]._derived_mark_all("lead.score")
        return result
