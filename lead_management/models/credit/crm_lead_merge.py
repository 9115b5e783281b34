from odoo import models

from ...exceptions import RefusedError
from .constants import CLAIMED, OPEN, REFUSED


class CrmLead(models.Model):
    """One credit check at a time, also after leads are merged."""

    _inherit = "crm.lead"

    def _credit_merging(self, merged):
        """End all checks under way but one: what is being bought comes first.

        :raise RefusedError: while two reports are being bought
        """
        # sudo: whoever may merge leads takes all along
        checks = self.env["lead.credit.check"].sudo()
        opened = checks.search(
            [("lead_id", "in", (self + merged).ids), ("state", "in", OPEN)]
        )
        if len(opened) < 2:
            return
        bought = opened.filtered(lambda check: check.state == CLAIMED)
        if len(bought) > 1:
            raise RefusedError(
                self.env._(
                    "Credit reports of these leads are being bought right now. Merge "
                    "the leads in a few minutes."
                )
            )
        own = opened.filtered(lambda check: check.lead_id == self)
        kept = bought or own[:1] or opened[:1]
        (opened - kept)._move(REFUSED, refusal="merged")
        (opened - kept)._close_tasks()
        self.env.flush_all()
