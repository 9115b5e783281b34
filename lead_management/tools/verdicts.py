"""What can be said of a datum of a lead, and how sure it is; without database."""

import hashlib
from collections import namedtuple

OK, DOUBTFUL, WRONG, UNKNOWN = "ok", "doubtful", "wrong", "unknown"
# How much is known: how it is written; that it is likely; that it is there; that
# somebody, or a second source, said so.
FORM, PLAUSIBLE, EXISTS, CONFIRMED = "form", "plausible", "exists", "confirmed"
LEVELS = (FORM, PLAUSIBLE, EXISTS, CONFIRMED)

NAME, EMAIL, PHONE = "name", "email", "phone"
ADDRESS, VAT, COMPANY = "address", "vat", "company"
DATA = (NAME, EMAIL, PHONE, ADDRESS, VAT, COMPANY)

# ``offer`` is the value that may have been meant; ``value`` the one way the datum is
# written, which checks are compared by.
Verdict = namedtuple("Verdict", "verdict level reason offer value", defaults=("", ""))


def fingerprint(datum, value):
    """Return what a value is known by, which does not tell it.

    >>> fingerprint("email", "a@b.example") == fingerprint("email", "a@b.example")
    True
    >>> fingerprint("email", "1") == fingerprint("phone", "1")
    False
    >>> fingerprint("email", ""), len(fingerprint("email", "a"))
    ('', 32)
    """
    if not value:
        return ""
    return hashlib.sha256(f"{datum}\0{value}".encode()).hexdigest()[:32]


def squeeze(text):
    """Return a text without what makes no difference: case and blanks.

    >>> squeeze("  Ada   LOVELACE "), squeeze(None)
    ('ada lovelace', '')
    """
    return " ".join((text or "").casefold().split())
