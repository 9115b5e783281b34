from odoo import api, models


class LeadScore(models.Model):
    _inherit = "lead.score"

    @api.model
    def _refreshed(self, lead_ids, rows):
        """Let the leads in pools wait in the order of their scores now."""
        super()._refreshed(lead_ids, rows)
        if self.env["lead.pool"]._get_active():
            self.env["lead.pool.entry"]._follow_scores(lead_ids)
