"""When leads enter a sequence by themselves.

A trigger is a class: it says which leads something has happened to. They are found
again and again, and enter once; what was committed late is found by a later run.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ...base.plugins import Registry

TRIGGERS = Registry("name")
# So much earlier is looked again: transactions commit later than they begin.
OVERLAP = timedelta(hours=2)


class Trigger:
    """What makes leads enter; ``needs`` are fields of the sequence that must be set."""

    name = None
    label = None
    needs = ()
    # minutes between two looks
    every = 15

    def sql(self, sequence, since):
        """Return the condition on ``crm_lead``, None where nobody enters by itself.

        :param since: from when on something counts that happens at a moment
        """


@TRIGGERS.add
class ByHand(Trigger):
    name = "hand"
    label = "By Users Only"


@TRIGGERS.add
class OnStage(Trigger):
    """A lead that enters a stage of this type."""

    name = "stage"
    label = "When Entering a Stage"
    needs = ("stage_type",)
    every = 1
    origin = None

    def sql(self, sequence, since):
        return SQL(
            """crm_lead.id IN (
                SELECT move.lead_id FROM lead_stage_transition move
                WHERE move.stage_type = %s AND move.date >= %s
                  AND move.is_merged IS NOT TRUE
                  AND move.origin NOT IN ('history', 'mapping', 'merge')
                  AND %s)
               AND crm_lead.stage_id IN (
                SELECT id FROM crm_stage WHERE stage_type = %s)""",
            sequence.stage_type,
            since,
            SQL("move.origin = %s", self.origin) if self.origin else SQL("TRUE"),
            sequence.stage_type,
        )


@TRIGGERS.add
class OnRecycling(OnStage):
    """A disqualified lead that is taken up again."""

    name = "recycled"
    label = "When Recycled"
    needs = ()

    def sql(self, sequence, since):
        return SQL(
            """crm_lead.id IN (
                SELECT move.lead_id FROM lead_stage_transition move
                WHERE move.type_before = 'unqualified' AND move.date >= %s
                  AND move.origin = 'recycled' AND move.is_merged IS NOT TRUE)""",
            since,
        )


@TRIGGERS.add
class OnScore(Trigger):
    name = "score"
    label = "When the Score Is in a Range"

    def sql(self, sequence, since):
        return SQL(
            """crm_lead.id IN (
                SELECT lead_id FROM lead_score WHERE total BETWEEN %s AND %s)""",
            sequence.score_min,
            sequence.score_max,
        )


class OfProfile(Trigger):
    """The lead is one of those chosen, as its profile says."""

    #: The column of the profile; the sequence has the chosen ones under its plural.
    column = None

    def sql(self, sequence, since):
        return SQL(
            "crm_lead.id IN (SELECT lead_id FROM lead_profile WHERE %s = ANY(%s))",
            SQL.identifier(self.column),
            sequence[f"{self.column}s"].ids,
        )


@TRIGGERS.add
class OnSegment(OfProfile):
    name = "segment"
    label = "When in a Segment"
    needs = ("segment_ids",)
    column = "segment_id"


@TRIGGERS.add
class OnPersona(OfProfile):
    name = "persona"
    label = "When Matching a Persona"
    needs = ("persona_ids",)
    column = "persona_id"


@TRIGGERS.add
class OnAnswer(Trigger):
    """A question that is answered, in one of the chosen ways if there are any."""

    name = "answer"
    label = "When a Question Is Answered"
    needs = ("qualifier_id",)
    every = 1

    def sql(self, sequence, since):
        options = sequence.option_ids.ids
        chosen = SQL(
            """(answer.option_id = ANY(%(options)s) OR EXISTS (
                SELECT FROM lead_qualifier_answer_option_rel chosen
                WHERE chosen.answer_id = answer.id
                  AND chosen.option_id = ANY(%(options)s)))""",
            options=options,
        )
        return SQL(
            """crm_lead.id IN (
                SELECT answer.lead_id FROM lead_qualifier_answer answer
                WHERE answer.qualifier_id = %s AND answer.is_current IS TRUE
                  AND answer.answer_date >= %s AND %s)""",
            sequence.qualifier_id.id,
            since,
            chosen if options else SQL("TRUE"),
        )


@TRIGGERS.add
class OnSilence(Trigger):
    """Nobody has been in touch for long, nor is anybody about to be."""

    name = "inactive"
    label = "When Without Contact"
    every = 60

    def sql(self, sequence, since):
        return SQL(
            """crm_lead.create_date < %(last)s AND NOT EXISTS (
                SELECT FROM lead_touch touch
                WHERE touch.lead_id = crm_lead.id AND touch.date > %(last)s)""",
            last=fields.Datetime.subtract(
                fields.Datetime.now(), days=sequence.inactive_days
            ),
        )


@TRIGGERS.add
class OnNoAnswer(Trigger):
    """A call that nobody answered, the last thing that happened."""

    name = "no_answer"
    label = "After an Unanswered Call"
    every = 5

    def sql(self, sequence, since):
        return SQL(
            """crm_lead.id IN (
                SELECT touch.lead_id FROM lead_touch touch
                WHERE touch.channel = 'call' AND touch.is_attempt AND touch.date >= %s
                  AND NOT EXISTS (
                    SELECT FROM lead_touch later WHERE later.lead_id = touch.lead_id
                      AND later.date >= touch.date
                      AND (later.is_contact OR later.direction = 'in')))""",
            since,
        )


@TRIGGERS.add
class OnMeeting(Trigger):
    """A meeting that was held."""

    name = "meeting"
    label = "After a Meeting"
    every = 5

    def sql(self, sequence, since):
        return SQL(
            """crm_lead.id IN (
                SELECT touch.lead_id FROM lead_touch touch
                WHERE touch.channel = 'meeting' AND touch.is_contact
                  AND touch.date >= %s)""",
            since,
        )


@TRIGGERS.add
class OnBirthday(Trigger):
    """The contact has a birthday today; of February 29 on the day before."""

    name = "birthday"
    label = "On the Birthday"
    every = 60

    def sql(self, sequence, since):
        return SQL(
            """to_char(crm_lead.birthdate, 'MM-DD') IN (
                to_char(now(), 'MM-DD'),
                CASE WHEN to_char(now(), 'MM-DD') = '02-28'
                      AND to_char(now() + interval '1 day', 'MM-DD') <> '02-29'
                     THEN '02-29' END)"""
        )


@TRIGGERS.add
class OnCondition(Trigger):
    name = "condition"
    label = "When the Condition Is Met"

    def sql(self, sequence, since):
        return SQL("TRUE")
