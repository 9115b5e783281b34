from odoo import models
from odoo.tools import plaintext2html

from ....tools.incoming_text import clean_incoming
from ....tools.whatsapp_payload import (
    clean_text,
    get_sender,
    get_text,
    get_variants,
    is_number,
    is_opt_out,
)
from ..constants import ALL, MARKETING, WHATSAPP
from ..gate.lead_consent import GIVEN, WITHDRAWN
from ..outbox.lead_message import UNKNOWN, WENT_OUT
from .lead_whatsapp_event import DONE, IGNORED
from .whatsapp_cloud import NAME


def _dict(value):
    return value if isinstance(value, dict) else {}


class LeadWhatsappEvent(models.Model):
    """Messages that come in: to the right lead, or to capture."""

    _inherit = "lead.whatsapp.event"

    def _run_message(self, data):
        """Put a message into the chatter of its lead."""
        message, contact = _dict(data.get("message")), _dict(data.get("contact"))
        sender, date = get_sender(message), self._get_date(message)
        if not sender:
            return {"state": IGNORED, "error": self.env._("The message has no sender.")}
        if self._is_too_old(date):
            return {"state": IGNORED, "error": self.env._("The message is too old.")}
        if message.get("type") == "reaction" and not self._get_reaction(message):
            return {"state": IGNORED, "error": self.env._("A reaction was removed.")}
        # before the row of the sender is locked: others may wait for that
        files, problem = self._fetch_files(message)
        name = clean_incoming(_dict(contact.get("profile")).get("name"), 100)
        known = self.env["lead.whatsapp.contact"]._get_locked(
            self.account_id, sender, name
        )
        answered = self._get_answered(message, sender)
        lead = self._get_lead(known, answered)
        is_stop = is_opt_out(get_text(message), self.account_id.opt_out_words)
        if is_stop:
            self._withdraw(lead, sender, get_text(message), ALL)
        if not lead and is_stop:
            # somebody who wants nothing becomes no lead
            known._wrote(date, lead)
            return {"state": DONE}
        if not lead:
            lead = self._capture(sender, name, message)
        known._wrote(date, lead)
        posted = self._post(lead, sender, name, message, date, answered, files, problem)
        self._set_replied(answered, date)
        return {"lead_id": lead.id, "mail_message_id": posted.id}

    # ------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------

    def _get_lead(self, contact, answered):
        """Return the lead a message belongs to, or none.

        That is the lead of the message it answers; else the newest open one of the
        company with this number, those with an owner first; else one that is closed,
        in sight; else the lead this person wrote to before.
        """
        company = self.account_id.company_id
        allowed = [company.id, False]
        if (lead := answered.lead_id) and lead.company_id.id in allowed:
            return lead
        lead = self.env["crm.lead"]._find_writer(
            company, numbers=get_variants(contact.sender)
        )
        if lead or not contact.lead_id.active:
            return lead
        return contact.lead_id.filtered(lambda one: one.company_id.id in allowed)

    def _get_answered(self, message, sender):
        """Return the message of ours that this one answers, or none."""
        reference = clean_text(_dict(message.get("context")).get("id"), 256)
        reaction = _dict(message.get("reaction"))
        reference = reference or clean_text(reaction.get("message_id"), 256)
        Message = self.env["lead.message"]
        if reference:
            domain = [("provider", "=", NAME), ("provider_ref", "=", reference)]
            found = Message.search(domain, limit=1)
            if found.account_id in (self.account_id, found.account_id.browse()):
                return found
        return Message.search(
            [
                ("account_id", "=", self.account_id.id),
                ("recipient", "in", get_variants(sender)),
                ("channel", "=", WHATSAPP),
                ("state", "in", (*WENT_OUT, UNKNOWN)),
                ("queued_date", ">", self._get_oldest_answered()),
            ],
            order="id desc",
            limit=1,
        )

    def _capture(self, sender, name, message):
        """Hand somebody unknown to the capture of leads."""
        return self.env["crm.lead"]._whatsapp_capture(
            self.account_id,
            {
                "phone": f"+{sender}" if is_number(sender) else "",
                "sender": sender,
                "name": name,
                "text": get_text(message),
                "referral": {
                    key: clean_incoming(value, 500)
                    for key, value in _dict(message.get("referral")).items()
                    if isinstance(key, str)
                },
            },
        )

    # ------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------

    def _post(self, lead, sender, name, message, date, answered, files, problem):
        """Write the message into the chatter of the lead, as one that came in."""
        lines = [self._describe(message), problem]
        body = plaintext2html("\n".join(filter(None, lines)))
        number = f"+{sender}" if is_number(sender) else sender
        return lead._whatsapp_post_incoming(
            body,
            author=f"{name} ({number})" if name else number,
            date=date,
            parent_id=answered.mail_message_id.id,
            attachments=files,
        )

    def _set_replied(self, answered, date):
        """Note that our last message got an answer."""
        if answered.provider_ref:
            self.env["lead.message"]._set_status(
                NAME, answered.provider_ref, "replied", date
            )

    def _withdraw(self, lead, sender, text, purpose, state=WITHDRAWN):
        """Record that this person wants no messages, or again wants them."""
        if not is_number(sender) and not lead:
            return
        Consent = self.env["lead.consent"]
        values = {
            "purpose": purpose,
            "channel": WHATSAPP,
            "how": "reply",
            "text": text,
            "source": self.account_id.name,
            "user_id": False,
            "company_id": self.account_id.company_id.id,
        }
        if is_number(sender):
            values["phone_sanitized"] = f"+{sender}"
        Consent._record(lead, state, **values)

    def _run_preference(self, data):
        """Note that somebody switched advertising off, or on, in WhatsApp itself."""
        sender, date = get_sender({"from": data.get("wa_id")}), self._get_date(data)
        value = data.get("value")
        if not sender or value not in ("stop", "resume") or self._is_too_old(date):
            return {"state": IGNORED}
        contact = self.env["lead.whatsapp.contact"]._get_locked(
            self.account_id, sender, None
        )
        lead = self._get_lead(contact, self.env["lead.message"])
        text = clean_text(data.get("detail"), 500)
        state = WITHDRAWN if value == "stop" else GIVEN
        self._withdraw(lead, sender, text, MARKETING, state)
        return {"lead_id": lead.id}
