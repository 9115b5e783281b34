import logging
from email.message import Message

from odoo import api, models
from odoo.tools import email_normalize
from odoo.tools.mail import unfold_references

from ....tools.mail_writers import (
    PERSON,
    PROGRAM,
    SERVER,
    get_writer,
    is_about_delivery,
)
from .lead_message import REPLIED

_logger = logging.getLogger(__name__)

# The type of a message that no person wrote: of these none is a touch, nor gives
# points, nor is a sign of life.
AUTOMATIC = "auto_comment"


class MailThread(models.AbstractModel):
    """What comes in by email tells of what went out, if a person wrote it."""

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
        elif {route[0] for route in routes} <= self._get_touch_models():
            # nor does it count as an answer to a mailing
            message_dict.update(references="", in_reply_to="")
        return routes

    @api.model
    def _get_lead_references(self, message_dict):
        text = message_dict.get("references") or message_dict.get("in_reply_to") or ""
        return [reference.strip() for reference in unfold_references(text)][-32:]

    # ------------------------------------------------------------
    # Mails that no person wrote
    # ------------------------------------------------------------

    @api.model
    def _get_touch_models(self):
        """Return the models whose messages are touches of leads."""
        return {"crm.lead"}

    @api.model
    def _is_automatic(self, message: Message):
        """Return whether no person wrote a mail: the only notion there is of it."""
        return get_writer(message) != PERSON

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        """Many servers send reports that do not say that they are one."""
        is_bounce = super()._detect_is_bounce(message, message_dict)
        return is_bounce or get_writer(message) == SERVER

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        if not routes or not self._is_automatic(message):
            return super()._message_route_process(message, message_dict, routes)
        models_ = self._get_touch_models()
        ours = [route for route in routes if route[0] in models_]
        others = [route for route in routes if route[0] not in models_]
        # what is told to leads is a note that nobody answers, and no message to all
        note = {**message_dict, "message_type": AUTOMATIC, "is_internal": True}
        thread_id = super()._message_route_process(message, message_dict, others)
        if get_writer(message) != PROGRAM:
            ours = self._without_new_leads(message_dict, ours)
        if ours:
            thread_id = super()._message_route_process(message, note, ours)
        return thread_id

    @api.model
    def _without_new_leads(self, message_dict, routes):
        """Return routes of an automatic reply that make no lead of it.

        It is noted on the lead it seems to be of, if there is one.
        """
        kept = []
        for model, thread_id, custom_values, user_id, alias in routes:
            lead_id = thread_id
            if not lead_id and model == "crm.lead":
                lead = self._find_lead_of_sender(message_dict, custom_values, user_id)
                _logger.info(
                    "Automatic reply %s from %s: no lead is made of it, noted on %s",
                    *(message_dict["message_id"], message_dict["email_from"]),
                    lead or "none",
                )
                lead_id = lead.id
            if lead_id:
                kept.append((model, lead_id, custom_values, user_id, alias))
        return kept

    @api.model
    def _find_lead_of_sender(self, message_dict, custom_values, user_id):
        # sudo: whoever runs the gateway; a company that is not the one of the address
        # is left alone
        env = self.env(su=True)
        team = env["crm.team"].browse((custom_values or {}).get("team_id", ()))
        company = team.company_id or env["res.users"].browse(user_id).company_id
        email = email_normalize(message_dict["email_from"])
        return env["crm.lead"]._find_writer(company, emails=[email] if email else ())

    # ------------------------------------------------------------
    # Bounces
    # ------------------------------------------------------------

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        references = message_dict.get("bounced_msg_ids") or []
        action, status, text = _read_report(email_message)
        if action == "failed" and is_about_delivery(email_message):
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
