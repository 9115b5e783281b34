"""An amount of money, as people type it, whatever they put between thousands."""

import re

LARGEST = 1e12


def read_typed_amount(text):
    """Return the amount in a text, or None where there is none.

    What stands last is the decimal point, unless exactly three digits follow and
    nothing says otherwise: "12,500" is twelve thousand five hundred all over the world.

    >>> [read_typed_amount(text) for text in ("12,500", "12.500", "12,5")]
    [12500.0, 12500.0, 12.5]
    >>> [read_typed_amount(text) for text in ("1.234,56 €", "$1,234.56", "1 000")]
    [1234.56, 1234.56, 1000.0]
    >>> [read_typed_amount(text) for text in ("1,234,567", "0.500", "-5")]
    [1234567.0, 0.5, None]
    >>> [read_typed_amount(text) for text in ("", "soon", None)]
    [None, None, None]
    """
    text = re.sub(r"[^\d.,-]", "", text or "").strip(".,")
    if not text or "-" in text:
        return None
    whole, mark, rest = re.fullmatch(r"(.*?)(?:([.,])(\d*))?", text).groups()
    others = whole.count(".") + whole.count(",")
    is_same = bool(mark) and mark in whole
    is_thousands = len(rest or "") == 3 and not (others and not is_same)
    if mark and (is_same or (is_thousands and whole.strip("0"))):
        whole, rest = whole + rest, ""
    digits = re.sub(r"\D", "", whole) or "0"
    return min(float(f"{digits}.{rest or 0}"), LARGEST)
