"""What happened lately, counted once for all sections that look back."""

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import timedelta
from functools import cached_property

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
    """How much happened lately, as two statements tell: what came, and what it reached.

    Time is cut at each moment that matters to anybody, and leads are counted between
    two such moments: whatever lies between others is a sum of these. Leads that came
    are read without what became of them, and only those of the others that reached
    something: most did not.
    """

    def __init__(self, frame, past, months):
        """:param past: like periods before; :param months: those of the cohorts"""
        self.frame = frame
        self.until = frame.period.until
        periods = [*past, frame.before, frame.period]
        self.moments = sorted({p.since for p in periods} | {p.until for p in periods})
        self.months = [month.since for month in months]
        # how old leads are at the end: one bound for each day
        self.days = [self.until - timedelta(days=n) for n in range(OLDEST, 0, -1)]

    def count(self, kind, period):
        """Return how often something happened in one of the periods."""
        return sum(
            number
            for moment, number in self._counts[kind].items()
            if period.since <= moment < period.until
        )

    @cached_property
    def hours(self):
        """Return dict of weekday and hour to leads that came then in the last weeks."""
        counts = Counter()
        for moment, weekday, hour, number in self._created:
            if moment >= self.frame.weeks_since:
                counts[weekday, hour] += number
        return counts

    @cached_property
    def cohorts(self):
        """Return dict of month and age to leads won, lost and still open then."""
        counts = defaultdict(lambda: [0, 0, 0])
        for moment, __, __, number in self._created:
            if moment >= self.months[0]:
                month = bisect_right(self.months, moment) - 1
                counts[month, OLDEST - bisect_right(self.days, moment)][2] += number
        for *__, month, left, age, is_won, number in self._reached:
            if month >= 0 and age is not None:
                counts[month, age][0 if is_won else 1] += number
                counts[month, left][2] -= number
        return {place: numbers for place, numbers in counts.items() if any(numbers)}

    @cached_property
    def _counts(self):
        """Return dict of kind to how much happened from each moment to the next."""
        counts = {kind: Counter() for kind in EVENTS}
        for moment, __, __, number in self._created:
            counts["created"][moment] += number
        for *places, __, __, __, __, number in self._reached:
            for kind, place in zip(("qualified", "won", "lost"), places, strict=True):
                if place:
                    counts[kind][self.moments[place - 1]] += number
        return counts

    @cached_property
    def _created(self):
        """Return rows of a moment, weekday, hour and the leads that came from then on.

        It reads nothing but an index.
        """
        frame = self.frame
        bounds = sorted({*self.moments, *self.months, *self.days, frame.weeks_since})
        rows = frame.run(
            """
            SELECT width_bucket(create_date, %(bounds)s::timestamp[]),
                   date_part('isodow', at)::int, date_part('hour', at)::int, count(*)
            FROM (
                SELECT create_date,
                       create_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s AS at
                FROM (%(leads)s) AS lead
            ) AS local GROUP BY 1, 2, 3
            """,
            bounds=bounds,
            zone=str(frame.zone),
            leads=frame.select(self._since(CREATE_DATE, bounds[0]), [CREATE_DATE]),
        )
        return [(bounds[place - 1], *row) for place, *row in rows]

    @cached_property
    def _reached(self):
        """Return rows of what leads reached: when, and how old they were.

        Between which moments they were qualified, won and lost, the month they are of,
        how old they are at the end; at which age they were closed, if that was in time,
        whether as won, and how many they are.
        """
        frame = self.frame
        reached = [QUALIFIED_DATE, WON_DATE, LOST_DATE]
        closed = Domain.OR(frame.until(fname, frame.period) for fname in reached[1:])
        domain = Domain.OR(self._since(fname, self.moments[0]) for fname in reached)
        domain |= closed & self._since(CREATE_DATE, self.months[0])
        return frame.run(
            """
            SELECT width_bucket(%(qualified)s, %(moments)s::timestamp[]),
                   width_bucket(%(won)s, %(moments)s::timestamp[]),
                   width_bucket(%(lost)s, %(moments)s::timestamp[]),
                   CASE WHEN create_date < %(until)s
                        THEN width_bucket(create_date, %(months)s::timestamp[])
                        ELSE 0 END - 1,
                   %(oldest)s - width_bucket(create_date, %(days)s::timestamp[]),
                   CASE WHEN closed < %(until)s
                        AND closed < create_date + %(oldest)s * interval '1 day'
                        THEN GREATEST(0, date_part('day', closed - create_date))::int
                        END,
                   %(won)s IS NOT NULL AND (%(won)s > %(lost)s) IS NOT TRUE,
                   count(*)
            FROM (SELECT *, LEAST(%(won)s, %(lost)s) AS closed
                  FROM (%(leads)s) AS lead) AS reached
            GROUP BY 1, 2, 3, 4, 5, 6, 7
            """,
            qualified=SQL.identifier(QUALIFIED_DATE),
            won=SQL.identifier(WON_DATE),
            lost=SQL.identifier(LOST_DATE),
            moments=self.moments,
            months=self.months,
            days=self.days,
            oldest=OLDEST,
            until=self.until,
            leads=frame.select(domain, [CREATE_DATE, *reached]),
        )

    def _since(self, fname, moment):
        return Domain(fname, ">=", str(moment)) & Domain(fname, "<", str(self.until))
