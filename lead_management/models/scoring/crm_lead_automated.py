from odoo import models

from ..base.automated import check_automated


class CrmLead(models.Model):
    """The methods that automated actions on temperatures call by name."""

    _inherit = "crm.lead"

    def action_auto_notify_hot(self):
        """Tell the salesperson of each lead that it turned hot, and why."""
        check_automated(self.env)
        self._score_notify_hot()

    def action_auto_schedule_call(self):
        """Schedule a call by tomorrow, for the salesperson of each lead."""
        check_automated(self.env)
        self._score_schedule_call()
