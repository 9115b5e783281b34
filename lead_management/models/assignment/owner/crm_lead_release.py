from odoo import models
from odoo.exceptions import AccessError

from ....exceptions import RefusedError
from ....tools.texts import storable


class CrmLead(models.Model):
    """Giving leads back: to the pool they came from, or to the rules."""

    _inherit = "crm.lead"

    def action_release_dialog(self):
        """Ask why the lead is given back."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "lead_management.lead_release_action"
            ),
            "context": {"default_lead_ids": self.ids},
        }

    def action_release(self, reason):
        """Give leads back: to the pool they came from, or to the rules.

        :param reason: why, for the history
        :raise AccessError: when somebody else owns one of them
        :raise RefusedError: without a reason
        """
        if not isinstance(reason, str) or not reason.strip():
            raise RefusedError(self.env._("Enter the reason why you release the lead."))
        self.check_access("write")
        if not self._is_above_limits() and self.user_id - self.env.user:
            raise AccessError(self.env._("You can only release your own leads."))
        owned = self.filtered("user_id")
        for lead in owned:
            if not lead._get_owner_state().is_open:
                raise RefusedError(
                    self.env._(
                        "“%s” is closed. Reopen it before you release it.", lead.name
                    )
                )
        # sudo: salespeople must not see what they give back any more
        owned.sudo()._release("released", storable(reason).strip()[:500])
        return True

    def _release(self, outcome, detail=False, trigger="release"):
        """Take the owners of leads away, note it, and let others have them."""
        before = {lead.id: lead.user_id for lead in self}
        Log = self.env["lead.assignment.log"]
        logs = []
        self._pool_leave()
        for (company, pool), leads in self.grouped(
            lambda lead: (lead.company_id, lead.assignment_pool_id.filtered("active"))
        ).items():
            waits = not pool and self.env["lead.assignment.rule"]._has_trigger(
                "capture"
            )
            logs += [
                self._prepare_owner_log(lead, trigger, outcome)
                | {
                    "user_id": False,
                    "user_before_id": lead.user_id.id,
                    "pool_id": pool.id,
                    "detail": detail,
                }
                for lead in leads
            ]
            leads._as_engine().write(
                {
                    "user_id": False,
                    "company_id": company.id,
                    "assignment_pool_id": pool.id,
                    "assignment_pending": waits and True,
                }
            )
            leads._pool_return()
            if waits:
                leads._assignment_defer(trigger)
        self._note_owners(
            list(self), {lead.id: (before[lead.id], lead.team_id) for lead in self}
        )
        # others may wait for the room that is there now
        self._assignment_trigger_retry()
        return Log.create(logs)
