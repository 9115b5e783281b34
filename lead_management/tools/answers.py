"""What people answer, checked and shown, without database."""

import math
import re
import unicodedata
from datetime import date

TEXT_LENGTH = 10_000
LARGEST = 1e15
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def slug(text, length=30):
    """Return a name in a-z, 0-9 and underscores, or "" when nothing is left.

    >>> slug("Budget confirmed?"), slug("Échéance !"), slug("预算")
    ('budget_confirmed', 'echeance', '')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:length].strip("_")


def free_name(wanted, taken):
    """Return ``wanted``, with a number if it is taken.

    >>> free_name("need", {"budget"}), free_name("need", {"need", "need_2"})
    ('need', 'need_3')
    """
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def clean_text(value):
    """Return a text without control characters and space around it.

    :raise ValueError: when it is longer than ``TEXT_LENGTH``

    >>> clean_text("  two seats\\x00\\r\\n "), clean_text(None)
    ('two seats', '')
    """
    text = CONTROL.sub("", str(value or "").replace("\r\n", "\n")).strip()
    if len(text) > TEXT_LENGTH:
        raise ValueError(len(text))
    return text


def clean_number(value):
    """Return a number.

    :raise ValueError: when it is none, not finite, or absurdly large

    >>> clean_number("12.5"), clean_number(3)
    (12.5, 3.0)
    >>> clean_number("nan")
    Traceback (most recent call last):
    ...
    ValueError: nan
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(value)
    number = float(value)
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise ValueError(value)
    return number


def clean_date(value):
    """Return a date of this or a neighbouring century.

    :param value: a date, or a text such as 2026-12-31
    :raise ValueError: when it is none

    >>> clean_date("2026-12-31")
    datetime.date(2026, 12, 31)
    >>> clean_date("0001-01-01")
    Traceback (most recent call last):
    ...
    ValueError: 0001-01-01
    """
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(value)
    return day


def show_number(number):
    """Return a number without needless zeros.

    >>> show_number(12.0), show_number(0.5), show_number(1234567.25)
    ('12', '0.5', '1,234,567.25')
    """
    return f"{number:,.2f}".rstrip("0").rstrip(".")
