from odoo import api, models

from ..base.automated import check_automated
from ..base.stage_types import NURTURING, QUALIFIED


class CrmLead(models.Model):
    """The methods of the pipeline that automated actions and jobs call by name.

    Each asks again, right before the commit, whether the lead is still one for it.
    """

    _inherit = "crm.lead"

    def action_auto_contacted(self):
        """Move leads that somebody got in touch with out of Open."""
        self._run_automated("_stage_contacted")

    def action_auto_reactivate(self):
        """Bring dormant customers back into the pipeline, who show interest again."""
        self._run_automated("_stage_reactivate")

    def action_auto_convert(self):
        """Make opportunities with a contact of leads that got that far."""
        self._run_automated("_stage_convert")

    def action_auto_cancel_activities(self):
        """Cancel what is planned with leads that are worked on no more."""
        self._run_automated("_stage_cancel_activities")

    def action_auto_close_activities(self):
        """Close what is planned with leads that became customers."""
        self._run_automated("_stage_close_activities")

    def action_auto_qualify_known(self):
        """Move leads on of which all is known that Qualified requires."""
        self._run_automated("_stage_qualify_known")

    def action_auto_qualify(self):
        """Move leads to Qualified."""
        self._run_automated("_stage_move", QUALIFIED)

    def _score_move_to_qualified(self):
        """The same, for actions that somebody changed before 19.0.1.6.0."""
        self.action_auto_qualify()

    def action_auto_nurture(self):
        """Move leads to Nurturing."""
        self._run_automated("_stage_move", NURTURING)

    def _run_automated(self, method, *args):
        check_automated(self.env)
        self._run_before_commit(method, *args)

    @api.model
    def action_cron_inactive(self):
        """Move customers nobody heard of for long to Inactive."""
        check_automated(self.env)
        self._cron_inactive()

    @api.model
    def action_cron_revisit(self):
        """Bring leads back whose day to be looked at again has come."""
        check_automated(self.env)
        self._cron_revisit()
