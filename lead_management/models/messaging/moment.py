"""Moments as people say them, with the zone they are in."""

from datetime import timedelta

import pytz
from babel.dates import format_skeleton

from odoo.tools import babel_locale_parse, format_time, get_lang

# Within so many days a weekday says which one is meant.
WEEK = timedelta(days=6)


def describe_moment(env, moment, zone, now):
    """Return a moment in the language of the user: "Mon 8:00", "Mon, Jan 5 8:00".

    :param moment: in UTC, naive
    :param zone: name of the time zone it is told in
    :param now: in UTC, naive
    """
    local = pytz.utc.localize(moment).astimezone(pytz.timezone(zone))
    locale = babel_locale_parse(get_lang(env).code)
    skeleton = "E" if moment - now < WEEK else "MMMEd"
    day = format_skeleton(skeleton, local, locale=locale)
    return f"{day} {format_time(env, moment, tz=zone, time_format='short')}"


def describe_zone(zone):
    """Return a time zone by its place.

    >>> describe_zone("America/New_York"), describe_zone("UTC")
    ('New York', 'UTC')
    """
    return zone.rsplit("/", 1)[-1].replace("_", " ")
