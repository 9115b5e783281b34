from collections import Counter, namedtuple

from odoo import api, models
from odoo.tools import SQL, Query

from ...base.stage_types import OPEN
from ...scoring.lead_score_snapshot import CONTACT
from ...scoring.mail_message import OUT
from .crm_lead_day import (
    ANSWERED,
    HOT,
    IDLE,
    MISSED_TARGET,
    NEW,
    NO_NEXT_STEP,
    OVERDUE,
    TODAY,
    TOMORROW,
    WEEK,
)

# What is counted beside the group a lead stands in.
FLAGS = (NO_NEXT_STEP, TOMORROW, WEEK, MISSED_TARGET)

#: A line found: the lead, what is to be done next, and what the contact did: ids, or
#: none.
Found = namedtuple("Found", "lead_id activity_id answer_id")

# The best first; who answered, as long as it is fresh; what has a time, by it.
ORDER = "score DESC, due"
ORDERS = {ANSWERED: "answered DESC", TODAY: "due_time NULLS LAST, score DESC"}


class CrmLead(models.Model):
    """The statement behind My Day."""

    _inherit = "crm.lead"

    # Who has which leads to work on: most of them need not be read for a day.
    _day_live_idx = models.Index(
        "(user_id, id) INCLUDE (team_id, stage_id, company_id, is_on_hold) "
        "WHERE active IS TRUE AND won_status = 'pending'"
    )
    # Who has which leads that are closed: something may be planned for them.
    _day_closed_idx = models.Index(
        "(user_id, id) WHERE user_id IS NOT NULL "
        "AND (active IS NOT TRUE OR won_status IS DISTINCT FROM 'pending')"
    )

    @api.model
    def _day_select(self, scope, days, limits):
        """Count the leads of a day, and find the first ones of each group.

        :param limits: dict of group to how many of its leads are wanted
        :return: dict of (group, user id) to a number, and dict of group to a list of
            :class:`Found`, the best first
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH live AS MATERIALIZED (%(live)s),
                step AS MATERIALIZED (%(steps)s),
                answer AS MATERIALIZED (%(answers)s),
                candidate AS (SELECT *, TRUE AS is_live FROM live
                              UNION ALL SELECT *, FALSE FROM (%(others)s) others),
                placed AS MATERIALIZED (%(placed)s)
                %(listed)s
                SELECT place AS key, user_id, NULL, NULL, NULL,
                       ARRAY[count(*), %(flags)s]
                FROM placed GROUP BY place, user_id
                ORDER BY 1, 5
                """,
                live=self._day_sql_live(scope),
                steps=self._day_sql_steps(scope),
                answers=self._day_sql_answers(scope),
                others=self._day_sql_others(scope),
                placed=self._day_sql_placed(scope, days),
                listed=self._day_sql_listed(limits),
                flags=SQL(", ").join(
                    SQL("count(*) FILTER (WHERE %s)", SQL.identifier(f"is_{flag}"))
                    for flag in FLAGS
                ),
            )
        )
        counts, found = Counter(), {}
        for key, record_id, activity_id, answer_id, rank, numbers in rows:
            if rank:
                line = Found(record_id, activity_id, answer_id)
                found.setdefault(key, []).append(line)
                continue
            for name, number in zip((key, *FLAGS), numbers, strict=True):
                if name and number:
                    counts[name, record_id] += number
        return counts, found

    @api.model
    def _day_sql_listed(self, limits):
        """Return the first leads of each group that is listed, one SELECT a group.

        PostgreSQL keeps the best few of each then, instead of sorting all.
        """
        return SQL().join(
            SQL(
                """
                (SELECT %(key)s AS key, id, activity_id, answer_id,
                        row_number() OVER () AS rank, ARRAY[]::int8[]
                 FROM (SELECT id, activity_id, answer_id FROM placed
                       WHERE %(condition)s
                       ORDER BY %(order)s, id LIMIT %(limit)s) AS first)
                UNION ALL
                """,
                key=key,
                order=SQL(ORDERS.get(key, ORDER)),
                condition=SQL("is_missed")
                if key == MISSED_TARGET
                else SQL("place = %s", key),
                limit=limit,
            )
            for key, limit in limits.items()
        )

    @api.model
    def _day_sql_live(self, scope):
        """Return the leads of the scope that are worked on, found by an index."""
        domain = self._day_get_seen_domain(scope) & self._day_get_live_domain(scope)
        return self._day_sql_leads(self._search(domain))

    @api.model
    def _day_sql_others(self, scope):
        """Return the other leads that something is to be done about."""
        leads = self.with_context(active_test=False)
        query = leads._search(self._day_get_seen_domain(scope))
        query.add_where(
            SQL(
                """
                %s IN (
                    SELECT lead_id FROM step WHERE NOT EXISTS (
                        SELECT FROM live WHERE live.id = step.lead_id
                    )
                    UNION ALL
                    SELECT lead_id FROM answer WHERE NOT EXISTS (
                        SELECT FROM live WHERE live.id = answer.lead_id
                    )
                )
                """,
                SQL.identifier(leads._table, "id"),
            )
        )
        return self._day_sql_leads(query)

    @api.model
    def _day_sql_leads(self, query):
        return query.select(
            *(
                SQL.identifier(self._table, column)
                for column in ("id", "user_id", "stage_id")
            )
        )

    @api.model
    def _day_sql_steps(self, scope):
        """Return the next activity of each lead: the own ones, on own leads all."""
        activities = SQL(
            """
            SELECT res_id AS lead_id, id, date_deadline AS due,
                   calendar_event_id AS event_id
            FROM mail_activity WHERE res_model = 'crm.lead' AND active
            """
        )
        if scope.user:
            # one after the other: each finds its rows by an index
            activities = SQL(
                """
                %(activities)s AND user_id = %(user_id)s
                UNION ALL
                %(activities)s AND user_id IS DISTINCT FROM %(user_id)s
                  AND res_id IN (SELECT id FROM live)
                UNION ALL
                %(activities)s AND user_id IS DISTINCT FROM %(user_id)s
                  AND res_id IN (
                    SELECT id FROM crm_lead WHERE user_id = %(user_id)s
                      AND (active IS NOT TRUE OR won_status IS DISTINCT FROM 'pending')
                  )
                """,
                activities=activities,
                user_id=scope.user.id,
            )
        return SQL(
            """
            SELECT DISTINCT ON (lead_id) lead_id, id, due, event_id
            FROM (%s) found ORDER BY lead_id, due, id
            """,
            activities,
        )

    @api.model
    def _day_sql_answers(self, scope):
        """Return what the contacts did last, of those who wait for an answer."""
        return SQL(
            """
            SELECT DISTINCT ON (answer.lead_id) answer.lead_id, answer.id, answer.date
            FROM lead_answer answer JOIN crm_lead lead ON lead.id = answer.lead_id
            WHERE %s ORDER BY answer.lead_id, answer.date DESC, answer.id DESC
            """,
            SQL("lead.user_id = %s", scope.user.id)
            if scope.user
            else SQL("lead.team_id = ANY(%s)", scope.teams.ids),
        )

    @api.model
    def _day_sql_placed(self, scope, days):
        """Return the leads, each with the one group it stands in."""
        query = Query(self.env, "candidate", SQL("candidate"))
        score, temperature = (
            self._field_to_sql("candidate", fname, query)
            for fname in ("score_total", "score_temperature")
        )
        return SQL(
            """
            SELECT candidate.id, candidate.user_id, %(score)s AS score,
                step.id AS activity_id, answer.id AS answer_id,
                answer.date AS answered, event.start AS due_time,
                COALESCE(step.due, clock.date_due) AS due,
                step.id IS NULL AND candidate.is_live AS is_no_next_step,
                step.due = %(tomorrow)s AS is_tomorrow,
                step.due BETWEEN %(tomorrow)s AND %(week_end)s AS is_week,
                %(missed)s AS is_missed,
                CASE
                    WHEN answer.id IS NOT NULL THEN %(answered_key)s
                    WHEN step.due < %(today)s THEN %(overdue_key)s
                    WHEN step.due = %(today)s THEN %(today_key)s
                    WHEN NOT candidate.is_live THEN NULL
                    WHEN step.id IS NULL AND %(temperature)s = 'hot'
                        THEN %(hot_key)s
                    WHEN (%(untouched)s) AND (step.id IS NULL OR clock.id IS NOT NULL)
                        THEN %(new_key)s
                    WHEN step.id IS NULL THEN %(idle_key)s
                END AS place
            FROM %(candidate)s
            LEFT JOIN step ON step.lead_id = candidate.id
            LEFT JOIN answer ON answer.lead_id = candidate.id
            LEFT JOIN calendar_event event ON event.id = step.event_id
                AND event.allday IS NOT TRUE AND step.due = %(today)s
            LEFT JOIN crm_stage stage ON stage.id = candidate.stage_id
            LEFT JOIN lead_sla_clock clock ON clock.lead_id = candidate.id
                AND clock.state = 'running' AND clock.kind = 'touch'
            """,
            candidate=query.from_clause,
            score=score,
            temperature=temperature,
            today=days.today,
            tomorrow=days.tomorrow,
            week_end=days.week_end,
            missed=self._day_sql_missed(scope, days),
            untouched=self._day_sql_untouched(),
            answered_key=ANSWERED,
            overdue_key=OVERDUE,
            today_key=TODAY,
            hot_key=HOT,
            new_key=NEW,
            idle_key=IDLE,
        )

    @api.model
    def _day_sql_untouched(self):
        """Return the condition that nobody got in touch with a lead yet.

        A running clock waits for the first touch by this owner; where there is
        no target, it is the first one at all, of which leads that were in contact
        before there were touches have a moment only. To be overridden together with
        :meth:`_day_get_untouched_domain`.
        """
        return SQL(
            """
            clock.id IS NOT NULL OR (
                stage.stage_type = %s AND NOT EXISTS (
                    SELECT FROM lead_score_snapshot snapshot
                    WHERE snapshot.lead_id = candidate.id AND snapshot.moment = %s
                ) AND NOT EXISTS (
                    SELECT FROM lead_touch touch
                    WHERE touch.lead_id = candidate.id AND touch.direction = %s
                )
            )
            """,
            OPEN,
            CONTACT,
            OUT,
        )

    @api.model
    def _day_sql_missed(self, scope, days):
        """Return the condition that a target was missed, which leaders see."""
        if not scope.teams:
            return SQL("FALSE")
        return SQL(
            """
            (step.due < %s) IS TRUE OR candidate.id IN (
                SELECT lead_id FROM lead_sla_clock
                WHERE state = 'missed' AND date_end >= %s
            )
            """,
            days.late,
            days.missed_since,
        )
