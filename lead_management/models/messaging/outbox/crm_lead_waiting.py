from odoo import models
from odoo.tools import html2plaintext

from ....tools.phones import show_phone
from ..channel.channel import get_channel
from .lead_message import SENDING, WAITING

# So much of a text tells which message it is.
SHOWN = 200


class CrmLead(models.Model):
    """What waits to be sent, in the chatter: the page of a lead hides nothing of it."""

    _inherit = "crm.lead"

    def _thread_to_store(self, store, fields, *, request_list=None):
        super()._thread_to_store(store, fields, request_list=request_list)
        if "scheduledMessages" not in (request_list or ()):
            return
        for lead in self:
            # sudo: off, the chatter shows what the user may read
            waiting = lead.sudo(False)._get_waiting_messages()
            store.add(lead, {"leadMessagesWaiting": waiting}, as_thread=True)

    def _get_waiting_messages(self):
        """Return what is still to be sent to this lead, as the chatter shows it."""
        Message = self.env["lead.message"]
        if not Message.has_access("read"):
            return []
        messages = Message.search(
            [("lead_id", "=", self.id), ("state", "in", (*WAITING, SENDING))]
        )
        return [message._describe_waiting() for message in messages]


class LeadMessage(models.Model):
    _inherit = "lead.message"

    def _describe_waiting(self):
        body = self.body or ""
        channel = get_channel(self.channel)
        text = html2plaintext(body) if channel.is_html else body
        labels = dict(self._fields["channel"]._description_selection(self.env))
        return {
            "id": self.id,
            "icon": channel.icon,
            "label": labels[self.channel],
            "recipient": show_phone(self._get_recipient_now()) or "",
            "sender": self.user_id.name or "",
            "subject": self.subject or "",
            "text": text.strip()[:SHOWN],
            "wait": self.wait,
            "is_sending": self.state == SENDING,
        }
