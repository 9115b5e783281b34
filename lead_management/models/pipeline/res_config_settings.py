from odoo import api, fields, models

ATTEMPT_LIMIT = "lead_management.touch_attempt_limit"
DEFAULT_LIMIT = 5


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    touch_attempt_limit = fields.Integer(
        string="Unanswered Attempts",
        help="After so many attempts without an answer, the Log dialog proposes "
        "another channel, or to let the lead go. 0: never.",
    )
    touch_outcome_count = fields.Integer(compute="_compute_touch_outcome_count")

    def _compute_touch_outcome_count(self):
        self.touch_outcome_count = self.env["lead.touch.outcome"].search_count([])

    # not by config_parameter: it keeps no 0

    @api.model
    def get_values(self):
        return super().get_values() | {
            "touch_attempt_limit": self._get_touch_attempt_limit()
        }

    def set_values(self):
        super().set_values()
        limit = max(self.touch_attempt_limit, 0)
        if limit != self._get_touch_attempt_limit():
            # sudo: whoever may change settings need not be an administrator
            self.env["ir.config_parameter"].sudo().set_param(ATTEMPT_LIMIT, str(limit))

    @api.model
    def _get_touch_attempt_limit(self):
        """Return after how many attempts in vain advice is given; 0: never."""
        # sudo: a setting, and no secret
        text = self.env["ir.config_parameter"].sudo().get_param(ATTEMPT_LIMIT)
        return int(text) if text and text.isdecimal() else DEFAULT_LIMIT
