from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .start.start_page import DAY, MANAGER, PAGES, SALESPERSON

# Numbers that are settings: the key they are kept under, and what holds before anybody
# set one. Not by config_parameter: it keeps no 0.
PARAMETERS = {
    "touch_attempt_limit": ("lead_management.touch_attempt_limit", 5),
    "stage_inactive_days": ("lead_management.inactive_days", 365),
    "day_hour": ("lead_management.day_hour", 7),
    "day_escalation_days": ("lead_management.day_escalation_days", 3),
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    touch_attempt_limit = fields.Integer(
        string="Suggest Another Channel After",
        help="Unanswered attempts after which another channel, or to disqualify the "
        "lead, is suggested. 0 means never.",
    )
    stage_inactive_days = fields.Integer(
        string="Inactive After (Days)",
        help="Number of days without a purchase or contact after which a customer "
        "becomes inactive, counted from the installation. 0 means never.",
    )
    day_hour = fields.Integer(
        string="Hour of the Daily Email",
        help="In the time zone of each salesperson, from 0 to 23.",
    )
    day_escalation_days = fields.Integer(
        string="Notify the Team Leader After (Working Days)",
        help="Working days an activity is overdue before the team leader is notified. "
        "0 means never.",
    )
    touch_outcome_count = fields.Integer(
        string="Call Outcomes", compute="_compute_pipeline_counts"
    )
    followup_policy_count = fields.Integer(
        string="Follow-up Rules", compute="_compute_pipeline_counts"
    )
    followup_policy_off_count = fields.Integer(
        string="Inactive Follow-up Rules", compute="_compute_pipeline_counts"
    )
    stage_untyped_count = fields.Integer(
        string="Stages without a Type", compute="_compute_pipeline_counts"
    )
    day_start = fields.Selection(
        PAGES,
        string="Salespeople Start On",
        config_parameter=SALESPERSON,
        default=DAY,
        help="What the CRM app opens, and Odoo after the login.",
    )
    day_start_manager = fields.Selection(
        PAGES,
        string="Sales Managers Start On",
        config_parameter=MANAGER,
        default=DAY,
        help="My Day shows sales managers their teams.",
    )

    def _compute_pipeline_counts(self):
        self.touch_outcome_count = self.env["lead.touch.outcome"].search_count([])
        Policy = self.env["lead.followup.policy"]
        self.followup_policy_count = Policy.search_count([])
        # shipped, and waiting to be switched on
        self.followup_policy_off_count = Policy.search_count([("active", "=", False)])
        self.stage_untyped_count = self.env["crm.stage"].search_count(
            [("stage_type", "=", False)]
        )

    @api.constrains("day_hour", "day_escalation_days")
    def _check_day(self):
        for settings in self:
            if not 0 <= settings.day_hour <= 23:
                raise ValidationError(self.env._("The hour must be between 0 and 23."))
            if not 0 <= settings.day_escalation_days <= 60:
                raise ValidationError(
                    self.env._("The number of working days must be between 0 and 60.")
                )

    @api.model
    def get_values(self):
        return super().get_values() | {
            fname: self._get_lead_parameter(fname) for fname in PARAMETERS
        }

    def set_values(self):
        super().set_values()
        # what the app opens is part of the menus, which are kept
        self.env.registry.clear_cache()
        # sudo: whoever may change settings need not be an administrator
        parameters = self.env["ir.config_parameter"].sudo()
        for fname, (key, __) in PARAMETERS.items():
            value = max(self[fname], 0)
            if value != self._get_lead_parameter(fname):
                parameters.set_param(key, str(value))

    @api.model
    def _get_lead_parameter(self, fname):
        """Return a number that is a setting; what makes no sense counts as not set."""
        key, default = PARAMETERS[fname]
        # sudo: a setting, and no secret
        text = self.env["ir.config_parameter"].sudo().get_param(key)
        return int(text) if text and text.isdecimal() else default

    stage_status = fields.Char(string="Stage Types", compute="_compute_stage_status")

    @api.depends("stage_untyped_count")
    def _compute_stage_status(self):
        count = self.env["crm.stage"].search_count([])
        for settings in self:
            settings.stage_status = self.env._(
                "Stages without a type: %(untyped)s of %(count)s. They behave as in "
                "standard Odoo.",
                untyped=settings.stage_untyped_count,
                count=count,
            )

    def action_map_stages(self):
        """Propose a type for each stage."""
        return self.env["lead.stage.mapping"].action_open()
