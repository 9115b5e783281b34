"""Days and amounts in the cells of a report, written in whatever country."""

import re
from datetime import date

DAY_FIRST, MONTH_FIRST = "day", "month"
# Amounts that contradict one another in how they are written.
BOTH = "both"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_OTHER = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})(?:[T ,].*)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# A number and nothing but the sign or the code of a currency with it.
_AMOUNT = re.compile(r"[^\d-]{0,4}(-?\d[\d.,]*)[^\d]{0,4}")
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'\u2019")


def find_day_order(texts):
    """Return which comes first in dates, the day or the month, or None.

    >>> find_day_order(["03/04/2026", "13/04/2026"])
    'day'
    >>> find_day_order(["03/04/2026", "04/13/2026"])
    'month'
    >>> find_day_order(["03/04/2026"])
    >>> find_day_order(["2026-11-03"]), find_day_order(["03.04.2026"])
    ('day', 'day')
    """
    parts = [match for text in texts if (match := _OTHER.fullmatch(text))]
    if not parts or all(match[2] == "." for match in parts):
        return DAY_FIRST
    if any(int(match[1]) > 12 for match in parts):
        return DAY_FIRST
    if any(int(match[3]) > 12 for match in parts):
        return MONTH_FIRST
    return None


def read_day(text, order):
    """Return a date, or None when there is no such day.

    >>> read_day("11/3/2026", MONTH_FIRST), read_day("31/02/2026", DAY_FIRST)
    (datetime.date(2026, 11, 3), None)
    """
    if match := _ISO.fullmatch(text):
        parts = int(match[1]), int(match[2]), int(match[3])
    elif match := _OTHER.fullmatch(text):
        first, second = int(match[1]), int(match[3])
        day, month = (first, second) if order == DAY_FIRST else (second, first)
        parts = int(match[4]), month, day
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def find_decimal(texts):
    """Return the sign before the cents, or None when that is not certain.

    ``BOTH`` where one amount says this and another one that.

    >>> find_decimal(["1,234.50"]), find_decimal(["1.234,50"]), find_decimal(["7,5"])
    ('.', ',', ',')
    >>> find_decimal(["12"]), find_decimal(["1,234"]), find_decimal(["1.5", "2,25"])
    ('.', None, 'both')
    """
    doubtful, certain = False, set()
    for text in texts:
        text = text.translate(_SPACES)
        signs = [char for char in text if char in ".,"]
        if not signs:
            continue
        last = signs[-1]
        after = re.match(r"\d*", text.rpartition(last)[2])[0]
        if len(set(signs)) > 1:
            certain.add(last)
        elif len(signs) > 1:
            certain.add("," if last == "." else ".")
        elif len(after) != 3:
            certain.add(last)
        else:
            doubtful = True
    if len(certain) > 1:
        return BOTH
    return certain.pop() if certain else None if doubtful else "."


def read_amount(text, decimal):
    """Return a number, 0 for what means nothing, or None for what is none.

    >>> read_amount("1 234,50 €", ","), read_amount("$1,234.5", ".")
    (1234.5, 1234.5)
    >>> read_amount("--", ".")
    0.0
    >>> read_amount("12 a 13", ".")
    """
    text = text.translate(_SPACES).replace("\u2212", "-")
    if not text.strip("-\u2014"):
        return 0.0
    match = _AMOUNT.fullmatch(text)
    if not match:
        return None
    thousands = "," if decimal == "." else "."
    number = match[1].replace(thousands, "").replace(decimal, ".")
    try:
        return float(number)
    except ValueError:
        return None


def read_count(text):
    """Return a whole number, 0 where there is none.

    >>> read_count("1,204"), read_count("1.204"), read_count("--"), read_count("12.0")
    (1204, 1204, 0, 12)
    """
    match = _NUMBER.search(text.translate(_SPACES))
    if not match:
        return 0
    number = re.sub(r"[.,]0?\Z|[.,]\d{1,2}\Z", "", match[0])
    return min(max(int(re.sub(r"\D", "", number) or 0), 0), 2**31 - 1)
