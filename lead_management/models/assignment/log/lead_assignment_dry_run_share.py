from odoo import fields, models


class LeadAssignmentDryRunShare(models.TransientModel):
    """What one salesperson or pool would get."""

    _name = "lead.assignment.dry.run.share"
    _description = "Simulated Share"
    _order = "lead_count desc, id"

    run_id = fields.Many2one(
        "lead.assignment.dry.run",
        required=True,
        ondelete="cascade",
        string="Simulation",
    )
    user_id = fields.Many2one("res.users", string="Salesperson", ondelete="cascade")
    pool_id = fields.Many2one("lead.pool", ondelete="cascade")
    lead_count = fields.Integer(string="Leads")
    expected = fields.Float(
        string="Fair Share",
        digits=(16, 1),
        help="The leads due to this salesperson by weight, among those who were "
        "available.",
    )
    score = fields.Float(string="Average Score", digits=(16, 0))
    revenue = fields.Monetary(
        string="Expected Revenue",
        currency_field="currency_id",
        help="In the currency of the current company, at today's rates.",
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
