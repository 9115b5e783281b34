from odoo import fields, models

from .lead_assignment_log import OUTCOMES


class LeadAssignmentDryRunLine(models.TransientModel):
    """What the rules would do with one lead."""

    _name = "lead.assignment.dry.run.line"
    _description = "Simulated Lead"

    run_id = fields.Many2one(
        "lead.assignment.dry.run",
        required=True,
        ondelete="cascade",
        string="Simulation",
    )
    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    score = fields.Integer(aggregator=None)
    rule_id = fields.Many2one("lead.assignment.rule", ondelete="cascade")
    user_before_id = fields.Many2one(
        "res.users", string="Actual Salesperson", ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Proposed Salesperson", ondelete="cascade"
    )
    pool_id = fields.Many2one("lead.pool", ondelete="cascade")
    outcome = fields.Selection(OUTCOMES)
    explanation = fields.Char(string="Reason")
