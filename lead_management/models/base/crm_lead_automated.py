from odoo import api, models

from .automated import check_automated


class CrmLead(models.Model):
    """The methods that scheduled jobs call by name: they are never renamed."""

    _inherit = "crm.lead"

    @api.model
    def action_cron_refresh(self):
        """Bring profiles and scores up to date."""
        check_automated(self.env)
        self._cron_derived()
