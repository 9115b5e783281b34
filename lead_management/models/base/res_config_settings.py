from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """The state of things, with a way to each; rooms add what can be set."""

    _inherit = "res.config.settings"

    qualifier_count = fields.Integer(compute="_compute_lead_management_counts")
    segment_count = fields.Integer(compute="_compute_lead_management_counts")
    persona_count = fields.Integer(compute="_compute_lead_management_counts")
    score_rule_count = fields.Integer(compute="_compute_lead_management_counts")
    assignment_rule_count = fields.Integer(compute="_compute_lead_management_counts")
    assignment_unassigned_count = fields.Integer(
        compute="_compute_lead_management_counts"
    )
    pool_count = fields.Integer(compute="_compute_lead_management_counts")
    sla_count = fields.Integer(compute="_compute_lead_management_counts")
    sla_off_count = fields.Integer(compute="_compute_lead_management_counts")
    stage_untyped_count = fields.Integer(compute="_compute_lead_management_counts")

    @api.depends("company_id")
    def _compute_lead_management_counts(self):
        def count(model, domain=()):
            return self.env[model].search_count(list(domain))

        self.qualifier_count = count("lead.qualifier")
        self.segment_count = count("lead.segment")
        self.persona_count = count("lead.persona")
        self.score_rule_count = count(
            "lead.score.rule", self.env["lead.score.rule"]._get_active_domain()
        )
        self.pool_count = count("lead.pool")
        self.sla_count = count("lead.sla")
        # shipped, and waiting to be switched on
        self.sla_off_count = count("lead.sla", [("active", "=", False)])
        self.assignment_rule_count = count("lead.assignment.rule")
        self.assignment_unassigned_count = count(
            "crm.lead", [("user_id", "=", False), ("won_status", "=", "pending")]
        )
        self.stage_untyped_count = count("crm.stage", [("stage_type", "=", False)])
