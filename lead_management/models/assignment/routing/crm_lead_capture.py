from odoo import api, models

from ..rule.lead_assignment_plan import Plan
from ..rule.lead_assignment_rule import CAPTURE


class CrmLead(models.Model):
    """Captured leads start in the team of their source; the rules choose who."""

    _inherit = "crm.lead"

    @api.model
    def _get_origins(self):
        return {**super()._get_origins(), "capture_source_id": "_get_capture_setup"}

    @api.model
    def _get_capture_setup(self, vals):
        source = self.env["lead.capture.source"].browse(vals["capture_source_id"])
        return self._prepare_setup(self.env["res.users"], source.team_id)

    def _capture_describe(self, state):
        """Tell whom the rules would give the lead to; nothing is assigned."""
        outcome = super()._capture_describe(state)
        if not self or not self.assignment_pending:
            return outcome
        [decision] = Plan(self.env, CAPTURE).decide(self)
        if decision.user:
            rule = decision.rule.name if decision.rule else ""
            values = {"user": decision.user.name, "rule": rule}
            outcome.append(["test_owner", values])
        elif decision.pool:
            outcome.append(["test_pool", {"pool": decision.pool.name}])
        return outcome
