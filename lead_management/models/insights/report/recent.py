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
                self.cohorts.append((first, second, *numbers[:3]))
            else:
                self.hours.append((first, second, numbers[0]))

    def _read(self, past, months):
        frame = self.frame
        return frame.run(
            """
            WITH recent AS MATERIALIZED (%(leads)s)
            SELECT 'event', event.kind, width_bucket(date, %(bounds)s::timestamp[]),
                   NULL, count(*), count(*) FILTER (WHERE %(now)s),
                   count(*) FILTER (WHERE %(before)s),
                   sum(amount) FILTER (WHERE %(now)s)
            FROM recent CROSS JOIN LATERAL (VALUES %(events)s) AS event (kind, date)
            WHERE date >= %(since)s AND date < %(until)s GROUP BY 2, 3
            UNION ALL
            SELECT 'cohort', NULL,
                   width_bucket(create_date, %(months)s::timestamp[]) - 1, age,
                   count(*) FILTER (WHERE outcome = 'won'),
                   count(*) FILTER (WHERE outcome = 'lost'),
                   count(*) FILTER (WHERE outcome IS NULL), NULL
            FROM (%(aged)s) AS aged GROUP BY 3, 4
            UNION ALL
            SELECT 'hour', NULL, EXTRACT(ISODOW FROM at)::int,
                   EXTRACT(HOUR FROM at)::int, count(*), NULL, NULL, NULL
            FROM (SELECT create_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s AS at
                  FROM recent WHERE create_date >= %(weeks)s AND create_date < %(until)s
            ) AS local GROUP BY 3, 4
            """,
            leads=self._select(months),
            bounds=[*(period.since for period in past), past[-1].whole],
            now=sql_in(SQL("date"), frame.period),
            before=sql_in(SQL("date"), frame.before),
            events=SQL(", ").join(
                SQL("(%s, %s)", kind, SQL.identifier(fname))
                for kind, fname in EVENTS.items()
            ),
            since=self.since,
            until=frame.period.until,
            months=[month.since for month in months],
            aged=self._sql_aged(months[0].since),
            zone=str(frame.zone),
            weeks=frame.weeks_since,
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

    def _sql_aged(self, since):
        """Return the query of leads by age at their outcome, or at the end."""
        return SQL(
            """
            SELECT create_date,
                LEAST(GREATEST(0, EXTRACT(EPOCH FROM LEAST(
                    LEAST(%(won)s, %(lost)s), %(until)s) - create_date) / 86400),
                    %(oldest)s)::int AS age,
                CASE WHEN LEAST(%(won)s, %(lost)s) IS NULL
                       OR LEAST(%(won)s, %(lost)s) >= %(until)s
                       OR EXTRACT(EPOCH FROM LEAST(%(won)s, %(lost)s) - create_date)
                          / 86400 >= %(oldest)s THEN NULL
                     WHEN %(won)s <= LEAST(%(lost)s, %(won)s) THEN 'won'
                     ELSE 'lost' END AS outcome
            FROM recent WHERE create_date >= %(since)s AND create_date < %(until)s
            """,
            won=SQL.identifier(WON_DATE),
            lost=SQL.identifier(LOST_DATE),
            since=since,
            until=self.frame.period.until,
            oldest=OLDEST,
        )
