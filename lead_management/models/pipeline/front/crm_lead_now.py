from odoo import api, models

from ...base.stage_types import INACTIVE, NEGOTIATION

TAKE, RESTORE, REACTIVATE, WIN, LOG = "take", "restore", "reactivate", "win", "log"


class CrmLead(models.Model):
    """What a salesperson is to do now, by where the lead is and what is planned."""

    _inherit = "crm.lead"

    @api.depends("user_id", "won_status", "active", "stage_id", "type", "step_next")
    def _compute_lead_now(self):
        return super()._compute_lead_now()

    def _get_now(self):
        now = super()._get_now()
        if now or not self._origin:
            return now
        if self.won_status == "lost" or not self.active:
            return RESTORE
        if self.stage_type == INACTIVE:
            return REACTIVATE
        if self.won_status == "pending" and not self.user_id:
            return TAKE
        if self._is_ready_to_win():
            return WIN
        return LOG

    def _is_ready_to_win(self):
        """Return whether winning is what comes next: nothing is due before."""
        if self.won_status != "pending" or self.type != "opportunity":
            return False
        step = self.step_next
        return self.stage_type == NEGOTIATION and not (step and step["days"] <= 0)
