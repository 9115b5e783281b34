"""Until when somebody is away, as an automatic reply tells; without database."""

import re
from datetime import date, timedelta

# Where no date is found.
DEFAULT_DAYS = 7
# Nobody is away for longer, as far as a program may guess.
LONGEST = 90
MONTHS = (
    ("january", "janvier", "enero", "stycznia", "januar"),
    ("february", "février", "fevrier", "febrero", "lutego", "februar"),
    ("march", "mars", "marzo", "marca", "märz"),
    ("april", "avril", "abril", "kwietnia"),
    ("may", "mai", "mayo", "maja"),
    ("june", "juin", "junio", "czerwca", "juni"),
    ("july", "juillet", "julio", "lipca", "juli"),
    ("august", "août", "aout", "agosto", "sierpnia"),
    ("september", "septembre", "septiembre", "września"),
    ("october", "octobre", "octubre", "października", "oktober"),
    ("november", "novembre", "noviembre", "listopada"),
    ("december", "décembre", "decembre", "diciembre", "grudnia", "dezember"),
)
NUMBERS = {name: index for index, names in enumerate(MONTHS, 1) for name in names}
BEFORE = (
    r"(?:until|till|back(?: in the office)?(?: on)?|return(?:ing)?(?: on)?|to|"
    r"jusqu['’]au|au|retour le|de retour le|hasta(?: el)?|al|regreso el|vuelvo el|"
    r"do|wracam|bis(?: zum)?|zurück am)"
)
NAMES = "|".join(sorted(NUMBERS, key=len, reverse=True))
DATES = re.compile(
    rf"\b{BEFORE}\s+(?:\w+,?\s+)?(?:the\s+)?(?:"
    r"(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{2,4}))?"
    rf"|(?P<day2>\d{{1,2}})(?:\.|st|nd|rd|th|er)?\s+(?:of\s+|de\s+)?(?P<name>{NAMES})\b"
    rf"|(?P<name3>{NAMES})\s+(?P<day3>\d{{1,2}})\b"
    r")",
    re.IGNORECASE,
)


def find_return(text, today):
    """Return the last day somebody is away, as a text says, or a week from today.

    :param text: of an automatic reply, plain
    :param today: a date

    >>> today = date(2026, 11, 29)
    >>> find_return("I am out of office until 4 December.", today).isoformat()
    '2026-12-04'
    >>> find_return("Je suis absent jusqu'au 15/12/2026 inclus", today).isoformat()
    '2026-12-15'
    >>> find_return("Estaré fuera hasta el 7 de enero", today).isoformat()
    '2027-01-07'
    >>> find_return("back on 2026-12-01; call 0601", today).isoformat()
    '2026-12-01'
    >>> find_return("I read mails rarely", today).isoformat()
    '2026-12-06'
    >>> find_return("until 31 February", today).isoformat()
    '2026-12-06'
    """
    found = [_read(match, today) for match in DATES.finditer(text or "")]
    last = today + timedelta(days=LONGEST)
    days = [day for day in found if day and today <= day <= last]
    return max(days, default=today + timedelta(days=DEFAULT_DAYS))


def _read(match, today):
    part = match.groupdict()
    try:
        if part["iso"]:
            return date.fromisoformat(part["iso"])
        day = int(part["day"] or part["day2"] or part["day3"])
        name = (part["name"] or part["name3"] or "").lower()
        month = int(part["month"] or NUMBERS[name])
        year = int(part["year"] or today.year)
        found = date(year + 2000 if year < 100 else year, month, day)
        if not part["year"] and found < today:
            found = found.replace(year=today.year + 1)
        return found
    except (KeyError, ValueError):
        return None
