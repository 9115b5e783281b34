"""The days something can be put off to at a click, without database."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

TOMORROW, NEXT, SOON, WEEK, MONTH = "tomorrow", "next", "soon", "week", "month"
SOON_DAYS = 3


def quick_days(days, today):
    """Return the days at work that are offered, soonest first, each of them once.

    What is called tomorrow is tomorrow: before days off it is the next day at work.

    :param days: the :class:`Workdays` of who does it
    :return: list of pairs of a key and a date

    >>> from datetime import date
    >>> from odoo.addons.lead_management.tools.workdays import Workdays
    >>> week = Workdays((), date(2026, 11, 2), date(2027, 1, 4))
    >>> for key, day in quick_days(week, date(2026, 11, 25)):  # a Wednesday
    ...     print(key, f"{day:%a %d}")
    tomorrow Thu 26
    soon Mon 30
    week Wed 02
    month Fri 25
    >>> [key for key, day in quick_days(week, date(2026, 11, 27))]  # a Friday
    ['next', 'soon', 'week', 'month']
    """
    tomorrow = today + timedelta(days=1)
    following = days.on_or_after(tomorrow)
    wanted = [
        (TOMORROW if following == tomorrow else NEXT, following),
        (SOON, days.add(today, SOON_DAYS)),
        (WEEK, _next_week(days, today)),
        (MONTH, days.on_or_after(today + relativedelta(months=1))),
    ]
    # long holidays make several of them the same day
    found = {}
    for key, day in wanted:
        found.setdefault(day, key)
    return [(key, day) for day, key in sorted(found.items())]


def _next_week(days, today):
    """Return the same weekday of next week, or the last day at work before it then.

    >>> from datetime import date
    >>> from odoo.addons.lead_management.tools.workdays import Workdays
    >>> week = Workdays((), date(2026, 11, 2), date(2027, 1, 4))
    >>> _next_week(week, date(2026, 11, 29)).isoformat()  # a Sunday
    '2026-12-04'
    """
    day = today + timedelta(days=7)
    monday = day - timedelta(days=day.weekday())
    for back in range((day - monday).days + 1):
        if day - timedelta(days=back) in days:
            return day - timedelta(days=back)
    return days.on_or_after(day)
