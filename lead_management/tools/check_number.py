"""Whether a VAT or registration number can be one, by its check digits."""

import re
from functools import lru_cache
from importlib import import_module

from .verdicts import DOUBTFUL, FORM, OK, PLAUSIBLE, UNKNOWN, WRONG, Verdict

try:
    from stdnum.exceptions import ValidationError
    from stdnum.util import get_cc_module
except ImportError:  # a requirement of Odoo's, for tests without it
    get_cc_module = None

EU = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    " XI".split()
)
# How a country calls itself in its VAT numbers.
PREFIXES = {"GR": "EL"}
COUNTRIES = {"EL": "GR", "XI": "GB"}
# What registers number companies with, beside the VAT number.
REGISTERS = {
    "AR": ("cuit",),
    "AU": ("abn", "acn"),
    "BR": ("cnpj",),
    "CA": ("bn",),
    "CH": ("uid", "vat"),
    "CL": ("rut",),
    "CN": ("uscc",),
    "CZ": ("dic",),
    "DK": ("cvr",),
    "EE": ("registrikood",),
    "ES": ("cif", "nif"),
    "FI": ("ytunnus",),
    "FR": ("siren", "siret"),
    "IN": ("gstin", "pan"),
    "IT": ("codicefiscale",),
    "JP": ("cn",),
    "KR": ("brn",),
    "MX": ("rfc",),
    "NO": ("orgnr",),
    "NZ": ("ird",),
    "PL": ("nip", "regon"),
    "RU": ("inn",),
    "SE": ("orgnr",),
    "TR": ("vkn",),
    "US": ("ein",),
}
# Numbers of registers without check digits.
PLAIN = {
    "DE": re.compile(r"HR[AB]\d{1,6}[A-Z]{0,2}"),
    "GB": re.compile(r"(?:\d{2}|[A-Z]{2})\d{6}"),
    "IE": re.compile(r"\d{5,6}"),
}
JUNK = re.compile(r"[\s./\-]+")
LEI = re.compile(r"[A-Z0-9]{18}\d{2}")
ODOO = {"IN": "in_", "DO": "do", "IS": "is_"}


@lru_cache(20_000)
def verify_number(text, country=None):
    """Return what can be said of a number without asking anybody.

    :param text: what stands in the field
    :param country: ISO code of the country of the lead, or None
    :return: :class:`~.verdicts.Verdict`

    >>> verify_number("BE 0403.170.701", "BE")[:3]
    ('ok', 'plausible', 'vat_fine')
    >>> verify_number("BE0403170702", "BE")[:3], verify_number("0403170701", "BE")[:3]
    (('wrong', 'form', 'vat_digits'), ('ok', 'plausible', 'vat_fine'))
    >>> verify_number("BE0403170701")[:3]
    ('unknown', 'form', 'vat_country')
    >>> verify_number("BE0403170701", "FR")[:3]
    ('doubtful', 'plausible', 'vat_other_country')
    >>> verify_number("732829320", "FR").reason, verify_number("1", "AQ").reason
    ('vat_register', 'vat_no_rule')
    >>> verify_number("00445790", "GB")[:3]
    ('unknown', 'form', 'vat_plain')
    """
    compact = JUNK.sub("", text or "").upper()
    value = f"{country or ''}:{compact}"
    if get_cc_module is None:
        return Verdict(UNKNOWN, FORM, "vat_no_rule", value=value)
    if is_lei(compact):
        return Verdict(OK, PLAUSIBLE, "vat_lei", value=f":{compact}")
    if not country:
        return Verdict(UNKNOWN, FORM, "vat_country", value=value)
    return Verdict(*_assess(compact, country), value=value)


def _assess(compact, country):
    prefix = PREFIXES.get(country, country)
    foreign = compact[:2] if compact[:2] in EU and compact[:2] != prefix else None
    if foreign == "XI" and country == "GB":
        foreign = None
    vat = _get_vat(country)
    if vat and _is_valid(vat, compact, prefix):
        return OK, PLAUSIBLE, "vat_fine", ""
    if any(_is_valid(module, compact, prefix) for module in _get_registers(country)):
        return OK, PLAUSIBLE, "vat_register", ""
    if foreign and _is_valid(_get_vat(foreign), compact, foreign):
        return DOUBTFUL, PLAUSIBLE, "vat_other_country", ""
    if not vat:
        return UNKNOWN, FORM, "vat_no_rule", ""
    if country in PLAIN and PLAIN[country].fullmatch(compact):
        return UNKNOWN, FORM, "vat_plain", ""
    return WRONG, FORM, "vat_digits", ""


def _get_vat(country):
    return get_cc_module(COUNTRIES.get(country, country).lower(), "vat")


@lru_cache(300)
def _get_registers(country):
    """Return the modules of the registers of a country."""
    modules = []
    for name in REGISTERS.get(country, ()):
        folder = ODOO.get(country, country.lower())
        try:
            modules.append(import_module(f"stdnum.{folder}.{name}"))
        except ImportError:
            continue
    return tuple(modules)


def _is_valid(module, compact, prefix):
    if module is None or compact.startswith(prefix * 2):
        return False
    # one prefix at most, which is not repaired when it is that of another country
    bare = compact.removeprefix(prefix) if compact.startswith(prefix) else compact
    for number in {compact, bare}:
        try:
            module.validate(number)
        except (ValidationError, ValueError, IndexError, KeyError, FileNotFoundError):
            continue
        return True
    return False


def is_lei(compact):
    """Return whether this is the number of a legal entity, by ISO 17442.

    >>> is_lei("213800KUD8LAJWSQ9D15"), is_lei("213800KUD8LAJWSQ9D16")
    (True, False)
    """
    if not LEI.fullmatch(compact):
        return False
    return int("".join(str(int(char, 36)) for char in compact)) % 97 == 1
