"""What an address or a number is, however it is written, without a database."""

import re
import unicodedata
from functools import lru_cache

from odoo.tools import email_split

try:
    import phonenumbers
except ImportError:  # optional in Odoo, too
    phonenumbers = None

# Most addresses are written as they are to be.
PLAIN_EMAIL = re.compile(r"[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
ATOM = re.compile(r"[^\s\"(),:;<>@\[\]\\]+")
# What comes after a plus sign goes to the same mailbox.
TAG = re.compile(r"(.)\+[^@]*@")
NO_DIGIT = re.compile(r"[\s().\-/]")
NUMBER = re.compile(r"\+[1-9][0-9]{5,14}")


@lru_cache(10_000)
def clean_email(text, first=False):
    """Return the one email address in a text, as it is to be written, or None.

    :param first: whether to take the first one of several, as Odoo does for a lead

    >>> clean_email("Ada <Ada+x@Example.com>"), clean_email('"ada"@example.com.')
    ('ada+x@example.com', 'ada@example.com')
    >>> clean_email(" ada @ example.com"), clean_email("ａda@example\u3002com\u200b")
    ('ada@example.com', 'ada@example.com')
    >>> clean_email("ada@xn--mnchen-3ya.de"), clean_email('"a b"@example.com')
    ('ada@münchen.de', None)
    >>> clean_email("a@x.org, b@x.org"), clean_email("a@x.org; b@x.org", first=True)
    (None, 'a@x.org')
    >>> clean_email("Ada"), clean_email("@example.com"), clean_email(None)
    (None, None, None)
    """
    if not text or (PLAIN_EMAIL.fullmatch(text) and "xn--" not in text):
        return text or None
    text = unicodedata.normalize("NFKC", text).replace("\u3002", ".")
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    emails = email_split(text)
    if not emails or (len(emails) > 1 and not first):
        return None
    name, __, domain = emails[0].rpartition("@")
    if name.startswith('"') and name.endswith('"'):
        name = name[1:-1]
    domain = _clean_domain(domain.rstrip("."))
    if not ATOM.fullmatch(name) or not domain:
        return None
    return f"{name}@{domain}".lower()


def _clean_domain(domain):
    try:
        return domain.encode("idna").decode("idna")
    except UnicodeError:
        return None


def get_mailbox(email):
    """Return the mailbox a clean address belongs to.

    >>> get_mailbox("ada+x@example.com"), get_mailbox("+x@example.com")
    ('ada@example.com', '+x@example.com')
    """
    return email and TAG.sub(r"\1@", email, count=1)


def get_mailboxes(*texts):
    """Return the mailboxes of all addresses in texts.

    >>> sorted(get_mailboxes("Ada <ada+x@x.org>, b@x.org.", None))
    ['ada@x.org', 'b@x.org']
    """
    emails = (email for text in texts for email in email_split(text or ""))
    return {get_mailbox(clean_email(email)) for email in emails} - {None}


@lru_cache(10_000)
def clean_number(text):
    """Return an international phone number as it is to be written, or None.

    >>> clean_number("+32 470 12 34 56"), clean_number("0032470123456")
    ('+32470123456', '+32470123456')
    >>> clean_number("+320470123456"), clean_number("tel:+32-470-123456")
    ('+32470123456', '+32470123456')
    >>> clean_number("0470123456"), clean_number("+32470123456, +32470123457")
    (None, None)
    """
    text = unicodedata.normalize("NFKC", text or "").strip().lower()
    text = NO_DIGIT.sub("", text.removeprefix("tel:").replace("(0)", ""))
    text = f"+{text[2:]}" if text.startswith("00") else text
    if not NUMBER.fullmatch(text) or not phonenumbers:
        return text if NUMBER.fullmatch(text) else None
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
