from odoo import fields, models


class LeadAssignmentDryRunLine(models.TransientModel):
    _inherit = "lead.assignment.dry.run.line"

    outcome = fields.Selection(
        selection_add=[("offered", "Offered"), ("no_rule",)],
        ondelete={"offered": "cascade"},
    )
