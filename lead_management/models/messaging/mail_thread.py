from email.message import Message

from odoo import api, models
from odoo.tools.mail import unfold_references

from .lead_message import REPLIED

# By these a mail program says that nobody has read anything.
AUTOMATIC = ("X-Autoreply", "X-Autorespond")


class MailThread(models.AbstractModel):
    """What comes in by e-mail tells of what went out."""

    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        references = self._get_lead_references(message_dict)
        answered = self.env["lead.message"]._get_answered(references)
        # who is answered in the same minute is answered in the right place, too
        answered._settle()
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if routes and not self._is_automatic(message):
            for lead_message in answered:
                lead_message._set_status(
                    lead_message.provider, lead_message.provider_ref, REPLIED
                )
        return routes

    @api.model
    def _get_lead_references(self, message_dict):
        text = message_dict.get("references") or message_dict.get("in_reply_to") or ""
        return [reference.strip() for reference in unfold_references(text)][-32:]

    @api.model
    def _is_automatic(self, message: Message):
        submitted = (message.get("Auto-Submitted") or "no").lower()
        return submitted != "no" or any(message.get(name) for name in AUTOMATIC)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        references = message_dict.get("bounced_msg_ids") or []
        action, status, text = _read_report(email_message)
        if action == "failed":
            for bounced in self.env["lead.message"]._get_answered(references):
                bounced._settle()
                bounced._bounce(status, text or message_dict.get("body") or "")
        return result


def _read_report(message):
    """Return what a report of delivery says: action, status and words.

    A report without these parts, from a server of its own mind, is one of failure.
    """
    action, status, text = "failed", "", ""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields_ in part.get_payload():
            if not isinstance(fields_, Message):
                continue
            action = (fields_.get("Action") or action).strip().lower()
            status = (fields_.get("Status") or status).strip()
            text = (fields_.get("Diagnostic-Code") or text).strip()
    return action, status, " ".join(text.split())
