from collections import Counter, namedtuple

from odoo import api, models
from odoo.tools import SQL

from ..base.sql_rows import sql_rows
from ..base.stage_types import OPEN
from ..scoring.lead_score_snapshot import CONTACT
from ..scoring.mail_message import OUT
from .crm_lead_day import (
    BROKEN,
    HOT,
    IDLE,
    NEW,
    OVERDUE,
    PLANLESS,
    TODAY,
    TOMORROW,
    WEEK,
)

# What is counted beside the group a lead stands in.
FLAGS = (PLANLESS, TOMORROW, WEEK, BROKEN)

#: A line found: the lead, and what is to be done next, a record or none.
Found = namedtuple("Found", "lead_id activity_id")


class CrmLead(models.Model):
    """The statement behind My Day."""

    _inherit = "crm.lead"

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
                WITH candidate AS MATERIALIZED (%(candidates)s),
                step AS MATERIALIZED (%(steps)s),
                placed AS MATERIALIZED (%(placed)s),
                ranked AS (
                    SELECT listed.*, row_number() OVER (
                        PARTITION BY key ORDER BY score DESC, due, id
                    ) AS rank
                    FROM (%(listed)s) listed
                )
                SELECT ranked.key, id, activity_id, rank, ARRAY[]::int8[]
                FROM ranked JOIN (%(limits)s) wanted (key, number)
                    ON wanted.key = ranked.key AND rank <= number
                UNION ALL
                SELECT place, user_id, NULL, NULL, ARRAY[count(*), %(flags)s]
                FROM placed GROUP BY place, user_id
                ORDER BY 1, 4
                """,
                candidates=self._day_sql_candidates(scope),
                steps=self._day_sql_steps(scope),
                placed=self._day_sql_placed(scope, days),
                listed=self._day_sql_listed(limits),
                limits=sql_rows(("text", "int4"), list(limits.items())),
                flags=SQL(", ").join(
                    SQL("count(*) FILTER (WHERE %s)", SQL.identifier(f"is_{flag}"))
                    for flag in FLAGS
                ),
            )
        )
        counts, found = Counter(), {}
        for key, record_id, activity_id, rank, numbers in rows:
            if rank:
                found.setdefault(key, []).append(Found(record_id, activity_id))
                continue
            for name, number in zip((key, *FLAGS), numbers, strict=True):
                if name and number:
                    counts[name, record_id] += number
        return counts, found

    @api.model
    def _day_sql_listed(self, limits):
        """Return the leads of the groups that are listed, with the key of each."""
        columns = SQL("id, score, due, activity_id")
        listed = SQL("SELECT place AS key, %s FROM placed", columns)
        places = [key for key in limits if key != BROKEN]
        listed = SQL("%s WHERE place = ANY(%s)", listed, places)
        if BROKEN not in limits:
            return listed
        broken = SQL("SELECT %s, %s FROM placed WHERE is_broken", BROKEN, columns)
        return SQL("%s UNION ALL %s", listed, broken)

    @api.model
    def _day_sql_candidates(self, scope):
        """Return the leads of the day that the reader may see."""
        domain = self._day_get_lead_domain(scope)
        leads = self.with_context(active_test=False)
        query = leads._search(domain)
        columns = ("id", "user_id", "stage_id", "active", "won_status")
        score = leads._field_to_sql(leads._table, "score_total", query)
        temperature = leads._field_to_sql(leads._table, "score_temperature", query)
        return query.select(
            *(SQL.identifier(leads._table, column) for column in columns),
            SQL("%s AS score", score),
            SQL("%s AS temperature", temperature),
        )

    @api.model
    def _day_sql_steps(self, scope):
        """Return the next activity of each lead: the own ones, on own leads all."""
        mine = SQL("TRUE")
        if scope.user:
            mine = SQL("%s IN (candidate.user_id, activity.user_id)", scope.user.id)
        return SQL(
            """
            SELECT DISTINCT ON (activity.res_id)
                activity.res_id AS lead_id, activity.id, activity.date_deadline AS due
            FROM candidate JOIN mail_activity activity
                ON activity.res_id = candidate.id
            WHERE activity.res_model = 'crm.lead' AND activity.active AND %s
            ORDER BY activity.res_id, activity.date_deadline, activity.id
            """,
            mine,
        )

    @api.model
    def _day_sql_placed(self, scope, days):
        """Return the leads, each with the one group it stands in."""
        owned = SQL("TRUE")
        if scope.user:
            owned = SQL("candidate.user_id = %s", scope.user.id)
        return SQL(
            """
            SELECT candidate.id, candidate.user_id, candidate.score,
                step.id AS activity_id,
                COALESCE(step.due, clock.date_due) AS due,
                step.id IS NULL AND %(owned)s AND candidate.active
                    AND candidate.won_status = 'pending' AS is_planless,
                step.due = %(tomorrow)s AS is_tomorrow,
                step.due BETWEEN %(tomorrow)s AND %(week_end)s AS is_week,
                %(broken)s AS is_broken,
                CASE
                    WHEN step.due < %(today)s THEN %(overdue_key)s
                    WHEN step.due = %(today)s THEN %(today_key)s
                    WHEN (%(owned)s AND candidate.active
                          AND candidate.won_status = 'pending') IS NOT TRUE THEN NULL
                    WHEN step.id IS NULL AND candidate.temperature = 'hot'
                        THEN %(hot_key)s
                    WHEN (%(untouched)s) AND (step.id IS NULL OR clock.id IS NOT NULL)
                        THEN %(new_key)s
                    WHEN step.id IS NULL THEN %(idle_key)s
                END AS place
            FROM candidate
            LEFT JOIN step ON step.lead_id = candidate.id
            LEFT JOIN crm_stage stage ON stage.id = candidate.stage_id
            LEFT JOIN lead_sla_clock clock ON clock.lead_id = candidate.id
                AND clock.state = 'running' AND clock.kind = 'touch'
            """,
            owned=owned,
            today=days.today,
            tomorrow=days.tomorrow,
            week_end=days.week_end,
            broken=self._day_sql_broken(scope, days),
            untouched=self._day_sql_untouched(),
            overdue_key=OVERDUE,
            today_key=TODAY,
            hot_key=HOT,
            new_key=NEW,
            idle_key=IDLE,
        )

    @api.model
    def _day_sql_untouched(self):
        """Return the condition that nobody got in touch with a lead yet.

        A running clock waits for the first touch by this owner; where nothing was
        promised, it is the first one at all, of which leads that were in contact
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
    def _day_sql_broken(self, scope, days):
        """Return the condition that a promise was broken, which leaders see."""
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
