from odoo import fields, models


class LeadAssignmentLog(models.Model):
    """That a rule offered a lead, in its story."""

    _inherit = "lead.assignment.log"

    outcome = fields.Selection(
        selection_add=[("offered", "Offered"), ("no_rule",)],
        ondelete={"offered": "cascade"},
    )

    def _explain_offered(self):
        return self.env._(
            "“%(rule)s” offered the lead to %(partner)s.",
            rule=self._get_rule_name(),
            partner=self.detail or "?",
        )
