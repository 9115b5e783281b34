"""Whether an email address can be one that mail is delivered to, without network.

Stricter than what the standard allows, and than what Odoo repairs: comments, quotes,
addresses of machines and lists of addresses are written by nobody who fills in a form.
"""

import re
from functools import cache
from pathlib import Path

try:
    import idna
except ImportError:  # a requirement of Odoo's, for tests without it
    idna = None

LOCAL = re.compile(
    r"[^\s\"(),:;<>@\[\]\\.\x00-\x20\x7f]+(?:\.[^\s\"(),:;<>@\[\]\\.\x00-\x20\x7f]+)*"
)
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{2,59}")
LONGEST_LOCAL, LONGEST = 64, 254
THROW_AWAY = Path(__file__).parent.parent / "data/capture/disposable_domains.txt"


def check_email(text):
    """Return the one address a text is, as it is to be written, or None.

    Whoever reads what people typed takes off the blanks around it first.

    >>> check_email("Ada.Lovelace+x@Example.COM"), check_email("zoë@münchen.de")
    ('ada.lovelace+x@example.com', 'zoë@münchen.de')
    >>> for bad in ("a@b", "a@-b.com", "a..b@c.de", ".a@c.de", "a@b, c@d.de", "a@b.c1"):
    ...     assert check_email(bad) is None, bad
    >>> check_email('"a b"@c.de'), check_email("a\\x00@c.de"), check_email(None)
    (None, None, None)
    >>> check_email("a@c.de\\n"), check_email(" a@c.de")
    (None, None)
    """
    if not isinstance(text, str):
        return None
    local, at, domain = text.rpartition("@")
    domain = domain.lower()
    ascii_domain = _to_ascii(domain)
    if not at or not ascii_domain or not LOCAL.fullmatch(local):
        return None
    if len(local.encode()) > LONGEST_LOCAL:
        return None
    if len(local.encode()) + 1 + len(ascii_domain) > LONGEST:
        return None
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not TOP.fullmatch(labels[-1]):
        return None
    if not all(LABEL.fullmatch(label) for label in labels):
        return None
    return f"{local.lower()}@{domain}"


def is_disposable(email):
    """Return whether an address is of a domain of throw-away addresses.

    >>> is_disposable("x@mailinator.com"), is_disposable("x@a.mailinator.com")
    (True, True)
    >>> is_disposable("ada@example.com"), is_disposable(None)
    (False, False)
    """
    labels = (email or "").rpartition("@")[2].split(".")
    known = _get_disposable()
    return any(".".join(labels[start:]) in known for start in range(len(labels) - 1))


@cache
def _get_disposable():
    return frozenset(THROW_AWAY.read_text(encoding="utf-8").split())


def _to_ascii(domain):
    if domain.isascii():
        return domain
    if idna is None:
        return None
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return None
