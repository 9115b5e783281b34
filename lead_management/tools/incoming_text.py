"""What strangers write, made harmless where it comes in."""

import re
import unicodedata

# No text for people: controls, halves of characters, marks that turn its direction.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    "\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
# Anything else that is seen by nobody, at the beginning.
INVISIBLE = re.compile("^[\\s\u00ad\u200b-\u200f\u2060-\u2064]+")
# A spreadsheet takes what begins so for a formula, and some what begins so in wide
# letters; a sign may be innocent, the others never are.
FORMULA = ("=", "{=")
SIGNS = ("+", "-", "@")
NUMBER = re.compile(r"\+[\d\s().\-/]{5,}")
# A name after signs: letters and what stands between them, nothing that calculates.
NAME = re.compile(r"[-+@\s]+[^\W\d_](?:[\w\s.,'’-]|[^\x00-\x7f])*")
# Tells a spreadsheet, and people who know one, that this is text.
MARK = "'"
LIMIT = 250


def clean_incoming(value, limit=LIMIT, lines=False):
    r"""Return a text as it may be kept: printable, and no formula in a spreadsheet.

    For whatever people outside can put into a field: names, subjects, answers.

    :param value: anything; what is no text is none
    :param limit: so many characters are kept
    :param lines: whether line breaks are kept

    >>> clean_incoming(" Anna\tMaria\x00 \ud800Kowalska\r\n"), clean_incoming(None)
    ('Anna Maria Kowalska', '')
    >>> clean_incoming('=HYPERLINK("https://example.com","Click")')
    '\'=HYPERLINK("https://example.com","Click")'
    >>> for text in ("\t=1", "\r@SUM(1)", "-2+3|' /C calc'!A0", "＝1+1", "{=1}"):
    ...     print(clean_incoming(text))
    '=1
    '@SUM(1)
    '-2+3|' /C calc'!A0
    '＝1+1
    '{=1}

    Numbers and names stay as they are:

    >>> [clean_incoming(text) for text in ("+48 (22) 123-45-67", "-Anna", "@ola")]
    ['+48 (22) 123-45-67', '-Anna', '@ola']
    >>> clean_incoming("– Müller & Co. (2=1)"), clean_incoming("a\n=b", lines=True)
    ('– Müller & Co. (2=1)', 'a\n=b')
    >>> clean_incoming("x" * 9, 3), clean_incoming("=12", 2), clean_incoming("'=1")
    ('xxx', "'=", "'=1")
    """
    if not isinstance(value, str):
        return ""
    text = INVISIBLE.sub("", UNPRINTABLE.sub("", value))
    text = text.strip() if lines else " ".join(text.split())
    if _is_formula(unicodedata.normalize("NFKC", text)):
        text = f"{MARK}{text}"
    return text[:limit].rstrip()


def _is_formula(text):
    if text.startswith(FORMULA):
        return True
    if not text.startswith(SIGNS):
        return False
    return not (NUMBER.fullmatch(text) or NAME.fullmatch(text))
