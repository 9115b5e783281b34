import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.backoff import get_delay
from ...base.apart import attempt
from ..channel.channel import get_channel
from .lead_message import DELIVERED, FAILED, READ, REPLIED, UNKNOWN, WENT_OUT
from .sender import BROKEN

_logger = logging.getLogger(__name__)


class LeadMessage(models.Model):
    """What the chatter of a lead tells of messages: after they are gone, in batches."""

    _inherit = "lead.message"

    post_attempts = fields.Integer(
        string="Failed Attempts to Post", readonly=True, aggregator=None
    )
    post_next = fields.Datetime(string="Next Attempt to Post", readonly=True)

    @api.model
    def _post_done(self, limit):
        """Post what went out, and note what did not, for a batch of messages.

        One that cannot be posted keeps no others, and is tried again later.

        :return: how many messages there were
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_message
                WHERE is_posted IS NOT TRUE AND state NOT IN
                    ('queued', 'retry', 'sending', 'skipped', 'cancelled')
                  AND (post_next IS NULL OR post_next <= %s)
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                fields.Datetime.now(),
                limit,
            )
        )
        messages = self.browse([id_ for (id_,) in rows])
        if not messages._try_post():
            for message in messages:
                if len(messages) == 1 or not message._try_post():
                    message._postpone_post()
        return len(messages)

    def _try_post(self):
        """Post, or leave no trace; return whether it worked.

        :raises BROKEN: errors of the database are no fault of a message: whoever runs
          this tries again
        """
        try:
            with attempt(self.env):
                self._post_now()
                return True
        except BROKEN:
            raise
        except Exception:
            _logger.warning(
                "The chatter could not be told of messages %s", self.ids, exc_info=True
            )
            return False

    def _postpone_post(self):
        """Try again later, the later the more often it failed."""
        attempts = self.post_attempts + 1
        next_try = fields.Datetime.now() + get_delay(attempts)
        self.write({"post_attempts": attempts, "post_next": next_try})

    def _post_now(self):
        """Tell the chatter in this very transaction."""
        self._post()
        self.is_posted = True

    def _post(self):
        sent = self.filtered(lambda message: message.state in WENT_OUT)
        new = sent.filtered(lambda message: not message.mail_message_id)
        if new:
            new._post_sent()
        for message in sent - new:  # sent again
            message._update_notification()
        for message in self.filtered(
            lambda message: message.state in (FAILED, UNKNOWN)
        ):
            message._note_problem()

    def _post_sent(self):
        """Make messages of the chatter of what went out, all at once."""
        values_list = [message._prepare_post_values() for message in self]
        posted = self.env["crm.lead"]._message_create(values_list)
        for message, mail_message, values in zip(
            self, posted, values_list, strict=True
        ):
            message.mail_message_id = mail_message
            # as if it had been posted: it is a contact, with all that follows
            message.lead_id._message_post_after_hook(mail_message, values)
        self.env["mail.notification"].create(
            [
                values
                for message in self
                if (values := message._prepare_notification_values())
            ]
        )
        self._after_post()

    def _after_post(self):
        """Hook: messages are in the chatter."""

    def _get_message_type(self):
        """Return the type of message of the chatter."""
        types = self.env["mail.message"]._fields["message_type"].get_values(self.env)
        names = get_channel(self.channel).message_types
        return next(name for name in names if name in types)

    def _prepare_post_values(self):
        partner = self.user_id.partner_id or self.env.ref("base.partner_root")
        body = self.body or ""
        values = {
            "model": "crm.lead",
            "res_id": self.lead_id.id,
            "author_id": partner.id,
            "email_from": partner.email_formatted,
            "subject": self.subject,
            "body": Markup(get_channel(self.channel).to_html(body)),
            "message_type": self._get_message_type(),
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            "date": self.sent_date,
            "attachment_ids": [(4, id_) for id_ in self.attachment_ids.ids],
            "reply_to": partner.email_formatted,
        }
        if get_channel(self.channel).is_message_id and self.provider_ref:
            # an answer finds the lead by it
            values["message_id"] = self.provider_ref
        return values

    def _get_partner(self):
        """Return the contact of the lead, when the message went to that one."""
        partner = self.lead_id.partner_id
        known = {partner.email_normalized, partner.phone_sanitized}
        return partner if self.recipient in known else partner.browse()

    def _prepare_notification_values(self):
        channel = get_channel(self.channel)
        if not channel.notification_type:
            return None
        return {
            "mail_message_id": self.mail_message_id.id,
            "author_id": self.mail_message_id.author_id.id,
            "res_partner_id": self._get_partner().id,
            "notification_type": channel.notification_type,
            "notification_status": self._get_notification_status(),
            "is_read": True,
            channel.notification_address: self.recipient,
        }

    def _get_notification_status(self):
        """Return how the chatter shows the state."""
        if self.state == FAILED:
            return "bounce"
        is_delivered = self.state in (DELIVERED, READ, REPLIED)
        if is_delivered or not get_channel(self.channel).reports_delivery:
            return "sent"
        return "pending"

    def _update_notification(self):
        """Let the chatter show what has become of a message since."""
        notifications = self.mail_message_id.notification_ids
        status = self._get_notification_status()
        changed = notifications.filtered(
            lambda notification: notification.notification_status != status
        )
        if changed:
            changed.write(
                {"notification_status": status, "failure_reason": self.error or False}
            )
            changed.mail_message_id._notify_message_notification_update()

    def _note_problem(self):
        """Note on the lead that a message failed, or may have."""
        text = (
            self.env._("%(channel)s to %(recipient)s could not be sent: %(error)s")
            if self.state == FAILED
            else self.env._(
                "%(channel)s to %(recipient)s may not have been sent: %(error)s"
            )
        )
        labels = dict(self._fields["channel"]._description_selection(self.env))
        text %= {
            "channel": labels[self.channel],
            "recipient": self.recipient_shown,
            "error": self.error or "",
        }
        icon = get_channel(self.channel).icon
        body = Markup("<p><i class='fa fa-fw %s text-danger'></i> %s</p>") % (
            icon,
            text,
        )
        self.lead_id._message_log(body=body)
