"""Days somebody works on, without database."""

from datetime import timedelta

# Where nothing is known of somebody: Monday to Friday.
WEEK = range(5)
FURTHEST = 400


class Workdays:
    """The days on which somebody works, as far as they are known.

    :param days: the dates they work on
    :param first: the first date that is known
    :param last: the last one

    >>> from datetime import date
    >>> monday = date(2026, 11, 23)
    >>> days = Workdays({monday, date(2026, 11, 25)}, monday, date(2026, 11, 25))
    >>> days.on_or_after(date(2026, 11, 24)).isoformat()
    '2026-11-25'
    >>> days.add(monday, 1).isoformat(), days.add(monday, 0).isoformat()
    ('2026-11-25', '2026-11-23')
    >>> days.add(monday, 2).isoformat()  # a Thursday nothing is known of
    '2026-11-26'
    """

    def __init__(self, days, first, last):
        # somebody who never works in that time may as well work on any weekday
        self.days = days
        self.first, self.last = first, last

    def __contains__(self, day):
        if self.days and self.first <= day <= self.last:
            return day in self.days
        return day.weekday() in WEEK

    def on_or_after(self, day):
        """Return the first day at work from ``day`` on."""
        for __ in range(FURTHEST):
            if day in self:
                return day
            day += timedelta(days=1)
        return day

    def add(self, day, count):
        """Return the day that is ``count`` days at work after ``day``."""
        day = self.on_or_after(day)
        for __ in range(count):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def back(self, day, count):
        """Return the day such that what was due before it is late by more than that.

        Days at work count from the day after the due one up to ``day``.

        >>> from datetime import date
        >>> days = Workdays((), date(2026, 11, 2), date(2026, 11, 30))
        >>> days.back(date(2026, 11, 12), 3).isoformat()  # due on Friday 6th is late
        '2026-11-09'
        >>> days.back(date(2026, 11, 15), 0).isoformat()  # a Sunday
        '2026-11-13'
        """
        for __ in range(FURTHEST):
            if day in self:
                if not count:
                    break
                count -= 1
            day -= timedelta(days=1)
        return day


def days_between(start, end):
    """Return the dates that lie between two moments of the same time zone.

    >>> from datetime import datetime
    >>> days = days_between(datetime(2026, 11, 2, 22), datetime(2026, 11, 4))
    >>> [day.day for day in days]
    [2, 3]
    """
    day, days = start.date(), []
    last = (end - timedelta(microseconds=1)).date()
    while day <= last:
        days.append(day)
        day += timedelta(days=1)
    return days
