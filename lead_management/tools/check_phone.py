"""Whether a phone number can be one, by the numbering plans of the world."""

from functools import lru_cache

from .verdicts import DOUBTFUL, FORM, OK, PLAUSIBLE, UNKNOWN, WRONG, Verdict

try:
    import phonenumbers
except ImportError:  # left out in some installations of Odoo
    phonenumbers = None

LONGEST = 60


@lru_cache(20_000)
def verify_phone(text, country=None):
    """Return what can be said of a number without asking anybody.

    A number without the code of its country is not said to be anybody's as long as the
    country of the lead is not known.

    :param text: what stands in the field
    :param country: ISO code of the country of the lead, or None
    :return: :class:`~.verdicts.Verdict`; the value is the number as E.164

    >>> verify_phone("+32 470 12 34 56")[:3]
    ('ok', 'plausible', 'phone_fine')
    >>> verify_phone("0470 12 34 56")[:3], verify_phone("0470 12 34 56", "BE").value
    (('unknown', 'form', 'phone_country'), '+32470123456')
    >>> verify_phone("12", "BE")[:3], verify_phone("+32 999 12 34 56")[:3]
    (('wrong', 'form', 'phone_short'), ('doubtful', 'form', 'phone_range'))
    >>> verify_phone("call me", "BE")[:3], verify_phone("0032 470 12 34 56", "FR").value
    (('wrong', 'form', 'phone_none'), '+32470123456')
    """
    text = (text or "").strip()
    raw = "".join(char for char in text if char.isdigit() or char == "+").lower()
    raw = f"{country or ''}{raw}"
    if phonenumbers is None:
        return Verdict(UNKNOWN, FORM, "phone_unavailable", value=raw)
    if not any(char.isdigit() for char in text) or len(text) > LONGEST:
        return Verdict(WRONG, FORM, "phone_none", value=text.casefold())
    is_international = text.lstrip("( ").startswith(("+", "＋"))
    if not is_international and not country:
        return Verdict(UNKNOWN, FORM, "phone_country", value=raw)
    number = _parse(text, None if is_international else country)
    if not is_international and text.startswith("00") and not _is_valid(number):
        other = _parse(f"+{text[2:]}", None)
        number = other if _is_valid(other) else number
    if number is None:
        return Verdict(WRONG, FORM, "phone_none", value=raw)
    if _is_valid(number):
        return _approve(number, text)
    return Verdict(*_find_fault(number), value=raw)


def _parse(text, country):
    try:
        return phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None


def _is_valid(number):
    return number is not None and phonenumbers.is_valid_number(number)


def _approve(number, text):
    """Return that a number is fine, and how it is written in all countries."""
    formats = phonenumbers.PhoneNumberFormat
    value = phonenumbers.format_number(number, formats.E164)
    shown = phonenumbers.format_number(number, formats.INTERNATIONAL)
    is_written = text.lstrip("( ").startswith("+")
    return Verdict(OK, PLAUSIBLE, "phone_fine", "" if is_written else shown, value)


def _find_fault(number):
    reasons = phonenumbers.ValidationResult
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == reasons.TOO_SHORT:
        return WRONG, FORM, "phone_short"
    if reason in (reasons.TOO_LONG, reasons.INVALID_LENGTH):
        return WRONG, FORM, "phone_long"
    if reason == reasons.INVALID_COUNTRY_CODE:
        return WRONG, FORM, "phone_code"
    if reason == reasons.IS_POSSIBLE_LOCAL_ONLY:
        return DOUBTFUL, FORM, "phone_local"
    # plans change, and what we know of them with an update only
    return DOUBTFUL, FORM, "phone_range"
