"""When the next step of a sequence is due, without database."""

import hashlib
from collections import namedtuple
from datetime import datetime, timedelta

import pytz

from .quiet_hours import get_next_moment
from .workdays import Workdays

HOURS, DAYS, WORKDAYS, WEEKS = "hours", "days", "workdays", "weeks"
ALL_DAYS = frozenset(range(7))
# So many seconds the messages of a morning are spread over.
SPREAD = 20 * 60

# When messages may go: hours of the day as floats, and days of the week.
Window = namedtuple("Window", "start end days", defaults=(0.0, 24.0, ALL_DAYS))
ALWAYS = Window()


def to_local(moment, zone):
    """Return what the clocks of a zone show at a moment in UTC; both are naive.

    >>> to_local(datetime(2026, 7, 1, 10), "Europe/Paris").isoformat()
    '2026-07-01T12:00:00'
    """
    # by pytz, as quiet hours: two databases of zones need not be of the same year
    return (
        pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).replace(tzinfo=None)
    )


def to_utc(local, zone):
    """Return the moment at which the clocks of a zone show a time; both are naive.

    A time that is skipped in spring is the one an hour later, of one that comes twice
    in autumn it is the first.

    >>> to_utc(datetime(2026, 3, 29, 2, 30), "Europe/Paris").isoformat()
    '2026-03-29T01:30:00'
    >>> to_utc(datetime(2026, 10, 25, 2, 30), "Europe/Paris").isoformat()
    '2026-10-25T00:30:00'
    """
    timezone = pytz.timezone(zone)
    moments = [
        timezone.localize(local, is_dst=is_dst)
        .astimezone(pytz.utc)
        .replace(tzinfo=None)
        for is_dst in (True, False)
    ]
    shown = [moment for moment in moments if to_local(moment, zone) == local]
    return min(shown) if shown else max(moments)


def add_wait(moment, count, unit, zone="UTC", days=None):
    """Return the moment after a wait.

    Hours pass by; days and weeks keep the time that clocks show, on whatever side of
    a change of the clocks; working days are those of whoever sends.

    :param moment: in UTC, naive
    :param count: how long
    :param unit: one of ``HOURS``, ``DAYS``, ``WORKDAYS``, ``WEEKS``
    :param zone: name of the time zone whose clocks count
    :param days: :class:`~.workdays.Workdays`, by default Monday to Friday

    >>> friday = datetime(2026, 3, 27, 9)
    >>> add_wait(friday, 1, WORKDAYS, "Europe/Paris").isoformat()  # 10:00 there
    '2026-03-30T08:00:00'
    >>> add_wait(friday, 3, DAYS, "Europe/Paris").isoformat()
    '2026-03-30T08:00:00'
    >>> add_wait(friday, 24, HOURS).isoformat(), add_wait(friday, 0, WORKDAYS) == friday
    ('2026-03-28T09:00:00', True)
    """
    if count <= 0:
        return moment
    if unit == HOURS:
        return moment + timedelta(hours=count)
    local = to_local(moment, zone)
    if unit == WORKDAYS:
        days = days or Workdays((), local.date(), local.date())
        day = days.add(local.date(), count)
    else:
        day = local.date() + timedelta(days=count * (7 if unit == WEEKS else 1))
    return to_utc(datetime.combine(day, local.time()), zone)


def get_jitter(seed, length=SPREAD):
    """Return how much later than the others one is, the same each time it is asked.

    >>> get_jitter("a") == get_jitter("a"), get_jitter("a") < timedelta(minutes=20)
    (True, True)
    """
    if length < 1:
        return timedelta()
    digest = hashlib.sha256(str(seed).encode()).digest()
    return timedelta(seconds=int.from_bytes(digest[:6]) % int(length))


def fit_window(moment, zones, window=ALWAYS, seed=""):
    """Return the first moment, from one on, at which a message may go.

    Those who wait for the window to open go one after the other.

    :param moment: in UTC, naive
    :param zones: names of the time zones somebody may be in
    :param seed: what tells one who waits from another

    >>> office = Window(8, 18, frozenset(range(5)))
    >>> noon = datetime(2026, 11, 27, 12)
    >>> fit_window(noon, ["Europe/Paris"], office) == noon
    True
    >>> night = fit_window(datetime(2026, 11, 27, 20), ["Europe/Paris"], office)
    >>> datetime(2026, 11, 30, 7) <= night < datetime(2026, 11, 30, 7, 20)
    True
    >>> fit_window(noon, ["UTC"], Window(8, 18, frozenset())) == noon  # no day at all
    True
    """
    closed = tuple(ALL_DAYS - set(window.days)) if window.days else ()
    opens = get_next_moment(moment, zones, window.end % 24, window.start % 24, closed)
    if opens <= moment:
        return moment
    hours = (window.end - window.start) % 24 or 24
    return opens + get_jitter(seed, min(SPREAD, hours * 1800))
