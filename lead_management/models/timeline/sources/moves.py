"""Who had the lead, and which stages it went through."""

from odoo.tools import SQL

from ....tools.durations import DAY, format_duration
from ...assignment.sla.lead_sla_clock import KEPT, MISSED
from ...base.stage_types import INACTIVE
from ...pipeline.stage.lead_stage_transition import BACK, DROPPED, FORWARD, START
from ..source import DOWN, SOURCES, UP, Source


@SOURCES.add
class MoveSource(Source):
    """Moves from stage to stage, and where a lead started."""

    number = 9
    model = "lead.stage.transition"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "kind": SQL("'stage'"),
            "direction": SQL(
                # whoever becomes inactive was a customer before
                "CASE WHEN source.direction IN (%s, %s) OR source.stage_type = %s"
                " THEN %s WHEN source.direction = %s THEN %s END",
                BACK,
                DROPPED,
                INACTIVE,
                DOWN,
                FORWARD,
                UP,
            ),
            "user_id": SQL("source.user_id"),
        }

    @classmethod
    def describe(cls, records, reader):
        return {move.id: cls._describe(move, reader) for move in records}

    @classmethod
    def _describe(cls, move, reader):
        deleted = reader._("a deleted stage")
        after = move.stage_id.name or deleted
        note = []
        if move.direction != START:
            note.append(reader._("after %s", format_duration(reader, move.days * DAY)))
        if move.score:
            note.append(reader._("score %s", move.score))
        if move.direction == DROPPED:
            note.append(move.lost_reason_id.name)
        if move.is_merged:
            note.append(reader._("of a merged lead"))
        described = {
            "note": ", ".join(filter(None, note)),
            "quote": move.reason or "",
        }
        if move.direction == START:
            return {**described, "text": reader._("Started in %s", after)}
        before = move.stage_before_id.name or deleted
        return {
            **described,
            "text": f"{before} → {after}",
            "before": before,
            "after": after,
        }


@SOURCES.add
class OwnerSource(Source):
    """Each decision about the salesperson."""

    number = 10
    model = "lead.assignment.log"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "recorded_date": SQL("source.create_date"),
            "kind": SQL("'owner'"),
            "user_id": SQL("source.actor_id"),
        }

    @classmethod
    def describe(cls, records, reader):
        return {log.id: {"text": log.explanation} for log in records}


@SOURCES.add
class ResponseSource(Source):
    """Response times that were met or missed."""

    number = 11
    model = "lead.sla.clock"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("COALESCE(source.date_end, source.date_due)"),
            "recorded_date": SQL("source.date_start"),
            "kind": SQL("'response'"),
            "direction": SQL(
                "CASE WHEN source.state = %s THEN %s ELSE %s END", KEPT, UP, DOWN
            ),
            "user_id": SQL("source.user_id"),
        }

    @classmethod
    def get_where(cls, env):
        return SQL("source.state IN (%s, %s)", KEPT, MISSED)

    @classmethod
    def describe(cls, records, reader):
        return {
            clock.id: {
                "text": reader._("Response target met: %s", clock.sla_id.name or "")
                if clock.state == KEPT
                else reader._("Response target missed: %s", clock.sla_id.name or ""),
                "note": cls._get_note(clock, reader),
            }
            for clock in records
        }

    @classmethod
    def _get_note(cls, clock, reader):
        if not clock.date_end:
            return ""
        hours, minutes = divmod(round(clock.minutes), 60)
        taken = (
            reader._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
            if hours
            else reader._("%s min", minutes)
        )
        return reader._("working time: %s", taken)
