from odoo import api, models
from odoo.tools import SQL

from .crm_lead_day import CAP

NO_STEP = SQL(
    """
    NOT EXISTS (
        SELECT FROM mail_activity planned
        WHERE planned.res_model = 'crm.lead' AND planned.active
          AND planned.res_id = candidate.id
    )
    """
)
NO_ANSWER = SQL("NOT EXISTS (SELECT FROM lead_answer a WHERE a.lead_id = candidate.id)")
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
    """
)
KNOWN = SQL(
    """
    LEFT JOIN crm_stage stage ON stage.id = candidate.stage_id
    LEFT JOIN lead_score score ON score.lead_id = candidate.id
    """
)
# Not as ``clock.id IS NULL``: PostgreSQL would expect next to no rows, and read all.
NO_CLOCK = SQL(
    """
    NOT EXISTS (
        SELECT FROM lead_sla_clock running
        WHERE running.lead_id = candidate.id
          AND running.state = 'running' AND running.kind = 'touch'
    )
    """
)
EVENT = SQL(
    """
    LEFT JOIN calendar_event event ON event.id = step.calendar_event_id
        AND event.allday IS NOT TRUE
    """
)
# Where a first contact without a target is waited for: known of the lead itself.
IS_OPEN = SQL(
    "candidate.stage_id = ANY(ARRAY("
    "SELECT id FROM crm_stage WHERE stage_type = 'open'))"
)
NOT_HOT = SQL("score.temperature IS DISTINCT FROM 'hot'")


class CrmLead(models.Model):
    """The groups in the day of a team, each walked along an index as far as needed."""

    _inherit = "crm.lead"

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
    def _day_sql_due(self, leads, due, *conditions, event=None):
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
            due_time=SQL("event.start" if event else "NULL::timestamp"),
            event=event or SQL(),
            order=SQL("event.start NULLS LAST, " if event else ""),
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
    def _day_sql_clocked(self, live, days):
        """Return whose first contact has a target, the most urgent before."""
        return SQL(
            """
            SELECT candidate.id, step.id AS activity_id, NULL::int4 AS answer_id,
                   NULL::timestamp AS answered,
                   COALESCE(step.due, clock.date_due) AS due,
                   NULL::timestamp AS due_time
            FROM lead_sla_clock clock
            JOIN (%(live)s) candidate ON candidate.id = clock.lead_id
            %(known)s %(step)s
            WHERE clock.state = 'running' AND clock.kind = 'touch'
              AND (%(untouched)s) AND %(no_answer)s
              AND (step.due > %(today)s OR (step.id IS NULL AND %(not_hot)s))
            ORDER BY clock.date_due LIMIT %(limit)s
            """,
            live=live,
            known=KNOWN,
            step=STEP,
            untouched=self._day_sql_untouched(),
            no_answer=NO_ANSWER,
            today=days.today,
            not_hot=NOT_HOT,
            limit=CAP + 1,
        )

    @api.model
    def _day_sql_new(self, leads):
        """Return who waits for a first contact without a target, newest first."""
        return self._day_sql_without_step(
            leads, IS_OPEN, NOT_HOT, NO_CLOCK, self._day_sql_untouched()
        )

    @api.model
    def _day_sql_without_step(self, live, *conditions):
        """Return leads nothing is planned for that meet conditions, newest first."""
        return SQL(
            """
            SELECT candidate.id, NULL::int4 AS activity_id, NULL::int4 AS answer_id,
                   NULL::timestamp AS answered, clock.date_due AS due,
                   NULL::timestamp AS due_time
            FROM (%(live)s) candidate %(clock)s %(known)s
            WHERE %(no_step)s AND %(no_answer)s AND %(conditions)s
            ORDER BY candidate.id DESC LIMIT %(limit)s
            """,
            live=live,
            clock=CLOCK,
            known=KNOWN,
            no_step=NO_STEP,
            no_answer=NO_ANSWER,
            conditions=SQL(" AND ").join(SQL("(%s)", each) for each in conditions),
            limit=CAP + 1,
        )

    @api.model
    def _day_sql_missed_first(self, scope, seen, days):
        """Return the leads that missed a target: overdue for long, or missed."""
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
