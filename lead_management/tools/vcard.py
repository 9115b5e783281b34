"""What stands on a business card, in its QR code, or in a file of contacts."""

import quopri
import re

from .strict_email import check_email

# The name of a line, with or without a group (as iPhones write them), and what is
# said about it: values in quotes may hold colons.
LINE = re.compile(r'^(?:[\w-]+\.)?([A-Za-z-]+)((?:;(?:[^:;"]|"[^"]*")*)*):(.*)$')
NAMES = {
    "FN": "contact_name",
    "EMAIL": "email_from",
    "TEL": "phone",
    "ORG": "partner_name",
    "TITLE": "function",
    "URL": "website",
    "NOTE": "description",
}
# How addresses of one thing begin, and what they are the address of.
SCHEMES = {
    "http:": "website",
    "https:": "website",
    "www.": "website",
    "mailto:": "email_from",
    "tel:": "phone",
}
# What begins so is for programs: a password of a network, a payment, a place.
PROGRAM = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,15}:\S")
NUMBER = re.compile(r"\+\d[\d ()./-]{5,20}\d")
# A file of contacts may hold a photo before the name.
LONGEST = 200_000


def read_card(text):
    r"""Return what a card says, by field of a lead; nothing where nobody is named.

    vCard and MeCard name their fields. An address of a page, of mail or of a phone is
    that field. Any other text for people is kept as it is, with the one address and
    the one international number in it.

    >>> card = "BEGIN:VCARD\nVERSION:3.0\nN:Roe;Ann\nORG:Roe Ltd;Sales\nEMAIL;TYPE=WORK"
    >>> read_card(card + ":ann@roe.org\nTEL:+32 470\nEND:VCARD")["contact_name"]
    'Ann Roe'
    >>> read_card("BEGIN:VCARD\nitem1.TEL;VALUE=uri;TYPE=\"a:b\":tel:+32470\nEND:VCARD")
    {'phone': '+32470'}
    >>> read_card("MECARD:N:Roe,Ann;TEL:+32470;EMAIL:a@b.org;NOTE:1\\;2;;")["phone"]
    '+32470'
    >>> read_card("https://roe.example/ann"), read_card("mailto:Ann@roe.org?subject=x")
    ({'website': 'https://roe.example/ann'}, {'email_from': 'Ann@roe.org'})
    >>> read_card("Ann Roe\nann@roe.org")
    {'description': 'Ann Roe\nann@roe.org', 'email_from': 'ann@roe.org'}
    >>> read_card("WIFI:T:WPA;S:Roe;P:secret;;"), read_card("BEGIN:VCARD"), read_card(" ")
    ({}, {}, {})
    """
    text = text[:LONGEST].strip("\ufeff \t\r\n")
    start = text[:12].upper()
    if start.startswith("MECARD:"):
        parts = re.split(r"(?<!\\);", text[7:])
        return _read_pairs(part.partition(":")[::2] for part in parts)
    if start.startswith("BEGIN:VCARD"):
        return _read_pairs(_split_vcard(text))
    return _read_text(text)


def _split_vcard(text):
    """Yield names and values of the first card, but for numbers of fax machines."""
    if "QUOTED-PRINTABLE" in text.upper():
        text = re.sub(r"=\r?\n", "", text)
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        if line.strip().upper() == "END:VCARD":
            return
        match = LINE.match(line)
        if not match:
            continue
        name, about, value = match[1], match[2].upper(), match[3]
        if "QUOTED-PRINTABLE" in about:
            value = _decode(quopri.decodestring(value.encode()))
        if not (name.upper() == "TEL" and "FAX" in about):
            yield name, value


def _read_pairs(pairs):
    card = {}
    for name, value in pairs:
        name, value = name.strip().upper(), value.strip()
        if name == "N" and value:
            last, first = ([*re.split(r"(?<!\\)[;,]", value), ""])[:2]
            whole = f"{_unescape(first)} {_unescape(last)}".strip()
            card.setdefault("contact_name", whole)
        elif name in NAMES and value:
            if name == "ORG":
                value = re.split(r"(?<!\\);", value)[0]
            value = _unescape(value)
            if name in ("TEL", "EMAIL"):
                value = re.sub("^(tel|mailto):", "", value, flags=re.IGNORECASE)
            if name == "FN":
                card["contact_name"] = value
            card.setdefault(NAMES[name], value)
    return {name: value for name, value in card.items() if value}


def _read_text(text):
    for scheme, name in SCHEMES.items():
        if text[:8].lower().startswith(scheme) and not re.search(r"\s", text):
            is_page = name == "website"
            return {name: text if is_page else text[len(scheme) :].split("?")[0]}
    if not text or ("\n" not in text and PROGRAM.match(text)):
        return {}
    card = {"description": text}
    emails = filter(None, (check_email(part) for part in re.split(r"[\s,;|<>]+", text)))
    if email := next(emails, None):
        card["email_from"] = email
    if number := NUMBER.search(text):
        card["phone"] = number[0]
    return card


def _decode(content):
    """Return the text of bytes: old phones write what was usual in the West."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _unescape(value):
    return re.sub(r"\\([,;:\\])", r"\1", value.replace("\\n", "\n")).strip()
