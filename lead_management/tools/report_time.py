"""When the report of a period is due: at an hour of the first day after it."""

from datetime import datetime, time
from zoneinfo import ZoneInfo  # noqa: F401, for the doctests

from .periods import get_start, shift, to_local, to_utc


def _get_moment(start, hour, zone):
    return to_utc(datetime.combine(start, time(hour)), zone)


def get_due(kind, hour, zone, now):
    """Return the first day of the last period whose report was due by now.

    >>> paris = ZoneInfo("Europe/Paris")
    >>> get_due("week", 7, paris, datetime(2026, 11, 23, 5, 59))  # Monday, 6:59
    datetime.date(2026, 11, 9)
    >>> get_due("week", 7, paris, datetime(2026, 11, 23, 6, 0))
    datetime.date(2026, 11, 16)
    """
    current = get_start(kind, to_local(now, zone).date())
    back = -1 if now >= _get_moment(current, hour, zone) else -2
    return shift(kind, current, back)


def get_next_run(kind, hour, zone, now):
    """Return when the next report is due, later than now, in UTC.

    An hour that is skipped in spring is the next one; of one that comes twice in autumn
    the first counts.

    >>> paris = ZoneInfo("Europe/Paris")
    >>> get_next_run("month", 7, paris, datetime(2026, 3, 1, 6, 0))
    datetime.datetime(2026, 4, 1, 5, 0)
    >>> get_next_run("day", 2, paris, datetime(2026, 3, 28, 12))  # 2:00 is skipped
    datetime.datetime(2026, 3, 29, 1, 0)
    """
    current = get_start(kind, to_local(now, zone).date())
    moment = _get_moment(current, hour, zone)
    if now < moment:
        return moment
    return _get_moment(shift(kind, current, 1), hour, zone)
