"""What letters and words of agencies mean, without inventing anything."""

import re

from ..constants import AMBER, GREEN, NONE, RED

LETTERS = {"A": GREEN, "B": GREEN, "C": AMBER, "D": RED}
# "E" says that there is no rating: of companies that file no accounts as well as of
# those that are bankrupt.
INSOLVENT = re.compile(
    r"insolv|bankrupt|liquidat|dissol|receiver|winding|faillite|concurso|upadł", re.I
)
ACTIVE = re.compile(r"\s*active", re.I)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def read_band(letter, description, status):
    """Return the band and the codes of the reasons.

    >>> read_band("A", "Very Low Risk", "Active")
    ('green', ['rating_low'])
    >>> read_band("E", "Not rated", "Active"), read_band("E", "In liquidation", "")
    (('none', ['not_rated']), ('red', ['insolvency']))
    >>> read_band("A", "Very Low Risk", "NonActive"), read_band("Z", None, None)
    (('none', ['inactive']), ('none', ['not_rated']))
    """
    letter = letter.strip().upper() if isinstance(letter, str) else ""
    words = " ".join(text for text in (description, status) if isinstance(text, str))
    if INSOLVENT.search(words):
        return RED, ["insolvency"]
    if isinstance(status, str) and status.strip() and not ACTIVE.match(status):
        return NONE, ["inactive"]
    band = LETTERS.get(letter, NONE)
    reasons = {GREEN: "rating_low", AMBER: "rating_medium", RED: "rating_high"}
    return band, [reasons.get(band, "not_rated")]


def read_limit(value):
    """Return an amount, or None where there is none.

    >>> read_limit("25000"), read_limit(1200.5), read_limit("12,500.00")
    (25000.0, 1200.5, 12500.0)
    >>> read_limit("Credit Limit not applicable"), read_limit(None), read_limit(True)
    (None, None, None)
    >>> read_limit("-5"), read_limit("NaN"), read_limit("9" * 40)
    (None, None, None)
    """
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip().replace(",", "").replace(" ", "")
    if not NUMBER.fullmatch(text):
        return None
    amount = float(text)
    return amount if 0 <= amount < 1e12 else None


def round_limit(limit, step):
    """Return a limit in steps, never more than it is.

    >>> round_limit(25_999, 1000), round_limit(800, 1000), round_limit(5, 0)
    (25000, 0, 5)
    """
    return limit // step * step if step else limit
