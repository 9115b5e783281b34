from odoo import api, fields, models

from ....tools import smtp_replies
from ....tools.verdicts import CONFIRMED, EXISTS, OK
from ..channel.channel import REGISTERED, get_channel
from .lead_message import (
    DELIVERED,
    FAILED,
    READ,
    REPLIED,
    RETRY,
    SENDING,
    SENT,
    UNKNOWN,
    WENT_OUT,
)
from .lead_message_queue import clean_line

# How far a message has got; a status never leads back.
RANKS = {SENT: 1, DELIVERED: 2, READ: 3, REPLIED: 4}
DATES = {
    SENT: "sent_date",
    DELIVERED: "delivered_date",
    READ: "read_date",
    REPLIED: "replied_date",
}


class LeadMessage(models.Model):
    """What becomes of a message after it was sent."""

    _inherit = "lead.message"

    @api.model
    def _set_status(self, provider, provider_ref, status, date=None, error=None):
        """Record what a provider tells of a message; twice, late or early is harmless.

        :param provider: technical name
        :param status: ``sent``, ``delivered``, ``read``, ``replied`` or ``failed``
        :param date: when it happened, by default now
        :return: the message; empty as long as it is not known: the status is kept, and
          applied when it is
        """
        if status not in (*RANKS, FAILED):
            raise ValueError(status)
        date = date or fields.Datetime.now()
        # sudo: it comes from outside
        message = self.sudo().search(
            [("provider", "=", provider), ("provider_ref", "=", provider_ref)]
        )
        if message:
            message._apply_status(status, date, error)
        else:
            # sudo: it comes from outside, and is kept
            self.env["lead.message.status"].sudo().create(
                {
                    "provider": provider,
                    "provider_ref": provider_ref,
                    "status": status,
                    "date": date,
                    "error": error,
                }
            )
        return message

    def _apply_status(self, status, date, error=None):
        """Move on, unless the message is further already."""
        if status == FAILED:
            if self.state in (SENT, SENDING, UNKNOWN, RETRY):
                self._move(FAILED, error=error, error_code="reported")
                self._update_notification()
            return
        values = {}
        if not self[DATES[status]]:
            values[DATES[status]] = date
        if RANKS[status] > RANKS.get(self.state, 0) and self._may_become(status):
            # that it arrived says that it was sent
            values.setdefault("sent_date", self.sent_date or date)
            self._move(status, error=False, error_code=False, **values)
            self._give_evidence(status, date)
        elif values:
            self.write(values)
        self._update_notification()

    def _give_evidence(self, status, date):
        """Let the lead know that there is somebody at the other end."""
        if status not in (DELIVERED, READ):
            return
        channel = get_channel(self.channel)
        # a machine may have opened an email
        is_read = status == READ and channel.reports_delivery
        level = CONFIRMED if is_read else EXISTS
        self.lead_id._verify_evidence(
            channel.datum,
            status,
            OK,
            level,
            "delivered",
            value=self.recipient,
            date=date,
        )

    @api.model
    def _apply_kept(self):
        """Apply the statuses that came before the answer of the provider."""
        Status = self.env["lead.message.status"]
        for status in Status._get_matched():
            message = self.search(
                [
                    ("provider", "=", status.provider),
                    ("provider_ref", "=", status.provider_ref),
                ]
            )
            message._apply_status(status.status, status.date, status.error)
            status.unlink()

    @api.model
    def _get_answered(self, references):
        """Return the messages that an incoming email refers to."""
        if not references:
            return self.browse()
        # sudo: it comes from outside
        return self.sudo().search(
            [
                ("channel", "in", [one.key for one in REGISTERED if one.is_message_id]),
                ("provider_ref", "in", references),
            ]
        )

    def _settle(self):
        """Post what is not in the chatter yet: an answer to it has come."""
        for message in self.filtered(lambda message: not message.mail_message_id):
            if message.state in (SENDING, UNKNOWN, FAILED):
                message._move(SENT, sent_date=fields.Datetime.now())
            if message.state in WENT_OUT:
                message._post_now()

    def _bounce(self, status, text):
        """Record that an email came back.

        :param status: the enhanced code, as in 5.1.1
        """
        text = clean_line(text)[:500]
        code = 450 if status.startswith("4") else 550
        kind, label = smtp_replies.classify(code, f"{status} {text}")
        self._apply_status(FAILED, fields.Datetime.now(), text)
        self.error_code = label
        if kind == smtp_replies.DEAD:
            self._report_dead_address(text)
