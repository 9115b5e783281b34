from odoo import models


class CrmLead(models.Model):
    """A test of a capture source tells the score its lead would have."""

    _inherit = "crm.lead"

    def _capture_describe(self, state):
        outcome = super()._capture_describe(state)
        if self and self.score_model_id:
            outcome.append(["test_score", {"score": self.score_total}])
        return outcome
