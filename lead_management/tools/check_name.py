"""Whether a name is one, or what somebody types who wants to give none."""

import re
import unicodedata
from functools import lru_cache

from .verdicts import DOUBTFUL, FORM, OK, PLAUSIBLE, Verdict, squeeze

# Whole names that are none. Words of them are names of people somewhere.
NO_NAMES = frozenset(
    """
    test|tester|testing|test test|test user|test lead|test name|testname|xxx|xx|abc|abcd
    none|n/a|na|n.a.|nn|null|undefined|unknown|anonymous|anonym|nobody|no name|noname
    not provided|foo bar|foo|lorem ipsum|first name|last name|firstname lastname|name
    your name|full name|asd|asdf|qwe|qwerty|fake|fake name|nom prénom|nombre|vorname
    inconnu|desconocido|brak|nieznany|unbekannt
    """.replace("\n", "|")
    .replace("  ", "")
    .split("|")
) - {""}
# Words of companies that are nobody's name.
COMPANY_WORDS = frozenset(
    """
    gmbh ltd llc inc sarl srl plc corp corporation limited spzoo kft eood ood ooo oy
    holding holdings company companies consulting solutions technologies international
    services gesellschaft stiftung verein sociedad spółka société association
    """.split()
)
WORD = re.compile(r"[^\W\d_]+")
LETTERS_TWICE = re.compile(r"(.)\1\1")
# What counts as one consonant, in some language of Latin letters.
TOGETHER = re.compile(
    r"ght|tsch|dsch|sch|spr|str|sp|sz|cz|rz|dz|dż|ch|ck|gh|kh|ndt|nt|ng|nk|ph|sh|ss|st|th|zh"
)
CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvxz]{5,}")
VOWELS = frozenset("aeiouyw")
# Some languages have syllables with one of these, and no vowel.
BETWEEN = re.compile(r"(?<=[b-df-hj-np-tvxz])[rl](?=[b-df-hj-np-tvxz])")
WALKS = re.compile(
    "qwer|rewq|asdf|fdsa|sdfg|dfgh|fghj|ghjk|hjkl|lkjh|zxcv|xcvb|cvbn|vbnm|qsdf|yxcv"
    "|tyui|abcde|aqws"
)
ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
LINKS = re.compile(r"https?:|www\.|@|\.(?:com|net|org|ru)\b", re.I)


@lru_cache(20_000)
def verify_name(text):
    """Return what can be said of the name of a person.

    >>> verify_name("Ruth Hollis")[:3], verify_name("Krzysztof Pszczółkowski")[:3]
    (('ok', 'plausible', 'name_fine'), ('ok', 'plausible', 'name_fine'))
    >>> [verify_name(name).reason for name in ("asdf gh", "Test", "Aaaa", "xkcdqz")]
    ['name_mash', 'name_none', 'name_mash', 'name_mash']
    >>> [verify_name(name).reason for name in ("Ann3", "www.a.com", "Ann GmbH")]
    ['name_digits', 'name_link', 'name_company']
    >>> verify_name("RUTH O'HARA-LEE")[2:4], verify_name("王").verdict
    (('name_caps', "Ruth O'Hara-Lee"), 'ok')
    """
    text = " ".join((text or "").split())
    value = squeeze(text)
    reason = _find_fault(text, value)
    if reason:
        return Verdict(DOUBTFUL, FORM, reason, value=value)
    if _is_shouted(text):
        return Verdict(DOUBTFUL, FORM, "name_caps", _lower_capitals(text), value)
    return Verdict(OK, PLAUSIBLE, "name_fine", value=value)


@lru_cache(20_000)
def verify_company(text):
    """Return what can be said of the name of a company: few are none.

    >>> verify_company("3M").reason, verify_company("BMW AG").reason
    ('company_fine', 'company_fine')
    >>> verify_company("n/a").reason, verify_company("---").reason
    ('company_none', 'company_none')
    >>> verify_company("asdfgh").reason
    'company_mash'
    """
    value = squeeze(text)
    if value in NO_NAMES or not any(char.isalnum() for char in value):
        return Verdict(DOUBTFUL, FORM, "company_none", value=value)
    if len(value) > 5 and any(WALKS.search(word) for word in _get_words(value)):
        return Verdict(DOUBTFUL, FORM, "company_mash", value=value)
    if LETTERS_TWICE.fullmatch(value[:3]) and len(set(value)) == 1:
        return Verdict(DOUBTFUL, FORM, "company_mash", value=value)
    return Verdict(OK, PLAUSIBLE, "company_fine", value=value)


def _find_fault(text, value):
    if value in NO_NAMES or not any(char.isalpha() for char in value):
        return "name_none"
    if LINKS.search(text):
        return "name_link"
    if any(char.isdigit() for char in text):
        return "name_digits"
    words = _get_words(value)
    if len(words) > 1 and COMPANY_WORDS.intersection(words):
        return "name_company"
    if any(map(_is_keyboard_mash, words)):
        return "name_mash"
    return None


def _get_words(value):
    return WORD.findall(value)


def _is_keyboard_mash(word):
    """Return whether a word is no more than keys somebody hit."""
    plain = _to_latin(word)
    if not plain or len(plain) < 4 or ROMAN.fullmatch(plain):
        return False
    if LETTERS_TWICE.search(plain) or WALKS.search(plain):
        return True
    plain = BETWEEN.sub("e", plain)
    if not VOWELS.intersection(plain):
        return True
    return bool(CONSONANTS.search(TOGETHER.sub("s", plain)))


def _to_latin(word):
    """Return a word in plain Latin letters, or "" when it has others."""
    plain = unicodedata.normalize("NFKD", word.replace("ł", "l").replace("ø", "o"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = plain.replace("ı", "i").replace("ə", "e").replace("æ", "ae")
    return plain if plain.isascii() and plain.isalpha() else ""


def _is_shouted(text):
    letters = [char for char in text if char.isalpha()]
    return (
        len(letters) > 3
        and text.isupper()
        and all(char.upper() != char.lower() for char in letters)
        and any(len(word) > 2 for word in WORD.findall(text))
    )


def _lower_capitals(text):
    """Return a name in capital letters as names are written."""
    return WORD.sub(lambda word: word[0].capitalize(), text)
