from odoo import models

from ...nurturing.constants import LIVE, STOPPED
from ..hooks.lead_enrollment import SHARED


class CrmLead(models.Model):
    """Leads that somebody else works on: they rest, and go on when they are back."""

    _inherit = "crm.lead"

    def _sharing_hold(self, shares):
        """Rest while somebody else works on these leads: no step, no sequence."""
        self._set_on_hold(True)
        activities = self.activity_ids
        by_lead = activities.grouped("res_id")
        activities.active = False
        for share in shares:
            ids = by_lead.get(share.lead_id.id)
            share.held = {"activities": ids.ids} if ids else None
        if self.env["lead.sequence"]._is_used():
            runs = self.env["lead.enrollment"].search(
                [("lead_id", "in", self.ids), ("state", "in", LIVE)]
            )
            runs._end(STOPPED, SHARED)
        notes = {
            share.lead_id.id: self.env._("Shared with %s", share.recipient_name)
            for share in shares
            if share.lead_id
        }
        self.browse(notes)._message_log_batch(notes)

    def _sharing_resume(self, shares):
        """Go on with leads that came back: what was planned is planned again."""
        self._set_on_hold(False)
        ids = [
            id_ for share in shares for id_ in (share.held or {}).get("activities", ())
        ]
        Activity = self.env["mail.activity"].with_context(active_test=False)
        Activity.browse(ids).exists().active = True
        shares.held = False
