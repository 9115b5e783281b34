"""What was found out about the data of a lead, and whether it may buy on credit."""

from odoo.tools import SQL

from ...credit.constants import DONE, EXPIRED
from ..source import DOWN, SOURCES, UP, Source


@SOURCES.add
class CheckSource(Source):
    """Checks that somebody has to know of: all but those that found nothing."""

    number = 31
    model = "lead.check"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "kind": SQL("'check'"),
            "direction": SQL(
                "CASE source.verdict WHEN 'ok' THEN %s WHEN 'wrong' THEN %s END",
                *(UP, DOWN),
            ),
            "user_id": SQL("source.author_id"),
        }

    @classmethod
    def get_where(cls, env):
        return SQL(
            "source.source != 'offline' OR source.verdict IN ('doubtful', 'wrong')"
        )

    @classmethod
    def describe(cls, records, reader):
        data, verdicts = (
            cls.get_labels(records, name) for name in ("datum", "verdict")
        )
        return {
            check.id: {
                "text": reader._(
                    "%(datum)s: %(verdict)s",
                    datum=data[check.datum],
                    verdict=verdicts[check.verdict],
                ),
                "note": check.with_env(reader)._get_reason_text(
                    check.reason, check.offer
                ),
            }
            for check in records
        }


@SOURCES.add
class CreditSource(Source):
    """Credit checks, by their band: never what is in a report."""

    number = 32
    model = "lead.credit.check"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("COALESCE(source.done_date, source.create_date)"),
            "recorded_date": SQL("source.create_date"),
            "kind": SQL("'check'"),
            "user_id": SQL("source.requester_id"),
        }

    @classmethod
    def describe(cls, records, reader):
        states, bands = (cls.get_labels(records, name) for name in ("state", "band"))
        described = {}
        for check in records:
            is_told = check.state in (DONE, EXPIRED)
            result = bands.get(check.band) if is_told else states[check.state]
            note = check.valid_until if is_told else None
            described[check.id] = {
                "text": reader._("Credit check: %s", result),
                "note": reader._("valid until %s", note) if note else None,
            }
        return described
