"""What two databases send to each other: signed, dated, and known by a key."""

import hashlib
import hmac
import json

VERSION = 1
# Clocks may differ by so many seconds.
SKEW = 300
MAX_BODY = 1024 * 1024
# What an answer or a value of the other side may hold.
MAX_TEXT = 5000
MAX_ITEMS = 200
MAX_DEPTH = 4
HEADERS = ("X-Lead-Timestamp", "Idempotency-Key", "X-Lead-Signature")


def sign(secret, timestamp, key, body):
    """Return the signature of a message.

    >>> sign("s", 1, "k", b"{}")[:16]
    'b6b53de424bdb170'
    """
    text = f"{int(timestamp)}.{key}.".encode() + body
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def verify(secrets, headers, body, now):
    """Return the key of a message that one of these secrets signed just now, or None.

    :param secrets: the one in use, and the one before while it is replaced
    :param headers: the values of ``HEADERS``, in their order

    >>> signed = ("100", "k", sign("new", 100, "k", b"{}"))
    >>> verify(["new", "old"], signed, b"{}", 100), verify(["old"], signed, b"{}", 100)
    ('k', None)
    >>> verify(["new"], signed, b"{ }", 100), verify(["new"], signed, b"{}", 500)
    (None, None)
    >>> verify([], signed, b"{}", 100), verify(["new"], ("x", "", None), b"{}", 100)
    (None, None)
    """
    timestamp, key, signature = (str(header or "") for header in headers)
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12
    moment = int(timestamp) if is_number else 0
    # each secret is tried, whatever the others say: the time tells nothing
    matches = [
        hmac.compare_digest(sign(s, moment, key, body), signature.lower())
        for s in secrets
        if s and signature.isascii()
    ]
    is_fresh = abs(now - moment) <= SKEW
    return key if any(matches) and is_fresh and 0 < len(key) <= 64 else None


def pack(share, seq, kind, body, sent_at):
    """Return the bytes of a message."""
    message = {
        "v": VERSION,
        "share": share,
        "seq": seq,
        "type": kind,
        "sent_at": sent_at,
        "body": body,
    }
    return json.dumps(message, ensure_ascii=False, sort_keys=True).encode()


def unpack(body):
    """Return a message as a dict, or None where it is none of this version.

    >>> unpack(pack("u", 1, "offer", {}, "now"))["type"]
    'offer'
    >>> unpack(b"[]"), unpack(b"x"), unpack(b'{"v": 2}'), unpack(b'{"v": 1}')
    (None, None, None, None)
    """
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or message.get("v") != VERSION:
        return None
    known = (("share", str), ("seq", int), ("type", str), ("body", dict))
    if not all(isinstance(message.get(name), kind) for name, kind in known):
        return None
    return message if 0 < len(message["share"]) <= 64 else None


def get_fingerprint(secret):
    """Return what two people compare who connect their databases.

    >>> get_fingerprint("secret")
    'ec4b 1166 0168 9f83 d0f0'
    """
    digest = hashlib.sha256(f"lead.exchange.{secret}".encode()).hexdigest()[:20]
    return " ".join(digest[i : i + 4] for i in range(0, 20, 4))


def clean(value, text, depth=0):
    """Return a value of the other side as it may be kept: small, plain, harmless.

    :param text: function that makes a text harmless

    >>> clean({"a": ["x" * 9000, 1, None, {"b": {"c": {"d": 1}}}]}, str)["a"][1:]
    [1, None, {'b': {}}]
    >>> len(clean("x" * 9000, str)), clean(float("inf"), str), clean(object(), str)
    (5000, None, None)
    """
    if isinstance(value, str):
        return text(value[:MAX_TEXT])
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if abs(value) < 1e15 else None
    if depth >= MAX_DEPTH:
        return None
    if isinstance(value, list):
        return [clean(item, text, depth + 1) for item in value[:MAX_ITEMS]]
    if isinstance(value, dict):
        items = list(value.items())[:MAX_ITEMS]
        cleaned = {str(k)[:100]: clean(v, text, depth + 1) for k, v in items}
        return {k: v for k, v in cleaned.items() if v is not None}
    return None
