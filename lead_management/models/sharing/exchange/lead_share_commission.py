from odoo import models

from ..policy.constants import CANCELED, CONFIRMED, DISPUTED, PAID

# What either side may say to the other.
OF_PAYER, OF_PAYEE = (CONFIRMED, DISPUTED), (PAID, DISPUTED, CANCELED)


class LeadShareCommission(models.Model):
    """Commissions between databases: each side has its row, and hears the other."""

    _inherit = "lead.share.commission"

    def _decide(self, state, note="", who=""):
        result = super()._decide(state, note, who)
        if not who:
            self.share_id._send_message(
                "commission", lambda s: {"state": state, "note": note}
            )
        return result

    def _receive(self, body):
        """Take what the other side decided, where it is theirs to decide."""
        self.ensure_one()
        share = self.share_id
        state = body.get("state")
        theirs = OF_PAYER if share.company_id else OF_PAYEE
        if state in theirs and self._may_become(state):
            who = share.recipient_name if share.company_id else share.giver_name
            self._decide(state, str(body.get("note") or ""), who)
