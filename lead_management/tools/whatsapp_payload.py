"""What Meta posts to a WhatsApp webhook, as plain data.

Nothing here raises on odd input: what is not understood becomes an item of the kind
``other``, is kept and can be looked at.
"""

import hashlib
import json
import re
import unicodedata
from collections import namedtuple

MESSAGE, STATUS, PREFERENCE, OTHER = "message", "status", "preference", "other"
MEDIA_TYPES = ("image", "video", "audio", "voice", "document", "sticker")
MAX_ITEMS = 1_000
MAX_TEXT = 10_000
# Everything that is no text for people; line breaks and tabs are.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Item = namedtuple("Item", "kind phone_number_id key data")


def _dict(value):
    return value if isinstance(value, dict) else {}


def _list(value):
    return value if isinstance(value, list) else []


def _dicts(value):
    return [item for item in _list(value) if isinstance(item, dict)]


def clean_text(value, limit=MAX_TEXT):
    r"""Return text as people wrote it, without what no database takes.

    >>> clean_text("a\x00b\ud800c\n")
    'abc'
    >>> clean_text(None), clean_text({"a": 1}), clean_text(5)
    ('', '', '5')
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return CONTROLS.sub("", str(value)).strip()[:limit]


def digest(data):
    """Return a short name for data, the same for the same data."""
    dump = json.dumps(data, sort_keys=True).encode()
    return hashlib.sha256(dump).hexdigest()[:40]


# ------------------------------------------------------------
# Webhook
# ------------------------------------------------------------


def split_payload(payload):
    """Take a payload apart: an item for each message, status and preference.

    The key of an item is the same whenever Meta delivers it again.

    >>> value = {
    ...     "metadata": {"phone_number_id": "1"},
    ...     "contacts": [{"wa_id": "33", "profile": {"name": "Ann"}}],
    ...     "messages": [{"id": "wamid.A", "from": "33", "type": "text"}],
    ...     "statuses": [{"id": "wamid.B", "status": "read"}],
    ... }
    >>> change = {"field": "messages", "value": value}
    >>> items = split_payload({"entry": [{"id": "9", "changes": [change]}]})
    >>> [(item.kind, item.phone_number_id, item.key) for item in items]
    [('message', '1', 'wamid.A'), ('status', '1', 'wamid.B:read')]
    >>> items[0].data["contact"]["profile"]["name"]
    'Ann'

    >>> [item.kind for item in split_payload(["odd"])]
    ['other']
    >>> [item.kind for item in split_payload({"entry": [{"changes": [None, 7]}]})]
    ['other']
    """
    changes = [
        change
        for entry in _dicts(_dict(payload).get("entry"))
        for change in _dicts(entry.get("changes"))
    ]
    items = [item for change in changes for item in _split_change(change)]
    if not items or len(items) > MAX_ITEMS:
        return [_other("", payload)]
    return items


def _split_change(change):
    value = _dict(change.get("value"))
    metadata = _dict(value.get("metadata"))
    phone_number_id = clean_text(metadata.get("phone_number_id"), 64)
    field = change.get("field")
    items = []
    if field == "messages":
        items += _split_messages(phone_number_id, value)
        items += _split_statuses(phone_number_id, value)
    elif field == "user_preferences":
        items += [
            Item(PREFERENCE, phone_number_id, f"preference:{digest(data)}", data)
            for data in _dicts(value.get("user_preferences"))
        ]
    return items or [_other(phone_number_id, change)]


def _other(phone_number_id, data):
    return Item(OTHER, phone_number_id, f"other:{digest(data)}", data)


def _split_messages(phone_number_id, value):
    contacts = _dicts(value.get("contacts"))
    items = []
    for message in _dicts(value.get("messages")):
        sender = get_sender(message)
        contact = next(
            (
                one
                for one in contacts
                if sender in (one.get("wa_id"), one.get("user_id"))
            ),
            contacts[0] if len(contacts) == 1 else {},
        )
        key = clean_text(message.get("id"), 256) or f"message:{digest(message)}"
        data = {"message": message, "contact": contact}
        items.append(Item(MESSAGE, phone_number_id, key, data))
    return items


def _split_statuses(phone_number_id, value):
    items = []
    for status in _dicts(value.get("statuses")):
        name = clean_text(status.get("status"), 32)
        reference = clean_text(status.get("id"), 256) or digest(status)
        items.append(Item(STATUS, phone_number_id, f"{reference}:{name}", status))
    return items


def get_sender(message):
    """Return who sent a message: a number, or the id of somebody who hides it."""
    for name in ("from", "from_user_id", "user_id"):
        if sender := clean_text(message.get(name), 128):
            return sender
    return ""


def get_timestamp(data):
    """Return when something happened, in seconds since 1970, or 0.

    >>> get_timestamp({"timestamp": "1697043223"}), get_timestamp({"timestamp": "x"})
    (1697043223, 0)
    >>> get_timestamp({"timestamp": "9" * 30})
    0
    """
    text = clean_text(_dict(data).get("timestamp"), 32)
    seconds = int(text) if text.isascii() and text.isdigit() else 0
    return seconds if seconds < 2**33 else 0


def get_media(message):
    """Return what is known of the file of a message: id, name, type; or {}.

    >>> get_media({"type": "image", "image": {"id": "7", "mime_type": "image/png"}})
    {'id': '7', 'mimetype': 'image/png', 'name': '', 'kind': 'image'}
    >>> get_media({"type": "text"})
    {}
    """
    kind = message.get("type")
    if kind not in MEDIA_TYPES:
        return {}
    data = _dict(message.get(kind))
    return {
        "id": clean_text(data.get("id"), 128),
        "mimetype": clean_text(data.get("mime_type"), 128).split(";")[0].strip(),
        "name": clean_text(data.get("filename"), 128).replace("/", "_"),
        "kind": kind,
    }


def get_text(message):
    """Return the words of a message, or "": what was typed, chosen or said of a file.

    >>> get_text({"type": "text", "text": {"body": " Hello "}})
    'Hello'
    >>> get_text({"type": "button", "button": {"text": "Stop promotions"}})
    'Stop promotions'
    >>> reply = {"button_reply": {"id": "1", "title": "Yes"}}
    >>> get_text({"type": "interactive", "interactive": reply})
    'Yes'
    >>> get_text({"type": "document", "document": {"caption": "Our plan"}})
    'Our plan'
    >>> get_text({"type": "text", "text": ["odd"]}), get_text({"type": ["odd"]})
    ('', '')
    """
    kind = message.get("type")
    if not isinstance(kind, str):
        return ""
    data = _dict(message.get(kind))
    if kind == "interactive":
        data = _dict(data.get("button_reply")) or _dict(data.get("list_reply"))
        parts = [clean_text(data.get(name)) for name in ("title", "description")]
        return "\n".join(filter(None, parts))
    name = {"text": "body", "button": "text", "system": "body"}.get(kind, "caption")
    return clean_text(data.get(name))


# ------------------------------------------------------------
# People
# ------------------------------------------------------------


def is_number(sender):
    """Return whether a sender is a phone number.

    >>> is_number("33612345678"), is_number("US.13491208655302741918")
    (True, False)
    """
    return sender.isascii() and sender.isdigit() and 6 <= len(sender) <= 15


def get_variants(sender):
    """Return the ways the number of a sender may be written, the plain one first.

    Brazil, Mexico and Argentina have mobile numbers with and without a digit more;
    WhatsApp knows them by one of both.

    >>> get_variants("33612345678")
    ['+33612345678']
    >>> get_variants("5215512345678"), get_variants("525512345678")
    (['+5215512345678', '+525512345678'], ['+525512345678', '+5215512345678'])
    >>> get_variants("5491123456789")
    ['+5491123456789', '+541123456789']
    >>> get_variants("551187654321"), get_variants("5511987654321")
    (['+551187654321', '+5511987654321'], ['+5511987654321', '+551187654321'])
    >>> get_variants("US.1349")
    []
    """
    if not is_number(sender):
        return []
    numbers = [sender]
    for prefix, digit, short, long in (("52", "1", 12, 13), ("54", "9", 12, 13)):
        if sender.startswith(prefix + digit) and len(sender) == long:
            numbers.append(prefix + sender[3:])
        elif sender.startswith(prefix) and len(sender) == short:
            numbers.append(prefix + digit + sender[2:])
    if sender.startswith("55") and len(sender) == 13 and sender[4] == "9":
        numbers.append(sender[:4] + sender[5:])
    elif sender.startswith("55") and len(sender) == 12:
        numbers.append(sender[:4] + "9" + sender[4:])
    return [f"+{number}" for number in numbers]


def normalize_word(text):
    """Return a word as it is compared: no accents, no marks, no capitals.

    >>> normalize_word(" Arrêt ! "), normalize_word("STOP."), normalize_word("Стоп")
    ('arret', 'stop', 'стоп')
    """
    text = unicodedata.normalize("NFKD", clean_text(text, 200)).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = text.replace("ł", "l")
    return " ".join(re.findall(r"\w+", text))


def is_opt_out(text, words):
    """Return whether a text is one of these words, and nothing but it.

    >>> is_opt_out("Stop!", "STOP, ARRÊT\\nBAJA"), is_opt_out("arret", "ARRÊT")
    (True, True)
    >>> is_opt_out("Do not stop at the door", "STOP"), is_opt_out("", "STOP,")
    (False, False)
    """
    known = {normalize_word(word) for word in re.split(r"[,;\n]", words or "")}
    return bool(text) and normalize_word(text) in known - {""}
