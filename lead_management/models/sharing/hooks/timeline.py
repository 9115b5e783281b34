"""Sharing in the story of a lead: what was offered, accepted, and became of it."""

from odoo.tools import SQL

from ...timeline.source import SOURCES, UP, Source


class ShareSource(Source):
    """Events of shares, of one side."""

    model = "lead.share.event"
    side = None

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("share.%s", SQL.identifier(cls.side)),
            "date": SQL("source.date"),
            "kind": SQL("'share'"),
            "user_id": SQL("source.user_id"),
            "direction": SQL("CASE WHEN source.kind = 'accept' THEN %s END", UP),
        }

    @classmethod
    def get_from(cls, env):
        return SQL(
            "lead_share_event AS source JOIN lead_share share"
            " ON share.id = source.share_id"
        )

    @classmethod
    def get_where(cls, env):
        return SQL("share.%s IS NOT NULL", SQL.identifier(cls.side))

    @classmethod
    def describe(cls, records, reader):
        labels = cls.get_labels(records, "kind")
        return {
            event.id: {
                "text": f"{cls.get_other(event)}: {labels[event.kind]}",
                "note": event.fields_shown or "",
                "quote": event.detail or "",
                "who": event.who or "",
            }
            for event in records
        }


@SOURCES.add
class GivenSource(ShareSource):
    """What became of a lead that was given away."""

    number = 56
    side = "lead_id"

    @classmethod
    def get_other(cls, event):
        return event.share_id.recipient_name


@SOURCES.add
class GotSource(ShareSource):
    """Where a lead came from, as far as its own company was told."""

    number = 57
    side = "copy_id"

    @classmethod
    def get_where(cls, env):
        # what was before acceptance was no story of this lead
        return SQL(
            "share.copy_id IS NOT NULL AND source.kind NOT IN"
            " ('offer', 'status', 'remind')"
        )

    @classmethod
    def get_other(cls, event):
        return event.share_id.giver_name
