from odoo import api, models

from ..base.callbacks import noted

LATER_KEY = "lead_management.score_later"


class CrmLead(models.Model):
    """Events that strangers cause, by opening a mail say, are counted afterwards."""

    _inherit = "crm.lead"

    def _score_events_later(self):
        """Score these leads anew after the commit, where events give points.

        Neither does the person wait for it, nor can it fail what they do.
        """
        if self and self._score_counts_events():
            run = self.env["crm.lead"].sudo().browse()._score_run_later
            noted(self.env.cr.postcommit, LATER_KEY, run, set).update(self.ids)

    @api.model
    def _score_run_later(self):
        lead_ids = self.env.cr.postcommit.data.pop(LATER_KEY, set())
        self._derived_refresh_deferred(sorted(lead_ids))
