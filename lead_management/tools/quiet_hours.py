"""When people may be disturbed, where they are."""

from datetime import datetime, time, timedelta

import pytz

# Zones that leave no common time are asked one after the other; then the first alone.
STEPS = 60


def get_next_moment(moment, zones, quiet_from, quiet_to, quiet_days=()):
    """Return the first moment, from one on, that is quiet in none of the zones.

    :param moment: in UTC, naive
    :param zones: names of time zones; with several, the lead may be in any
    :param quiet_from: hour of the day when the quiet time begins, a float
    :param quiet_to: hour when it ends; an earlier one is that of the next day, the
      same one means no quiet time
    :param quiet_days: days of the week nobody is disturbed on, Monday being 0

    >>> night = datetime(2026, 1, 7, 21, 30)
    >>> get_next_moment(night, ["Europe/Paris"], 20, 8)
    datetime.datetime(2026, 1, 8, 7, 0)
    >>> get_next_moment(night, ["America/New_York"], 20, 8) == night
    True
    >>> get_next_moment(night, ["Europe/Paris", "America/New_York"], 20, 8)
    datetime.datetime(2026, 1, 8, 13, 0)
    >>> sunday = datetime(2026, 1, 11, 10, 0)
    >>> get_next_moment(sunday, ["UTC"], 20, 8, [6])
    datetime.datetime(2026, 1, 12, 8, 0)
    >>> get_next_moment(sunday, ["UTC"], 8, 8, [6])
    datetime.datetime(2026, 1, 12, 0, 0)
    >>> get_next_moment(sunday, ["UTC"], 0, 0) == sunday
    True
    """
    candidate = moment
    for __ in range(STEPS):
        later = candidate
        for zone in zones:
            later = _leave_quiet(later, zone, quiet_from, quiet_to, quiet_days)
        if later == candidate:
            return candidate
        candidate = later
    if len(zones) > 1:
        return get_next_moment(moment, zones[:1], quiet_from, quiet_to, quiet_days)
    return candidate


def _leave_quiet(moment, zone, quiet_from, quiet_to, quiet_days):
    """Return the end of the quiet time a moment is in, or the moment itself."""
    tz = pytz.timezone(zone)
    local = pytz.utc.localize(moment).astimezone(tz)
    hour = local.hour + local.minute / 60 + local.second / 3600
    day = local.date()
    if quiet_days and day.weekday() in quiet_days:
        if len(set(quiet_days)) >= 7:
            return moment
        return _to_utc(day + timedelta(days=1), 0, tz)
    if quiet_from == quiet_to:
        return moment
    if quiet_from < quiet_to:
        return _to_utc(day, quiet_to, tz) if quiet_from <= hour < quiet_to else moment
    if hour >= quiet_from:
        return _to_utc(day + timedelta(days=1), quiet_to, tz)
    return _to_utc(day, quiet_to, tz) if hour < quiet_to else moment


def _to_utc(day, hour, tz):
    """Return a local hour in UTC; one that is skipped in spring is the one after."""
    local = datetime.combine(day, time()) + timedelta(hours=hour)
    moment = tz.normalize(tz.localize(local, is_dst=False))
    return moment.astimezone(pytz.utc).replace(tzinfo=None)
