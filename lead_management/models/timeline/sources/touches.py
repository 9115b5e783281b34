"""What somebody did: contacts, meetings, documents and what is planned."""

from odoo.tools import SQL, format_datetime, human_size

from ..source import SOURCES, Source
from .messages import get_author, quote_html, shorten


@SOURCES.add
class TouchSource(Source):
    """Contacts and attempts, unless the outbox tells of the same message."""

    number = 5
    model = "lead.touch"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "kind": SQL("source.channel"),
            "direction": SQL("source.direction"),
            "user_id": SQL("source.user_id"),
            "author_id": SQL("message.author_id"),
        }

    @classmethod
    def get_from(cls, env):
        return SQL(
            "lead_touch AS source"
            " LEFT JOIN mail_message AS message ON message.id = source.message_id"
        )

    @classmethod
    def get_where(cls, env):
        return SQL(
            "NOT EXISTS (SELECT FROM lead_message"
            " WHERE lead_message.mail_message_id = source.message_id)"
        )

    @classmethod
    def get_messages(cls, records):
        return records.message_id

    @classmethod
    def describe(cls, records, reader):
        return {touch.id: cls._describe(touch, reader) for touch in records}

    @classmethod
    def _describe(cls, touch, reader):
        message = touch.message_id
        minutes = reader._("%s min", touch.duration) if touch.duration else ""
        note = [minutes]
        if message.subject and touch.channel == "email":
            note.append(message.subject)
        return {
            "text": cls._get_text(touch, reader),
            "note": ", ".join(filter(None, note)),
            "quote": shorten(touch.note) or quote_html(message.body),
            "who": touch.user_id.name or get_author(message),
        }

    @classmethod
    def _get_text(cls, touch, reader):
        if touch.outcome_id:
            return touch.display_name
        channels = cls.get_labels(touch, "channel")
        name = channels[touch.channel]
        if touch.direction == "in":
            return reader._("%s received", name)
        return reader._("%s sent", name) if touch.channel in ("email", "sms") else name


@SOURCES.add
class MeetingSource(Source):
    """Meetings about the lead, past and to come."""

    number = 6
    model = "calendar.event"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.opportunity_id"),
            "date": SQL("source.start"),
            "recorded_date": SQL("source.create_date"),
            "kind": SQL("'meeting'"),
            "user_id": SQL("source.user_id"),
        }

    @classmethod
    def get_where(cls, env):
        return SQL("source.opportunity_id IS NOT NULL AND source.active IS TRUE")

    @classmethod
    def describe(cls, records, reader):
        return {event.id: cls._describe(event, reader) for event in records}

    @classmethod
    def _describe(cls, event, reader):
        if cls._is_private(event, reader):
            return {
                "text": reader._("Busy"),
                "hidden": reader._("private meetings (time only)"),
            }
        return {
            "text": reader._("Meeting: %s", event.name),
            "note": event.location or "",
        }

    @classmethod
    def _is_private(cls, event, reader):
        """Return whether the reader is told no more than that somebody is busy."""
        user = reader.user
        if event.user_id == user:
            return False  # first, as it asks nothing: most meetings are one's own
        return (
            event.effective_privacy == "private"
            and user.partner_id not in event.partner_ids
        )


@SOURCES.add
class FileSource(Source):
    """Documents, each once, also those that came with a message."""

    number = 7
    model = "ir.attachment"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.res_id"),
            "date": SQL("date_trunc('second', source.create_date)"),
            "kind": SQL("'file'"),
            "user_id": SQL("CASE WHEN message.id IS NULL THEN source.create_uid END"),
            "author_id": SQL("message.author_id"),
        }

    @classmethod
    def get_from(cls, env):
        return SQL(
            """
            ir_attachment AS source LEFT JOIN LATERAL (
                SELECT message.id, message.author_id FROM mail_message message
                JOIN message_attachment_rel rel ON rel.message_id = message.id
                WHERE rel.attachment_id = source.id ORDER BY message.id LIMIT 1
            ) message ON TRUE
            """
        )

    @classmethod
    def get_where(cls, env):
        return SQL(
            "source.res_model = 'crm.lead' AND source.res_field IS NULL"
            " AND source.res_id > 0"
        )

    @classmethod
    def describe(cls, records, reader):
        return {
            attachment.id: {
                "text": attachment.name,
                "note": human_size(attachment.file_size) or "",
                "url": f"/web/content/{attachment.id}?download=true",
            }
            for attachment in records
        }


def describe_file(attachment, reader):
    """Return what a list of documents says: name, size, date and checksum."""
    return {
        "name": attachment.name,
        "size": human_size(attachment.file_size) or "",
        "date": format_datetime(reader, attachment.create_date, dt_format="short"),
        "checksum": attachment.checksum or "",
    }


@SOURCES.add
class PlannedSource(Source):
    """What is planned."""

    number = 8
    model = "mail.activity"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.res_id"),
            "date": SQL("source.date_deadline"),
            "recorded_date": SQL("source.create_date"),
            "kind": SQL("'planned'"),
            "user_id": SQL("source.user_id"),
        }

    @classmethod
    def get_where(cls, env):
        return SQL(
            # a meeting is told by its event
            "source.res_model = 'crm.lead' AND source.active IS TRUE"
            " AND source.calendar_event_id IS NULL"
        )

    @classmethod
    def describe(cls, records, reader):
        return {
            activity.id: {
                "text": activity.summary or activity.activity_type_id.name or "",
                "note": activity.activity_type_id.name if activity.summary else "",
                "quote": quote_html(activity.note),
            }
            for activity in records
        }
