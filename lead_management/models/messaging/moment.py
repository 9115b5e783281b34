"""Moments as people say them, with the zone they are in."""

from datetime import timedelta

import pytz

from odoo.tools import format_time

from ...tools.day_words import format_day

# Within so many days a weekday says which one is meant.
WEEK = timedelta(days=6)


def describe_moment(env, moment, zone, now):
    """Return a moment in the language of the user: "Mon 8:00", "Mon, Jan 5 8:00".

    :param moment: in UTC, naive
    :param zone: name of the time zone it is told in
    :param now: in UTC, naive
    """
    local = pytz.utc.localize(moment).astimezone(pytz.timezone(zone))
    day = format_day(env, local, "E" if moment - now < WEEK else "MMMEd")
    return f"{day} {format_time(env, moment, tz=zone, time_format='short')}"


def describe_zone(zone):
    """Return a time zone by its place.

    >>> describe_zone("America/New_York"), describe_zone("UTC")
    ('New York', 'UTC')
    """
    return zone.rsplit("/", 1)[-1].replace("_", " ")
