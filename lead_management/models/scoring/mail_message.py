from collections import namedtuple

from odoo import models
from odoo.tools import SQL

CALL, EMAIL, SMS, WHATSAPP, MEETING = "call", "email", "sms", "whatsapp", "meeting"
CHANNELS = [
    (CALL, "Call"),
    (EMAIL, "Email"),
    (SMS, "Text Message"),
    (WHATSAPP, "WhatsApp"),
    (MEETING, "Meeting"),
]
ICONS = {
    CALL: "fa-phone",
    EMAIL: "fa-envelope",
    SMS: "fa-mobile",
    WHATSAPP: "fa-whatsapp",
    MEETING: "fa-users",
}
OUT, IN = "out", "in"
# The messages by which a colleague gets in touch with a lead.
OUTGOING_TYPES = {
    "email_outgoing": EMAIL,
    "sms": SMS,
    "whatsapp_message": WHATSAPP,
}
# The messages that are written, with those that a lead sent.
TYPES = {"email": EMAIL, **OUTGOING_TYPES}
COMMENT = "comment"
# The activities that are a touch once they are done, by their category.
ACTIVITY_CHANNELS = {"phonecall": CALL, "meeting": MEETING}

MessageTouch = namedtuple("MessageTouch", "channel direction user")


def sql_channel(message_type, otherwise):
    """Return SQL of the channel that a type of message is written on.

    :param otherwise: what other messages are
    """
    cases = [SQL("WHEN %s THEN %s", *pair) for pair in TYPES.items()]
    return SQL("CASE %s %s ELSE %s END", message_type, SQL(" ").join(cases), otherwise)


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _get_lead_touch(self):
        """Return the touch this message is, or None: the only notion there is of it.

        That is an email or text message sent out, a comment to somebody outside, a
        call or meeting that was marked as done, and whatever the lead wrote.

        :return: :class:`MessageTouch`; its user, who got in touch, is empty for what
          the lead wrote
        """
        user = self.author_id.main_user_id.filtered(lambda user: not user.share)
        done = ACTIVITY_CHANNELS.get(self.mail_activity_type_id.category)
        if done:
            return MessageTouch(done, OUT, user or self.env.user)
        if self.message_type in OUTGOING_TYPES:
            channel = OUTGOING_TYPES[self.message_type]
            return MessageTouch(channel, OUT, user) if user else None
        if self.message_type == "email":
            return None if user else MessageTouch(EMAIL, IN, user)
        if self.message_type != COMMENT:
            return None
        if not user:  # a customer, in the portal
            return MessageTouch(EMAIL, IN, user) if self.author_id else None
        if any(partner.partner_share for partner in self.partner_ids):
            return MessageTouch(EMAIL, OUT, user)
        return None

    def _is_lead_contacted(self):
        """Return whether somebody of the company got in touch by this message."""
        touch = self._get_lead_touch()
        return bool(touch and touch.user)
