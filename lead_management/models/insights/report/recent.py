"""What happened lately, read once for all sections that look back."""

from odoo.fields import Domain
from odoo.tools import SQL

CREATE_DATE = "create_date"
QUALIFIED_DATE = "milestone_qualified_date"
WON_DATE, LOST_DATE = "milestone_won_date", "milestone_lost_date"
EVENTS = {
    "created": CREATE_DATE,
    "qualified": QUALIFIED_DATE,
    "won": WON_DATE,
    "lost": LOST_DATE,
}
# So many like periods tell how much a number varies.
HISTORY = 12
# Cohorts are told apart by month, and looked at until this age in days.
MONTHS, OLDEST = 12, 90
# When leads come is told by so many weeks.
WEEKS = 26
EVENT, COHORT, HOUR = "event", "cohort", "hour"


def sql_in(column, period):
    """Return whether a column is a moment of a period, in SQL."""
    return SQL(
        "(%(column)s >= %(since)s AND %(column)s < %(until)s)",
        column=column,
        since=period.since,
        until=period.until,
    )


def sql_until(column, period):
    """Return whether a column is before the end of a period, in SQL."""
    return SQL("(%s < %s)", column, period.until)


class Recent:
    """Leads of which something happened lately: one scan, and three ways to count.

    ``events`` are (kind, bucket, count, in the period, in the one before, amount in
    the period), ``cohorts`` (month, age, won, lost, still open) and ``hours`` (weekday,
    hour, leads).
    """

    def __init__(self, frame, past, months):
        """:param past: like periods before; :param months: those of the cohorts"""
        self.frame = frame
        self.since = min(past[0].since, frame.before.since)
        self.events, self.cohorts, self.hours = [], [], []
        for what, kind, first, second, *numbers in self._read(past, months):
            if what == EVENT:
                self.events.append((kind, first, *numbers))
            elif what == COHORT:
                if first >= 0:
                    self.cohorts.append((first, second, *numbers[:3]))
            else:
                self.hours.append((first, second, numbers[0]))

    def _read(self, past, months):
        frame = self.frame
        return frame.run(
            """
            WITH recent AS MATERIALIZED (%(leads)s)
            %(events)s
            UNION ALL
            SELECT 'cohort', NULL, month, age,
                   count(*) FILTER (WHERE is_over AND is_won),
                   count(*) FILTER (WHERE is_over AND NOT is_won),
                   count(*) FILTER (WHERE NOT is_over), NULL
            FROM (%(aged)s) AS aged GROUP BY 3, 4
            UNION ALL
            SELECT 'hour', NULL, date_part('isodow', at)::int,
                   date_part('hour', at)::int, count(*), NULL, NULL, NULL
            FROM (SELECT create_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s AS at
                  FROM recent WHERE create_date >= %(weeks)s AND create_date < %(until)s
            ) AS local GROUP BY 3, 4
            """,
            leads=self._select(months),
            events=SQL(" UNION ALL ").join(
                self._sql_event(kind, fname, past) for kind, fname in EVENTS.items()
            ),
            aged=self._sql_aged(months),
            zone=str(frame.zone),
            weeks=frame.weeks_since,
            until=frame.period.until,
        )

    def _sql_event(self, kind, fname, past):
        """Return the query of how often something happened in each period."""
        frame, date = self.frame, SQL.identifier(fname)
        return SQL(
            """
            SELECT 'event', %(kind)s, width_bucket(%(date)s, %(bounds)s::timestamp[]),
                   NULL::int, count(*), count(*) FILTER (WHERE %(now)s),
                   count(*) FILTER (WHERE %(before)s),
                   sum(amount) FILTER (WHERE %(now)s)
            FROM recent WHERE %(date)s >= %(since)s AND %(date)s < %(until)s GROUP BY 3
            """,
            kind=kind,
            date=date,
            bounds=[*(period.since for period in past), past[-1].whole],
            now=sql_in(date, frame.period),
            before=sql_in(date, frame.before),
            since=self.since,
            until=frame.period.until,
        )

    def _select(self, months):
        """Return the query of the leads, each once, with what happened when."""
        frame = self.frame
        until = str(frame.period.until)
        first = min(self.since, months[0].since, frame.weeks_since)
        domain = Domain.OR(
            Domain(fname, ">=", str(first if fname == CREATE_DATE else self.since))
            & Domain(fname, "<", until)
            for fname in EVENTS.values()
        )
        return frame.select(domain, list(EVENTS.values()), amount=frame.sql_amount)

    def _sql_aged(self, months):
        """Return the query of leads by month and by age at their outcome, or the end.

        Those of earlier months are in it, as month -1: PostgreSQL then knows how many
        rows to expect, and counts without sorting them.
        """
        return SQL(
            """
            SELECT width_bucket(create_date, %(months)s::timestamp[]) - 1 AS month,
                   GREATEST(0, LEAST(%(oldest)s, date_part('day',
                       LEAST(closed, %(until)s) - create_date)))::int AS age,
                   is_won, COALESCE(closed < LEAST(%(until)s,
                       create_date + %(oldest)s * interval '1 day'), FALSE) AS is_over
            FROM (
                SELECT create_date, LEAST(%(won)s, %(lost)s) AS closed,
                       %(won)s IS NOT NULL AND (%(won)s > %(lost)s) IS NOT TRUE
                           AS is_won
                FROM recent
            ) AS lead
            """,
            won=SQL.identifier(WON_DATE),
            lost=SQL.identifier(LOST_DATE),
            months=[month.since for month in months],
            until=self.frame.period.until,
            oldest=OLDEST,
        )
