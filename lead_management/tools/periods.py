"""Calendar periods in the time zone of a company, and what to compare them with."""

from datetime import UTC, date, datetime, time, timedelta

DAY, WEEK, MONTH, QUARTER, YEAR = "day", "week", "month", "quarter", "year"
KINDS = (DAY, WEEK, MONTH, QUARTER, YEAR)
BEFORE, LAST_YEAR = "before", "year"
MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}


def get_start(kind, day):
    """Return the first day of the period that a day is in; weeks begin on Monday.

    >>> get_start("week", date(2027, 1, 2)), get_start("quarter", date(2026, 5, 31))
    (datetime.date(2026, 12, 28), datetime.date(2026, 4, 1))
    """
    if kind == DAY:
        return day
    if kind == WEEK:
        return day - timedelta(days=day.weekday())
    months = MONTHS[kind]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def shift(kind, start, number):
    """Return the first day of the period so many periods after the one that starts.

    >>> shift("month", date(2026, 1, 1), -1), shift("week", date(2026, 12, 28), 1)
    (datetime.date(2025, 12, 1), datetime.date(2027, 1, 4))
    """
    if kind in (DAY, WEEK):
        return start + timedelta(days=number * (7 if kind == WEEK else 1))
    months = start.year * 12 + start.month - 1 + number * MONTHS[kind]
    return date(months // 12, months % 12 + 1, 1)


def to_utc(moment, zone):
    """Return a moment of a zone as Odoo stores it; one an hour skips is the next.

    >>> from zoneinfo import ZoneInfo
    >>> to_utc(datetime(2026, 3, 29, 0), ZoneInfo("Europe/Paris"))
    datetime.datetime(2026, 3, 28, 23, 0)
    >>> to_utc(datetime(2026, 7, 1), ZoneInfo("Asia/Kolkata"))
    datetime.datetime(2026, 6, 30, 18, 30)
    """
    return moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def to_local(moment, zone):
    """Return a stored moment as the clocks of a zone show it.

    >>> from zoneinfo import ZoneInfo
    >>> to_local(datetime(2026, 1, 1, 12), ZoneInfo("Asia/Kolkata"))
    datetime.datetime(2026, 1, 1, 17, 30)
    """
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


class Period:
    """The days from ``start`` until before ``end``, up to ``until`` in it.

    ``start`` and ``end`` are days of the zone, ``since`` and ``until`` the moments in
    UTC between which something counts: for a period that runs, until now.
    """

    def __init__(self, kind, start, zone, until=None):
        self.kind, self.start, self.zone = kind, start, zone
        self.end = shift(kind, start, 1)
        self.since = to_utc(datetime.combine(self.start, time()), zone)
        self.whole = to_utc(datetime.combine(self.end, time()), zone)
        self.until = min(self.whole, until or self.whole)
        self.is_running = self.until < self.whole

    @classmethod
    def of(cls, kind, day, zone, now):
        """Return the period a day is in, as far as it has gone.

        >>> from zoneinfo import ZoneInfo
        >>> period = Period.of("month", date(2026, 11, 25), ZoneInfo("UTC"),
        ...                    datetime(2026, 11, 25, 10))
        >>> str(period), period.is_running
        ('2026-11-01..2026-11-25', True)
        """
        start = get_start(kind, day)
        return cls(kind, start, zone, max(now, _begin(start, zone)))

    @property
    def last(self):
        """Return the last day that counts."""
        moment = self.until - timedelta(microseconds=1)
        return max(self.start, to_local(moment, self.zone).date())

    @property
    def days(self):
        """Return how many days have gone, parts of them included."""
        return (self.until - self.since).total_seconds() / 86400

    def before(self, how=BEFORE):
        """Return what to compare with: as much of it as has gone of this one.

        The same number of days up to the same time of day, and at most the whole. A
        year before a week is 52 weeks before it.

        >>> from zoneinfo import ZoneInfo
        >>> zone = ZoneInfo("Europe/Brussels")
        >>> def at(kind, *now):
        ...     local = datetime(*now)
        ...     return Period.of(kind, local.date(), zone, to_utc(local, zone))
        >>> str(at("month", 2026, 11, 25, 10).before())
        '2026-10-01..2026-10-25'
        >>> str(at("month", 2026, 3, 31, 23).before())
        '2026-02-01..2026-02-28'
        >>> str(at("quarter", 2026, 3, 31, 12).before())
        '2025-10-01..2025-12-29'
        >>> str(at("month", 2028, 2, 29, 12).before("year"))
        '2027-02-01..2027-02-28'
        >>> str(at("week", 2027, 1, 2, 12).before("year"))
        '2025-12-29..2026-01-03'
        >>> november = Period.of("month", date(2026, 10, 2), zone,
        ...                      datetime(2026, 11, 25))
        >>> str(november.before()), november.before().is_running
        ('2026-09-01..2026-09-30', False)
        >>> first = at("month", 2026, 4, 10, 8).before()
        >>> to_local(first.until, zone)
        datetime.datetime(2026, 3, 10, 8, 0)
        """
        start = shift(self.kind, self.start, -1)
        if how == LAST_YEAR:
            start = self._get_last_year()
        if not self.is_running:
            return Period(self.kind, start, self.zone)
        elapsed = to_local(self.until, self.zone) - datetime.combine(self.start, time())
        until = to_utc(datetime.combine(start, time()) + elapsed, self.zone)
        return Period(self.kind, start, self.zone, until)

    def _get_last_year(self):
        if self.kind == WEEK:
            return self.start - timedelta(weeks=52)
        if self.kind == DAY:
            day = min(self.start.day, 28) if self.start.month == 2 else self.start.day
            return date(self.start.year - 1, self.start.month, day)
        return shift(MONTH, self.start, -12)

    def history(self, number):
        """Return the like periods before this one, whole ones, the oldest first.

        >>> from zoneinfo import ZoneInfo
        >>> december = Period("month", date(2026, 12, 1), ZoneInfo("UTC"))
        >>> [str(period) for period in december.history(2)]
        ['2026-10-01..2026-10-31', '2026-11-01..2026-11-30']
        """
        return [
            Period(self.kind, shift(self.kind, self.start, -back), self.zone)
            for back in range(number, 0, -1)
        ]

    def __str__(self):
        return f"{self.start}..{self.last}"


def _begin(start, zone):
    return to_utc(datetime.combine(start, time()), zone)


def count_weekdays(first, last):
    """Return how often each weekday is among the days, Monday first.

    >>> count_weekdays(date(2026, 2, 1), date(2026, 2, 28))
    [4, 4, 4, 4, 4, 4, 4]
    >>> count_weekdays(date(2026, 11, 28), date(2026, 11, 29))
    [0, 0, 0, 0, 0, 1, 1]
    """
    days = (last - first).days + 1
    counts = [days // 7] * 7
    for number in range(days % 7):
        counts[(first.weekday() + number) % 7] += 1
    return counts


def comparable_change(n1, weekdays1, n0, weekdays0, factors):
    """Return how much more there is, were both periods of the same weekdays.

    :param factors: how much comes on each weekday, 1 being the mean
    :return: a share, or None where nothing could come

    >>> week = [1.4] * 5 + [0, 0]
    >>> round(comparable_change(200, [4] * 7, 220, [5, 5, 4, 4, 4, 4, 5], week), 3)
    0.0
    """
    e1 = sum(f * n for f, n in zip(factors, weekdays1, strict=True))
    e0 = sum(f * n for f, n in zip(factors, weekdays0, strict=True))
    if not (e1 and e0 and n0):
        return None
    return (n1 / e1) / (n0 / e0) - 1
