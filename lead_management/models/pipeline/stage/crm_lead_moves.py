from odoo import api, models
from odoo.fields import Domain

from ...base.context import STAGE_REASON
from ...base.stage_types import (
    CONTACTED,
    CUSTOMER,
    INACTIVE,
    NURTURING,
    OPEN,
    QUALIFIED,
    UNQUALIFIED,
)
from ...qualification.lead_stage_requirement import REQUIRED


class CrmLead(models.Model):
    """Moves that automated actions make; each is a record an administrator sees."""

    _inherit = "crm.lead"

    def _stage_of_type(self, stage_type):
        """Return the first stage of a type for each team of these leads.

        :return: dict of team to stage, which may be empty
        """
        # sudo: stages are no secret
        Stage = self.env["crm.stage"].sudo()
        stages = Stage.search([("stage_type", "=", stage_type)])
        return {
            team: stages.filtered(lambda stage, team=team: stage._fits_team(team))[:1]
            for team in (*self.team_id, self.env["crm.team"])
        }

    def _stage_move(self, stage_type, reason=None):
        """Move leads to the stage of a type; those whose team has none stay.

        One lead that cannot move does not keep the others from it.

        :param stage_type: one of ``STAGE_TYPES``
        :param reason: why, for the history
        :return: the leads that moved
        """
        targets = self._stage_of_type(stage_type)
        moved = self.browse()
        if reason:
            self = STAGE_REASON.set(self, reason)
        for team, leads in self.grouped("team_id").items():
            stage = targets[team]
            if stage:
                elsewhere = leads.filtered(
                    lambda lead, stage=stage: lead.stage_id != stage
                )
                moved += elsewhere._run_apart("write", {"stage_id": stage.id})
        return moved

    def _stage_contacted(self):
        """Move leads that somebody got in touch with out of Open."""
        return self.filtered(lambda lead: lead.stage_id.stage_type == OPEN)._stage_move(
            "contacted"
        )

    def _stage_qualify_known(self):
        """Move leads on of which all is known that Qualified requires.

        Where it requires nothing, nothing says that a lead is qualified.
        """
        early = self.filtered(lambda lead: lead.stage_type in (CONTACTED, NURTURING))
        targets = early._stage_of_type(QUALIFIED)
        gated = self.env["lead.stage.requirement"]._get_by_stage()
        for team, leads in early.grouped("team_id").items():
            stage_id = targets[team].id
            if not any(data.level == REQUIRED for data in gated.get(stage_id, ())):
                continue
            lacking = leads._gate_missing(stage_id)
            leads.filtered(
                lambda lead, lacking=lacking: (
                    not any(data.level == REQUIRED for data in lacking.get(lead.id, ()))
                )
            )._stage_move(QUALIFIED)

    def _stage_reactivate(self, reason=None):
        """Bring dormant customers back into the pipeline, who show interest again."""
        dormant = self.filtered(lambda lead: lead.stage_id.stage_type == INACTIVE)
        return dormant._stage_move(OPEN, reason)

    def action_stage_reactivate(self):
        """Bring dormant customers back into the pipeline, by hand."""
        self.check_access("write")
        self._stage_reactivate(self.env._("Reactivated manually"))
        return True

    def _stage_cancel_activities(self):
        """Cancel what is planned with leads that are worked on no more, and say so."""
        self.filtered(lambda lead: lead.stage_type == UNQUALIFIED)._cancel_activities()

    def _cancel_activities(self):
        self._drop_activities(
            self.activity_ids,
            self.env._("Canceled because the lead is disqualified: %s"),
        )

    # ------------------------------------------------------------
    # Dormant customers, and leads to come back to
    # ------------------------------------------------------------

    @api.model
    def _cron_inactive(self, limit=1_000):
        """Move customers nobody heard of for long to Inactive, batch by batch."""
        progress = self.env["ir.cron"]._commit_progress
        lead_ids = self.env["lead.dormancy"]._find()
        progress(remaining=len(lead_ids))
        for start in range(0, len(lead_ids), limit):
            leads = self.browse(lead_ids[start : start + limit]).exists()
            leads.filtered(
                lambda lead: lead.stage_id.stage_type == CUSTOMER
            )._stage_move(INACTIVE, self.env._("No purchase or contact"))
            if not progress(len(leads)):
                break

    @api.model
    def _cron_revisit(self, limit=1_000):
        """Bring leads back whose day to be looked at again has come."""
        progress = self.env["ir.cron"]._commit_progress
        due = Domain("stage_revisit_date", "<=", self.env.cr.now().date()) & Domain(
            "stage_id.stage_type", "=", UNQUALIFIED
        )
        lead_ids = self.search(due, order="id").ids
        progress(remaining=len(lead_ids))
        for start in range(0, len(lead_ids), limit):
            leads = self.browse(lead_ids[start : start + limit]).exists()
            leads.filtered_domain(due)._stage_move(
                OPEN, self.env._("Revisit date reached")
            )
            if not progress(len(leads)):
                break
