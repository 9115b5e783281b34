from odoo import api, models
from odoo.tools import SQL, Query

from .crm_lead_day import (
    ANSWERED,
    CAP,
    COUNTED,
    HOT,
    IDLE,
    MISSED_TARGET,
    NEW,
    NO_NEXT_STEP,
    OVERDUE,
    TEAM_GROUPS,
    TODAY,
    TOMORROW,
    WEEK,
)
from .crm_lead_day_groups import EVENT, NO_ANSWER, NO_STEP, NOT_HOT
from .crm_lead_day_select import ORDER, ORDERS, Found

# What is walked once, for several groups.
LATE, AHEAD = "late", "ahead"
# So many leads without a next step are all looked at.
FEW = 5 * CAP


class CrmLead(models.Model):
    """The day of a team at first sight: the first leads of each group, by indexes.

    Each group is walked along an index, what is most urgent first, for no more than
    ``CAP`` leads and one: as far as there are no more, the numbers are exact, and the
    same as those of :meth:`_day_select`. However many leads a team has, this takes the
    same time.
    """

    _inherit = "crm.lead"

    # Who is worked on, the newest last.
    _day_newest_idx = models.Index(
        "(id) INCLUDE (user_id, team_id, stage_id, company_id, is_on_hold) "
        "WHERE active IS TRUE AND won_status = 'pending'"
    )

    @api.model
    def _day_select_first(self, scope, days, limits):
        """Find the first leads of each group in the day of teams.

        :param limits: dict of group to how many of its leads are wanted
        :return: dict of group, or what is only counted, to a number up to ``CAP + 1``,
            and dict of group to a list of :class:`Found`
        """
        self.env.flush_all()
        self._derived_flush()
        # what is walked along indexes is short: neither workers nor a compiler, and no
        # other order than it is written in, are worth the time they are thought of
        self.env.cr.execute(
            "SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0; "
            "SET LOCAL join_collapse_limit = 1"
        )
        no_next_step = self._day_get_without_step(scope)
        groups = self._day_sql_groups(scope, days, no_next_step)
        rows = self.env.execute_query(
            SQL(
                "WITH %s %s UNION ALL %s ORDER BY 1, 5",
                SQL(", ").join(
                    SQL("%s AS MATERIALIZED (%s)", SQL.identifier(key), group)
                    for key, group in groups.items()
                ),
                SQL(" UNION ALL ").join(
                    self._day_sql_ranked(key, limits.get(key, 0)) for key in TEAM_GROUPS
                ),
                SQL(" UNION ALL ").join(self._day_sql_counted(key) for key in groups),
            )
        )
        self.env.cr.execute("SET LOCAL join_collapse_limit TO DEFAULT")
        counts, found = {NO_NEXT_STEP: min(len(no_next_step), CAP + 1)}, {}
        for key, lead_id, activity_id, answer_id, rank, number in rows:
            if rank:
                line = Found(lead_id, activity_id, answer_id)
                found.setdefault(key, []).append(line)
            else:
                counts[key] = number
        return {key: counts[key] for key in COUNTED}, found

    @api.model
    def _day_get_without_step(self, scope):
        """Return the leads of teams without a next step, the newest ``FEW`` and one."""
        query = SQL(
            """
            SELECT candidate.id FROM (%s) candidate WHERE %s
            ORDER BY candidate.id DESC LIMIT %s
            """,
            self._day_sql_live(scope),
            NO_STEP,
            FEW + 1,
        )
        return [lead_id for (lead_id,) in self.env.execute_query(query)]

    @api.model
    def _day_sql_counted(self, key):
        """Return how many leads were found of a group, or walked for some groups."""
        number = SQL("LEAST(count(*), %s)", CAP + 1)
        if key == OVERDUE:
            # those who answered stand elsewhere: where not all were looked at, there
            # are more
            number = SQL(
                "CASE WHEN (SELECT count(*) FROM late) > %s THEN %s ELSE %s END",
                CAP,
                CAP + 1,
                number,
            )
        return SQL(
            "SELECT %s, NULL, NULL, NULL, NULL, %s FROM %s",
            key,
            number,
            SQL.identifier(key),
        )

    @api.model
    def _day_sql_ranked(self, key, limit):
        """Return the best of the leads found of a group."""
        query = Query(self.env, "found", SQL.identifier(key))
        score = self._field_to_sql("found", "score_total", query)
        return SQL(
            """
            (SELECT %(key)s AS key, id, activity_id, answer_id,
                    row_number() OVER () AS rank, NULL::int8
             FROM (SELECT found.id, activity_id, answer_id, %(score)s AS score
                   FROM %(found)s
                   ORDER BY %(order)s, found.id LIMIT %(limit)s) AS first)
            """,
            key=key,
            score=score,
            found=query.from_clause,
            order=SQL(ORDERS.get(key, ORDER)),
            limit=limit,
        )

    @api.model
    def _day_sql_groups(self, scope, days, no_next_step):
        """Return the statement of each group, none of which finds more than needed.

        :param no_next_step: as :meth:`_day_get_without_step` found them
        """
        live, seen = self._day_sql_live(scope), self._day_sql_seen(scope)
        # few leads without a next step are all known: nothing is walked
        idle = live
        if len(no_next_step) <= FEW:
            idle = SQL(
                "SELECT id, user_id, stage_id FROM crm_lead WHERE id = ANY(%s)",
                no_next_step,
            )
        untouched = self._day_sql_untouched()
        today = SQL("= %s", days.today)
        ahead = SQL(
            "BETWEEN %s AND %s", days.tomorrow, max(days.tomorrow, days.week_end)
        )
        return {
            LATE: self._day_sql_due(seen, SQL("< %s", days.today)),
            AHEAD: self._day_sql_due(seen, ahead),
            NEW: SQL(
                "(%s) UNION ALL (%s) LIMIT %s",
                self._day_sql_clocked(live, days),
                self._day_sql_new(idle),
                CAP + 1,
            ),
            MISSED_TARGET: self._day_sql_missed_first(scope, seen, days),
            OVERDUE: SQL("SELECT * FROM late candidate WHERE %s", NO_ANSWER),
            ANSWERED: self._day_sql_who_answered(scope, seen),
            TODAY: self._day_sql_due(seen, today, NO_ANSWER, event=EVENT),
            HOT: self._day_sql_hot(idle),
            IDLE: self._day_sql_without_step(
                idle, NOT_HOT, SQL("(%s) IS NOT TRUE", untouched)
            ),
            TOMORROW: SQL("SELECT id FROM ahead WHERE due = %s", days.tomorrow),
            WEEK: SQL("SELECT id FROM ahead WHERE due <= %s", days.week_end),
        }
