from dataclasses import dataclass
from datetime import datetime

from odoo import api, models

SEND, LATER, HOLD = "send", "later", "hold"


@dataclass(frozen=True)
class Decision:
    """What the gate says of one message: send it now, later, or not."""

    outcome: str
    at: datetime | None = None
    code: str | None = None
    # a text for people
    reason: str | None = None
    overridable: bool = False
    # advice that keeps nobody from sending
    advice: str | None = None

    def as_json(self):
        """Return what is kept with the message."""
        return {
            "outcome": self.outcome,
            "code": self.code,
            "reason": self.reason,
            "advice": self.advice,
        }


class LeadMessageGate(models.AbstractModel):
    """The one decision every outgoing message passes."""

    _name = "lead.message.gate"
    _description = "Gate of Messages"

    @api.model
    def _decide(self, rows):
        """Decide on messages, in a constant number of statements.

        :param rows: dicts of the fields of ``lead.message``, completed in place by
          ``recipient`` and ``company_id``
        :return: list of :class:`Decision`
        """
        self._complete(rows)
        return [self._decide_one(row) for row in rows]

    @api.model
    def _complete(self, rows):
        leads = self.env["crm.lead"].browse([row["lead_id"] for row in rows]).sudo()
        for row, lead in zip(rows, leads, strict=True):
            row["company_id"] = lead.company_id.id
            row["recipient"] = (
                row.get("recipient")
                or {
                    "email": lead.email_normalized,
                    "sms": lead.phone_sanitized,
                    "whatsapp": lead.whatsapp,
                }[row["channel"]]
            )

    @api.model
    def _decide_one(self, row):
        if not row["recipient"]:
            return Decision(
                HOLD,
                code="recipient",
                reason=self.env._("There is no address on this channel."),
            )
        if row.get("send_at"):
            return Decision(LATER, at=row["send_at"], code="scheduled")
        return Decision(SEND)
