"""Whether an address fits its country, by how postcodes look there."""

import re
from functools import cache, lru_cache
from pathlib import Path

from .verdicts import DOUBTFUL, FORM, OK, PLAUSIBLE, UNKNOWN, Verdict, squeeze

PATTERNS = Path(__file__).parent.parent / "data/verification/postcodes.txt"


def verify_address(street, city, postcode, country, state=None):
    """Return what can be said of an address without asking anybody.

    :param country: ISO code of the country, or None
    :param state: code of the state, or None
    :return: :class:`~.verdicts.Verdict`; None where there is no address

    >>> verify_address("12 River Street", "Dubuque", "52001", "US", "IA")[:3]
    ('ok', 'plausible', 'address_state')
    >>> verify_address("", "", "52001", "US", "CA")[:3]
    ('doubtful', 'form', 'address_other_state')
    >>> verify_address("", "Bruxelles", "10000", "BE")[2:4]
    ('address_postcode', '4000')
    >>> verify_address("", "Bruxelles", "", None).reason
    'address_country'
    >>> verify_address("", "", "", "BE")
    """
    parts = [squeeze(part) for part in (street, city, postcode)]
    if not any(parts):
        return None
    value = "|".join([*parts, country or "", state or ""])
    return Verdict(*_assess(postcode, country, state), value=value)


def _assess(postcode, country, state):
    if not country:
        return UNKNOWN, FORM, "address_country", ""
    known = _get_patterns().get(country)
    if not known:
        return UNKNOWN, FORM, "address_no_pattern", ""
    postcode = " ".join((postcode or "").split()).upper()
    if not postcode:
        return UNKNOWN, FORM, "address_no_postcode", ""
    pattern, example = known
    if not _match(pattern, postcode):
        # the offer is an example, which nobody puts in its place
        return DOUBTFUL, FORM, "address_postcode", example
    begins = state and _get_patterns().get(f"{country}-{state}")
    if not begins:
        return OK, PLAUSIBLE, "address_fine", ""
    if _begins(begins[0], postcode):
        return OK, PLAUSIBLE, "address_state", ""
    return DOUBTFUL, FORM, "address_other_state", ""


@lru_cache(500)
def _compile(pattern):
    return re.compile(pattern, re.I)


def _match(pattern, postcode):
    return _compile(pattern).fullmatch(postcode) or _compile(pattern).fullmatch(
        postcode.replace(" ", "")
    )


def _begins(pattern, postcode):
    return _compile(f"(?:{pattern})").match(postcode)


@cache
def _get_patterns():
    """Return (pattern, example) by country, (pattern of the beginning,) by state."""
    lines = PATTERNS.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[0]: tuple(row[1:]) for row in rows}
