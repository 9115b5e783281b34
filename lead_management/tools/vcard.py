"""What stands on a business card, or in its QR code: vCard and MeCard."""

import re

LINE = re.compile(r"^([A-Za-z-]+)((?:;[^:]*)?):(.*)$")
NAMES = {
    "FN": "contact_name",
    "EMAIL": "email_from",
    "TEL": "phone",
    "ORG": "partner_name",
    "TITLE": "function",
    "URL": "website",
    "NOTE": "description",
}
LONGEST = 4000


def read_card(text):
    r"""Return what a card says, by field of a lead; nothing for any other text.

    >>> card = "BEGIN:VCARD\nVERSION:3.0\nN:Roe;Ann\nORG:Roe Ltd;Sales\nEMAIL;TYPE=WORK"
    >>> read_card(card + ":ann@roe.org\nTEL:+32 470\nEND:VCARD")["contact_name"]
    'Ann Roe'
    >>> read_card("MECARD:N:Roe,Ann;TEL:+32470;EMAIL:a@b.org;;")["phone"]
    '+32470'
    >>> read_card("https://example.com"), read_card("BEGIN:VCARD")
    ({}, {})
    """
    text = text[:LONGEST]
    if text.upper().startswith("MECARD:"):
        pairs = [part.partition(":")[::2] for part in text[7:].split(";")]
    elif text.upper().lstrip().startswith("BEGIN:VCARD"):
        lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
        found = filter(None, map(LINE.match, lines))
        pairs = [(match[1], match[3]) for match in found]
    else:
        return {}
    card = {}
    for name, value in pairs:
        name, value = name.strip().upper(), _unescape(value)
        if name == "N" and value:
            last, first = (re.split(r"[;,]", value) + [""])[:2]
            card.setdefault("contact_name", f"{first.strip()} {last.strip()}".strip())
        elif name in NAMES and value:
            value = value.split(";")[0] if name == "ORG" else value
            if name == "FN":
                card["contact_name"] = value
            card.setdefault(NAMES[name], value)
    return card


def _unescape(value):
    return re.sub(r"\\([,;\\])", r"\1", value).replace("\\n", "\n").strip()
