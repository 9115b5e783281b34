from odoo import api, models


class LeadScore(models.Model):
    _inherit = "lead.score"

    @api.model
    def _refresh(self, lead_ids=None, nowait=False):
        """Let the leads in pools wait in the order of their scores now."""
        result = super()._refresh(lead_ids, nowait)
        if self.env["lead.pool"]._get_active():
            self.env["lead.pool.entry"]._follow_scores(lead_ids)
        return result
