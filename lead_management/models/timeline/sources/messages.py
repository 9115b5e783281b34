"""What was written: messages of the chatter, and those of the outbox."""

from email.utils import parseaddr

from odoo.tools import SQL, format_datetime, html2plaintext

from ...messaging.channel.channel import get_channel
from ...scoring.mail_message import COMMENT, TYPES, sql_channel
from ..source import COLLEAGUE, IN, OUT, SOURCES, Source

QUOTE_LENGTH = 300


def shorten(text):
    """Return the beginning of a text, in one line."""
    text = " ".join((text or "").split())
    return text if len(text) <= QUOTE_LENGTH else f"{text[: QUOTE_LENGTH - 1]}…"


def quote_html(html):
    """Return the beginning of what an HTML text says, in one line."""
    return shorten(html2plaintext(html or "", include_references=False))


def get_author(message):
    """Return who wrote a message, in a word."""
    name, address = parseaddr(message.email_from or "")
    return message.author_id.name or name or address


@SOURCES.add
class MessageSource(Source):
    """What people wrote, as far as no touch and no message of the outbox tells it."""

    number = 3
    model = "mail.message"
    alias = "message"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("message.res_id"),
            "date": SQL("message.date"),
            "recorded_date": SQL("message.create_date"),
            "kind": SQL(
                """
                CASE WHEN message.mail_activity_type_id IS NOT NULL THEN 'activity'
                     ELSE %s END
                """,
                sql_channel(SQL("message.message_type"), "note"),
            ),
            "direction": SQL(
                """
                CASE WHEN message.message_type = 'email' AND %s IS NULL THEN %s
                     WHEN message.message_type = ANY(%s) THEN %s END
                """,
                COLLEAGUE,
                IN,
                list(TYPES),
                OUT,
            ),
            "user_id": COLLEAGUE,
            "author_id": SQL("message.author_id"),
        }

    @classmethod
    def get_where(cls, env):
        return SQL(
            """
            message.model = 'crm.lead' AND message.date IS NOT NULL
            AND (message.mail_activity_type_id IS NOT NULL
                 OR message.message_type = ANY(%s))
            AND NOT EXISTS (
                SELECT FROM lead_touch WHERE lead_touch.message_id = message.id)
            AND NOT EXISTS (
                SELECT FROM lead_message
                WHERE lead_message.mail_message_id = message.id)
            """,
            [*TYPES, COMMENT, "auto_comment"],
        )

    @classmethod
    def get_messages(cls, records):
        return records

    @classmethod
    def describe(cls, records, reader):
        return {message.id: cls._describe(message, reader) for message in records}

    @classmethod
    def _describe(cls, message, reader):
        subject = message.subject or ""
        if message.mail_activity_type_id:
            text = reader._("Done: %s", message.mail_activity_type_id.name)
        elif message.message_type in ("email", "email_outgoing"):
            users = message.author_id.user_ids
            is_in = message.message_type == "email" and not users - users.filtered(
                "share"
            )
            text = reader._("Email received") if is_in else reader._("Email sent")
        elif message.message_type in ("sms", "whatsapp_message"):
            names = {"sms": reader._("SMS sent"), "whatsapp_message": "WhatsApp"}
            text = names[message.message_type]
        else:
            text = reader._("Note")
        return {
            "text": text,
            "note": subject,
            "quote": quote_html(message.body),
            "who": get_author(message),
        }


@SOURCES.add
class OutboxSource(Source):
    """Messages of the outbox: one row each, with how far it came."""

    number = 4
    model = "lead.message"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("COALESCE(source.sent_date, source.queued_date)"),
            "recorded_date": SQL("source.queued_date"),
            "kind": SQL("source.channel"),
            "direction": SQL("%s", OUT),
            "user_id": SQL("source.user_id"),
        }

    @classmethod
    def describe(cls, records, reader):
        states = cls.get_labels(records, "state")
        channels = cls.get_labels(records, "channel")
        return {
            message.id: {
                "text": f"{channels[message.channel]}: {states[message.state]}",
                "note": cls._get_note(message, reader),
                "quote": quote_html(message.body)
                if get_channel(message.channel).is_html
                else shorten(message.body),
            }
            for message in records
        }

    @classmethod
    def _get_note(cls, message, reader):
        parts = [message.subject]
        if message.read_date:
            date = format_datetime(reader, message.read_date, dt_format="short")
            parts.append(reader._("read on %s", date))
        elif message.problem:
            parts.append(message.problem)
        return ", ".join(filter(None, parts))
