from odoo import models

from ..policy.constants import CANCELED, DUE, WON


class LeadShare(models.Model):
    """What is due for a share, as long as nobody decided on it."""

    _inherit = "lead.share"

    def _settle_commission(self):
        """Note what is due once a lead is won; a loss that follows cancels it."""
        # sudo: whoever wins the lead owes it, whatever they see
        Commission = self.env["lead.share.commission"].sudo()
        for share in self:
            known = Commission.search([("share_id", "=", share.id)])
            if share.state != WON:
                known.filtered(lambda one: one.state == DUE)._move(CANCELED)
                continue
            if not (values := Commission._prepare(share)):
                continue
            if not known:
                Commission.create(values)
            elif known.state in (DUE, CANCELED):
                if known.state == CANCELED:
                    known._move(DUE)
                known.write(values)
