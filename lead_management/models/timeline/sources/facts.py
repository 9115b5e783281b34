"""What became known, and what was changed."""

from odoo.tools import SQL

from ...messaging.gate.lead_consent import GIVEN
from ..source import COLLEAGUE, DOWN, SOURCES, UP, Source

# Told by the moves and by the decisions, which know more.
SHOWN_ELSEWHERE = ("stage_id", "user_id")
RANK = "array_position(ARRAY['cold', 'warm', 'hot'], %s::text)"


@SOURCES.add
class ChangeSource(Source):
    """What was changed of the fields that are tracked."""

    number = 12
    model = "mail.tracking.value"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("message.res_id"),
            "date": SQL("message.date"),
            "recorded_date": SQL("message.create_date"),
            "kind": SQL("'change'"),
            "user_id": COLLEAGUE,
            "author_id": SQL("message.author_id"),
        }

    @classmethod
    def get_from(cls, env):
        return SQL(
            "mail_tracking_value AS source"
            " JOIN mail_message AS message ON message.id = source.mail_message_id"
        )

    @classmethod
    def get_where(cls, env):
        get_field = env["ir.model.fields"]._get
        ids = [get_field("crm.lead", fname).id for fname in SHOWN_ELSEWHERE]
        return SQL(
            "message.model = 'crm.lead'"
            " AND (source.field_id IS NULL OR NOT source.field_id = ANY(%s))",
            ids,
        )

    @classmethod
    def describe(cls, records, reader):
        shown = records._filter_has_field_access(reader)
        described = {
            value.id: {
                "text": reader._("Changed"),
                "hidden": reader._("changes of fields you may not read"),
            }
            for value in records - shown
        }
        for value in shown._tracking_value_format():
            name = value["fieldInfo"]["changedField"]
            old, new = cls._show(value, "oldValue"), cls._show(value, "newValue")
            described[value["id"]] = {"text": f"{name}: {old or '–'} → {new or '–'}"}
        return described

    @classmethod
    def _show(cls, value, name):
        shown = value[name]
        return shown["value"] if isinstance(shown, dict) else shown


@SOURCES.add
class AnswerSource(Source):
    """Answers to questions, with those before them."""

    number = 13
    model = "lead.qualifier.answer"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.answer_date"),
            "recorded_date": SQL("source.create_date"),
            "kind": SQL("'answer'"),
            "user_id": SQL("source.user_id"),
        }

    @classmethod
    def describe(cls, records, reader):
        sources = cls.get_labels(records, "source")
        visible = reader["lead.qualifier"]._is_visible
        every = reader["lead.qualifier"]._get_all()
        described = {}
        for answer in records:
            data = every.get(answer.qualifier_id.id)
            if data and not visible(data):
                described[answer.id] = {
                    "text": reader._("Answered a question"),
                    "hidden": reader._("answers to questions of another company"),
                }
                continue
            note = [sources.get(answer.source)]
            if not answer.is_current:
                note.append(reader._("replaced since"))
            described[answer.id] = {
                "text": f"{answer.qualifier_id.name}: {answer.display_value or '–'}",
                "note": ", ".join(filter(None, note)),
            }
        return described


@SOURCES.add
class TemperatureSource(Source):
    """When a lead became colder or hotter."""

    number = 14
    model = "lead.score.change"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "kind": SQL("'score'"),
            "direction": SQL(
                "CASE WHEN %s > %s THEN %s ELSE %s END",
                SQL(RANK, SQL("source.temperature")),
                SQL(RANK, SQL("source.before")),
                UP,
                DOWN,
            ),
        }

    @classmethod
    def describe(cls, records, reader):
        labels = cls.get_labels(records, "temperature")
        return {
            change.id: {
                "text": reader._(
                    "Temperature: %(before)s → %(after)s",
                    before=labels[change.before],
                    after=labels[change.temperature],
                ),
                "note": reader._("score %s", change.total),
            }
            for change in records
        }


@SOURCES.add
class ConsentSource(Source):
    """What a person said about messages, where it was recorded on a lead."""

    number = 15
    model = "lead.consent"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "kind": SQL("'consent'"),
            "direction": SQL(
                "CASE WHEN source.state = %s THEN %s ELSE %s END", GIVEN, UP, DOWN
            ),
            "user_id": SQL("source.user_id"),
        }

    @classmethod
    def get_where(cls, env):
        return SQL("source.lead_id IS NOT NULL")

    @classmethod
    def describe(cls, records, reader):
        states, channels, purposes, hows = (
            cls.get_labels(records, fname)
            for fname in ("state", "channel", "purpose", "how")
        )
        return {
            consent.id: {
                "text": reader._(
                    "Consent %(state)s: %(purpose)s, %(channel)s",
                    state=states[consent.state].lower(),
                    purpose=purposes[consent.purpose],
                    channel=channels[consent.channel],
                ),
                "note": hows[consent.how],
            }
            for consent in records
        }


@SOURCES.add
class SnapshotSource(Source):
    """The score at the milestones of a lead."""

    number = 16
    model = "lead.score.snapshot"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "kind": SQL("'score'"),
        }

    @classmethod
    def describe(cls, records, reader):
        moments = cls.get_labels(records, "moment")
        return {
            snapshot.id: {
                "text": reader._(
                    "Score %(total)s: %(milestone)s",
                    total=snapshot.total,
                    milestone=moments[snapshot.moment],
                ),
                "note": snapshot.grade or "",
            }
            for snapshot in records
        }
