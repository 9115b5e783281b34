from odoo import api, models
from odoo.tools import SQL, Query

from .crm_lead_day import (
    ANSWERED,
    BROKEN,
    CAP,
    COUNTED,
    HOT,
    IDLE,
    NEW,
    OVERDUE,
    PLANLESS,
    TEAM_GROUPS,
    TODAY,
    TOMORROW,
    WEEK,
)
from .crm_lead_day_select import ORDER, ORDERS, Found

# What is walked once, for several groups.
LATE, AHEAD = "late", "ahead"

NO_STEP = SQL(
    """
    NOT EXISTS (
        SELECT FROM mail_activity planned
        WHERE planned.res_model = 'crm.lead' AND planned.active
          AND planned.res_id = candidate.id
    )
    """
)
NO_ANSWER = SQL(
    "NOT EXISTS (SELECT FROM lead_answer a WHERE a.lead_id = candidate.id)"
)
# The next step of a candidate, if there is one.
STEP = SQL(
    """
    LEFT JOIN LATERAL (
        SELECT planned.id, planned.date_deadline AS due
        FROM mail_activity planned
        WHERE planned.res_model = 'crm.lead' AND planned.active
          AND planned.res_id = candidate.id
        ORDER BY planned.date_deadline, planned.id LIMIT 1
    ) step ON TRUE
    """
)
CLOCK = SQL(
    """
    LEFT JOIN lead_sla_clock clock ON clock.lead_id = candidate.id
        AND clock.state = 'running' AND clock.kind = 'touch'
    LEFT JOIN crm_stage stage ON stage.id = candidate.stage_id
    LEFT JOIN lead_score score ON score.lead_id = candidate.id
    """
)
EVENT = SQL(
    """
    LEFT JOIN calendar_event event ON event.id = step.calendar_event_id
        AND event.allday IS NOT TRUE
    """
)
# Where a first contact is waited for that nobody promised: known of the lead itself.
IS_OPEN = SQL(
    "candidate.stage_id = ANY(ARRAY("
    "SELECT id FROM crm_stage WHERE stage_type = 'open'))"
)
NOT_HOT = SQL("score.temperature IS DISTINCT FROM 'hot'")


class CrmLead(models.Model):
    """The day of a team at first sight: the first leads of each group, found by indexes.

    Each group is walked along an index, what is most urgent first, for no more than
    ``CAP`` leads and one: as far as there are no more, the numbers are exact, and the
    same as those of :meth:`_day_select`. However many leads a team has, this takes the
    same time.
    """

    _inherit = "crm.lead"

    # Who is worked on, the newest last.
    _day_newest_idx = models.Index(
        "(id) INCLUDE (user_id, team_id, stage_id, company_id) "
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
        groups = self._day_sql_groups(scope, days)
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
                SQL(" UNION ALL ").join(
                    self._day_sql_counted(key) for key in COUNTED
                ),
            )
        )
        counts, found = {}, {}
        for key, lead_id, activity_id, answer_id, rank, number in rows:
            if rank:
                line = Found(lead_id, activity_id, answer_id)
                found.setdefault(key, []).append(line)
            else:
                counts[key] = number
        return counts, found

    @api.model
    def _day_sql_counted(self, key):
        """Return how many leads were found of a group."""
        number = SQL("count(*)")
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
                   FROM %(found)s ORDER BY %(order)s, found.id LIMIT %(limit)s) AS first)
            """,
            key=key,
            score=score,
            found=query.from_clause,
            order=SQL(ORDERS.get(key, ORDER)),
            limit=limit,
        )

    @api.model
    def _day_sql_groups(self, scope, days):
        """Return the statement of each group, none of which finds more than needed."""
        live, seen = self._day_sql_live(scope), self._day_sql_seen(scope)
        today = SQL("= %s", days.today)
        ahead = SQL(
            "BETWEEN %s AND %s", days.tomorrow, max(days.tomorrow, days.week_end)
        )
        return {
            LATE: self._day_sql_due(seen, SQL("< %s", days.today)),
            AHEAD: self._day_sql_due(seen, ahead),
            NEW: self._day_sql_new(live, days),
            BROKEN: self._day_sql_missed(scope, seen, days),
            OVERDUE: SQL("SELECT * FROM late candidate WHERE %s", NO_ANSWER),
            ANSWERED: self._day_sql_who_answered(scope, seen),
            TODAY: self._day_sql_due(seen, today, NO_ANSWER, event=EVENT),
            HOT: self._day_sql_hot(live),
            IDLE: self._day_sql_without_step(
                live, NOT_HOT, SQL("(%s) IS NOT TRUE", self._day_sql_untouched())
            ),
            TOMORROW: SQL("SELECT id FROM ahead WHERE due = %s", days.tomorrow),
            WEEK: SQL("SELECT id FROM ahead WHERE due <= %s", days.week_end),
            PLANLESS: SQL(
                """
                SELECT candidate.id FROM (%s) candidate WHERE %s
                ORDER BY candidate.id DESC LIMIT %s
                """,
                live,
                NO_STEP,
                CAP + 1,
            ),
        }

    @api.model
    def _day_sql_seen(self, scope):
        """Return all leads of the scope that may be in a day, closed ones as well."""
        leads = self.with_context(active_test=False)
        query = leads._search(self._day_get_seen_domain(scope))
        return query.select(
            *(SQL.identifier(self._table, column) for column in ("id", "stage_id")),
            SQL("active IS TRUE AND won_status = 'pending' AS is_live"),
        )

    @api.model
    def _day_sql_due(self, leads, due, *conditions, event=SQL()):
        """Return the leads whose next step is due then, what is due first before.

        :param event: the join with the entry in the calendar, where its time counts
        """
        return SQL(
            """
            SELECT candidate.id, step.id AS activity_id, NULL::int4 AS answer_id,
                   NULL::timestamp AS answered, step.date_deadline AS due,
                   %(due_time)s AS due_time
            FROM mail_activity step
            JOIN (%(leads)s) candidate ON candidate.id = step.res_id
            %(event)s
            WHERE step.res_model = 'crm.lead' AND step.active
              AND step.date_deadline %(due)s AND %(conditions)s
              AND NOT EXISTS (
                SELECT FROM mail_activity earlier
                WHERE earlier.res_model = 'crm.lead' AND earlier.active
                  AND earlier.res_id = step.res_id
                  AND (earlier.date_deadline, earlier.id)
                    < (step.date_deadline, step.id)
              )
            ORDER BY %(order)sstep.date_deadline, step.id LIMIT %(limit)s
            """,
            leads=leads,
            due=due,
            due_time=SQL("event.start") if event.code else SQL("NULL::timestamp"),
            event=event,
            order=SQL("event.start NULLS LAST, ") if event.code else SQL(),
            conditions=SQL(" AND ").join(conditions or [SQL("TRUE")]),
            limit=CAP + 1,
        )

    @api.model
    def _day_sql_who_answered(self, scope, seen):
        return SQL(
            """
            SELECT candidate.id, step.id AS activity_id, answer.id AS answer_id,
                   answer.date AS answered, step.due, NULL::timestamp AS due_time
            FROM (%(answers)s) answer
            JOIN (%(seen)s) candidate ON candidate.id = answer.lead_id %(step)s
            ORDER BY answer.date DESC LIMIT %(limit)s
            """,
            answers=self._day_sql_answers(scope),
            seen=seen,
            step=STEP,
            limit=CAP + 1,
        )

    @api.model
    def _day_sql_hot(self, live):
        """Return the hot leads nothing is planned for, the hottest first."""
        return SQL(
            """
            SELECT candidate.id, NULL::int4 AS activity_id, NULL::int4 AS answer_id,
                   NULL::timestamp AS answered, NULL::date AS due,
                   NULL::timestamp AS due_time
            FROM lead_score score
            JOIN (%(live)s) candidate ON candidate.id = score.lead_id
            WHERE score.temperature = 'hot' AND %(no_step)s AND %(no_answer)s
            ORDER BY score.total DESC, score.lead_id DESC LIMIT %(limit)s
            """,
            live=live,
            no_step=NO_STEP,
            no_answer=NO_ANSWER,
            limit=CAP + 1,
        )

    @api.model
    def _day_sql_new(self, live, days):
        """Return who waits for a first contact: where it was promised, then the newest."""
        promised = SQL(
            """
            SELECT candidate.id, step.id AS activity_id, NULL::int4 AS answer_id,
                   NULL::timestamp AS answered, COALESCE(step.due, clock.date_due) AS due,
                   NULL::timestamp AS due_time
            FROM (%(live)s) candidate %(clock)s %(step)s
            WHERE clock.id IS NOT NULL AND (%(untouched)s) AND %(no_answer)s
              AND (step.due > %(today)s OR (step.id IS NULL AND %(not_hot)s))
            ORDER BY clock.date_due LIMIT %(limit)s
            """,
            live=live,
            clock=CLOCK,
            step=STEP,
            untouched=self._day_sql_untouched(),
            no_answer=NO_ANSWER,
            today=days.today,
            not_hot=NOT_HOT,
            limit=CAP + 1,
        )
        others = self._day_sql_without_step(
            live, IS_OPEN, NOT_HOT, SQL("clock.id IS NULL"), self._day_sql_untouched()
        )
        return SQL("(%s) UNION ALL (%s) LIMIT %s", promised, others, CAP + 1)

    @api.model
    def _day_sql_without_step(self, live, *conditions):
        """Return the leads nothing is planned for that meet conditions, newest first."""
        return SQL(
            """
            SELECT candidate.id, NULL::int4 AS activity_id, NULL::int4 AS answer_id,
                   NULL::timestamp AS answered, clock.date_due AS due,
                   NULL::timestamp AS due_time
            FROM (%(live)s) candidate %(clock)s
            WHERE %(no_step)s AND %(no_answer)s AND %(conditions)s
            ORDER BY candidate.id DESC LIMIT %(limit)s
            """,
            live=live,
            clock=CLOCK,
            no_step=NO_STEP,
            no_answer=NO_ANSWER,
            conditions=SQL(" AND ").join(SQL("(%s)", each) for each in conditions),
            limit=CAP + 1,
        )

    @api.model
    def _day_sql_missed(self, scope, seen, days):
        """Return the leads whose promise was broken: overdue for long, or missed."""
        late = SQL("< %s", days.late) if days.late else SQL("< NULL")
        missed = SQL(
            """
            SELECT candidate.id, step.id AS activity_id, NULL::int4 AS answer_id,
                   NULL::timestamp AS answered, step.due, NULL::timestamp AS due_time
            FROM (
                SELECT DISTINCT lead_id FROM lead_sla_clock
                WHERE state = 'missed' AND date_end >= %(since)s
            ) missed
            JOIN (%(seen)s) candidate ON candidate.id = missed.lead_id %(step)s
            WHERE (step.due %(late)s) IS NOT TRUE
              AND (candidate.is_live OR step.id IS NOT NULL OR NOT %(no_answer)s)
            LIMIT %(limit)s
            """,
            since=days.missed_since,
            seen=seen,
            step=STEP,
            late=late,
            no_answer=NO_ANSWER,
            limit=CAP + 1,
        )
        return SQL(
            "(SELECT * FROM late WHERE due %s) UNION ALL (%s) LIMIT %s",
            late,
            missed,
            CAP + 1,
        )
