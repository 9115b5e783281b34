"""What a cell of a file holds, without database."""

import math
import re

ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]{2,}")
NEGATIVE = re.compile(r"\s*-[\d\s.,]*[1-9][\d\s.,]*")


def is_address(text):
    """Return whether ``text`` is one email address, with or without a name.

    >>> is_address("anna@example.com"), is_address("Anna <anna@example.com>")
    (True, True)
    >>> is_address("anna@example"), is_address("anna example.com")
    (False, False)
    >>> is_address("anna@example..com"), is_address("anna@a.example, bob@b.example")
    (False, False)
    """
    address = text.strip()
    if address.endswith(">"):
        address = address.rpartition("<")[2][:-1]
    return bool(ADDRESS.fullmatch(address)) and ".." not in address


def is_negative(text):
    """Return whether ``text`` is a number below zero.

    >>> is_negative("-5"), is_negative(" -1,000 "), is_negative("-0")
    (True, True, False)
    >>> is_negative("5"), is_negative("minus five")
    (False, False)
    """
    return bool(NEGATIVE.fullmatch(text))


def is_no_amount(text):
    """Return whether ``text`` is a number for Python and for nobody else.

    >>> is_no_amount("nan"), is_no_amount("-Infinity"), is_no_amount("12.5")
    (True, True, False)
    >>> is_no_amount("text that Odoo itself refuses")
    False
    """
    try:
        return not math.isfinite(float(text))
    except ValueError:
        return False
