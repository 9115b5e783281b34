"""A time of day, as people type it."""

import re
from datetime import time

TIME = re.compile(
    r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})?)?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE
)
COMPACT = re.compile(r"(\d{1,2})(\d{2})")
NOON = 12


def read_clock(text):
    """Return the time of day in a text, or None where there is none.

    >>> read_clock("15:00"), read_clock("9"), read_clock("15h30")
    (datetime.time(15, 0), datetime.time(9, 0), datetime.time(15, 30))
    >>> read_clock("1530") == read_clock("15.30") == time(15, 30)
    True
    >>> read_clock("3 pm"), read_clock("12 a.m."), read_clock("9.15")
    (datetime.time(15, 0), datetime.time(0, 0), datetime.time(9, 15))
    >>> read_clock("25:00"), read_clock("soon"), read_clock("13 pm"), read_clock("")
    (None, None, None, None)
    """
    text = (text or "").strip()
    match = COMPACT.fullmatch(text) or TIME.fullmatch(text)
    if not match:
        return None
    hour, minute, half = (*match.groups(), None)[:3]
    hour, minute = int(hour), int(minute or 0)
    if half:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half.lower() == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


def write_clock(moment):
    """Return a time of day as it is typed.

    >>> write_clock(time(9, 5))
    '09:05'
    """
    return f"{moment:%H:%M}"
