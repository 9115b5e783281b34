from odoo import models

from ..base.derived.crm_lead_derived import REFRESH_APART
from ..base.work import note


class CrmLead(models.Model):
    """Events that strangers cause, by opening a mail say, are counted afterwards."""

    _inherit = "crm.lead"

    def _score_events_later(self):
        """Score these leads again after the commit, where events give points.

        Neither does the person wait for it, nor can it fail what they do.
        """
        if self and self._score_counts_events():
            note(self.env, REFRESH_APART, self.ids)
