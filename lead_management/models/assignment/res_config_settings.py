from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    is_core_assignment_on = fields.Boolean(
        string="Odoo's Own Assignment", compute="_compute_is_core_assignment_on"
    )
    assignment_rule_count = fields.Integer(
        string="Assignment Rules", compute="_compute_assignment_counts"
    )
    assignment_unassigned_count = fields.Integer(
        string="Unassigned Leads", compute="_compute_assignment_counts"
    )
    pool_count = fields.Integer(string="Pools", compute="_compute_assignment_counts")
    sla_count = fields.Integer(
        string="Response Targets", compute="_compute_assignment_counts"
    )
    sla_off_count = fields.Integer(
        string="Inactive Response Targets", compute="_compute_assignment_counts"
    )

    def _compute_is_core_assignment_on(self):
        self.is_core_assignment_on = self.env["crm.team"]._is_core_assignment_on()

    def _compute_assignment_counts(self):
        def count(model, domain=()):
            return self.env[model].search_count(list(domain))

        self.assignment_rule_count = count("lead.assignment.rule")
        self.assignment_unassigned_count = count(
            "crm.lead", [("user_id", "=", False), ("won_status", "=", "pending")]
        )
        self.pool_count = count("lead.pool")
        self.sla_count = count("lead.sla")
        # shipped, and waiting to be switched on
        self.sla_off_count = count("lead.sla", [("active", "=", False)])

    def action_take_over_assignment(self):
        """Make rules of Odoo's own assignment, and switch that off."""
        return self.env["crm.team"].action_take_over_assignment()
