from odoo import api, models

from ..base.automated import check_automated


class CrmLead(models.Model):
    """The methods of distribution that automated actions and jobs call by name."""

    _inherit = "crm.lead"

    def action_auto_assign(self):
        """Let the rules decide on leads that have no salesperson, after the commit."""
        check_automated(self.env)
        self.write({"assignment_pending": True})
        self._assignment_defer()

    @api.model
    def action_cron_assign(self):
        """Assign waiting leads."""
        check_automated(self.env)
        self._cron_assign()

    @api.model
    def action_cron_deadlines(self):
        """Return expired claims to their pools, and escalate missed deadlines."""
        check_automated(self.env)
        self._cron_deadlines()
