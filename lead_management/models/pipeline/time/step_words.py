from odoo import fields
from odoo.tools import format_time

from ....tools.day_words import format_day

DAY = "MMMd"
WEEKDAY = "MMMEd"


def say_day(env, day, skeleton=DAY):
    """Return a day in the order of the language: *Dec 1*, *Tue, Dec 1*, *mar. 1 déc.*

    :param skeleton: ``DAY`` or ``WEEKDAY``; the year is said if it is another one
    """
    if day.year != fields.Date.context_today(env.user).year:
        skeleton = f"y{skeleton}"
    return format_day(env, day, skeleton)


def say_time(env, clock):
    """Return a time of day as the language has it: *3:00 PM*, *15:00*."""
    return format_time(env, clock, time_format="short")


def say_when(env, day, clock, skeleton=DAY):
    """Return a day, and a time of that day if there is one."""
    if not clock:
        return say_day(env, day, skeleton)
    date, time = say_day(env, day, skeleton), say_time(env, clock)
    return env._("%(date)s at %(time)s", date=date, time=time)
