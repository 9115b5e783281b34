from odoo import models

from ....tools.whatsapp_errors import ACCOUNT, NUMBER, OPT_OUT, get_kind
from ....tools.whatsapp_payload import clean_text, get_sender
from ..constants import MARKETING, WHATSAPP
from ..outbox.lead_message import DELIVERED, FAILED, READ, SENDING, SENT, UNKNOWN
from .lead_whatsapp_event import IGNORED, PostponedError
from .whatsapp_cloud import NAME

STATUSES = (SENT, DELIVERED, READ, FAILED)
# While the answer to a message is still out, its status waits for it so often.
WAITS = 4


class LeadWhatsappEvent(models.Model):
    """What becomes of messages that were sent."""

    _inherit = "lead.whatsapp.event"

    def _run_status(self, status):
        """Hand a status to the outbox, which knows what may follow what."""
        name = clean_text(status.get("status"), 32)
        reference = clean_text(status.get("id"), 256)
        if name not in STATUSES or not reference:
            return {"state": IGNORED}
        date = self._get_date(status)
        code, text = self._get_status_error(status)
        self._bind(status, reference)
        message = self.env["lead.message"]._set_status(
            NAME, reference, name, date, text
        )
        if name == message.state == FAILED:
            self._note_failure(message, code)
        return {"lead_id": message.lead_id.id}

    def _bind(self, status, reference):
        """Give its reference to a message whose answer got lost on the way.

        Meta sends back the key we gave it: a message nobody knew the fate of is found
        by it, and is no longer unknown.

        :raises PostponedError: while the answer may still come
        """
        key = clean_text(status.get("biz_opaque_callback_data"), 64)
        if not key:
            return
        message = self.env["lead.message"].search(
            [
                ("key", "=", key),
                ("account_id", "=", self.account_id.id),
                ("channel", "=", WHATSAPP),
                ("provider_ref", "=", False),
            ]
        )
        if message.state == SENDING and self.attempts < WAITS:
            raise PostponedError(self.env._("The message is currently being sent."))
        if message.state == UNKNOWN:
            message._whatsapp_bind(reference)

    def _get_status_error(self, status):
        """Return code and text of the error of a status, None where there is none."""
        errors = status.get("errors")
        error = errors[0] if isinstance(errors, list) and errors else None
        if not isinstance(error, dict):
            return None, None
        details = error.get("error_data")
        details = details.get("details") if isinstance(details, dict) else None
        message = clean_text(details or error.get("message") or error.get("title"), 300)
        code = error.get("code")
        code = code if isinstance(code, int) else None
        return code, self.account_id._get_error_text(code, message)

    def _note_failure(self, message, code):
        """Draw the consequences of a failure beyond the message itself."""
        kind = get_kind(code)
        if kind == NUMBER:
            message._report_dead_address(message.error)
        elif kind == OPT_OUT:
            sender = get_sender({"from": (message.recipient or "").lstrip("+")})
            self._withdraw(message.lead_id, sender, message.error, MARKETING)
        elif kind == ACCOUNT:
            self.account_id._set_out_of_order(message.error)
