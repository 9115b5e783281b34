"""Sequences: when a lead came into one, what was done, and why it ended."""

from odoo.tools import SQL

from ...nurturing.constants import DONE
from ..source import DOWN, SOURCES, UP, Source


@SOURCES.add
class EnrollmentSource(Source):
    """That a lead was enrolled."""

    number = 19
    model = "lead.enrollment"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "kind": SQL("'sequence'"),
            "user_id": SQL("source.user_id"),
        }

    @classmethod
    def describe(cls, records, reader):
        return {
            run.id: {"text": reader._("Enrolled in %s", run.sequence_id.name)}
            for run in records
        }


@SOURCES.add
class EnrollmentEndSource(Source):
    """That a sequence ended for a lead, and why."""

    number = 20
    model = "lead.enrollment"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.end_date"),
            "kind": SQL("'sequence'"),
            "direction": SQL(
                "CASE WHEN source.state = %s THEN %s ELSE %s END", DONE, UP, DOWN
            ),
        }

    @classmethod
    def get_where(cls, env):
        return SQL("source.end_date IS NOT NULL")

    @classmethod
    def describe(cls, records, reader):
        reasons = cls.get_labels(records, "reason")
        return {
            run.id: {
                "text": reader._("Finished: %s", run.sequence_id.name)
                if run.state == DONE
                else reader._("Stopped: %s", run.sequence_id.name),
                "note": reasons.get(run.reason) or "",
            }
            for run in records
        }


@SOURCES.add
class StepSource(Source):
    """Steps of a sequence; a message is told by the outbox."""

    number = 21
    model = "lead.enrollment.step"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "kind": SQL("'sequence'"),
        }

    @classmethod
    def get_where(cls, env):
        return SQL("source.message_id IS NULL")

    @classmethod
    def describe(cls, records, reader):
        outcomes = cls.get_labels(records, "outcome")
        return {
            step.id: {
                "text": f"{step.sequence_id.name}: {step.step_id.display_name or '–'}",
                "note": ", ".join(filter(None, (outcomes[step.outcome], step.reason))),
            }
            for step in records
        }
