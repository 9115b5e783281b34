"""What somebody types to find a lead: a number, an email address or a name."""

import re
from collections import namedtuple

try:
    import phonenumbers
except ImportError:  # optional in Odoo, too
    phonenumbers = None

NUMBER, EMAIL, NAME = "number", "email", "name"
# Fewer digits, or letters, find too much.
MIN_DIGITS, MIN_LETTERS = 6, 3
# By so many last digits a number is looked up.
KEY_DIGITS = 8
MAX_WORDS = 5
LIKE_NUMBER = re.compile(r"[+(]?[\d(][\d\s().\-/\u00a0]*")

#: What is looked for. ``values``: cores of a number, an address, or words.
Wanted = namedtuple("Wanted", "kind values")


def read_find_text(text):
    """Return what is looked for, or None where it is too little.

    >>> read_find_text("+32 (0)470 12 34 56").values[0]
    '32470123456'
    >>> read_find_text("0470/12.34.56").values, read_find_text("00 32 470 123 456").kind
    (('470123456',), 'number')
    >>> read_find_text("12345"), read_find_text(" a"), read_find_text("")
    (None, None, None)
    >>> read_find_text("Ann@Example.com ")
    Wanted(kind='email', values=('ann@example.com',))
    >>> read_find_text("Daniel  Okafor")
    Wanted(kind='name', values=('Daniel', 'Okafor'))
    """
    text = (text or "")[:200].encode(errors="ignore").decode()
    text = text.replace("\x00", "").strip()
    if LIKE_NUMBER.fullmatch(text):
        cores = get_number_cores(text)
        return Wanted(NUMBER, cores) if cores else None
    if "@" in text and " " not in text and len(text) >= MIN_LETTERS:
        return Wanted(EMAIL, (text.lower(),))
    words = tuple(text.split()[:MAX_WORDS])
    if max(map(len, words), default=0) < MIN_LETTERS:
        return None
    return Wanted(NAME, words)


def get_number_cores(text):
    """Return the digits that a number ends with, however it is written.

    Without the trunk prefix; of an international number that of the country, too.

    >>> get_number_cores("555 0119"), get_number_cores("555 01")
    (('5550119',), ())
    >>> get_number_cores("000 1863")
    ('0001863',)
    >>> get_number_cores("0097628"), get_number_cores("+1 12")
    (('0097628',), ())
    """
    digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", text))
    is_international = text.startswith(("+", "00"))
    core = digits.lstrip("0")
    if len(core) < MIN_DIGITS:
        # the end of a number may begin with zeros
        is_end = len(digits) >= MIN_DIGITS and not text.startswith("+")
        return (digits,) if is_end else ()
    if not (is_international and phonenumbers):
        return (core,)
    try:
        parsed = phonenumbers.parse(f"+{core}")
    except phonenumbers.NumberParseException:
        return (core,)
    national = str(parsed.national_number)
    if len(national) < MIN_DIGITS or national == core:
        return (core,)
    return core, national
