"""What comes in at a door, as plain texts by name: without database.

Whoever sends it may be hostile: it is as deep, as long and as wide as we let it be.
"""

import hashlib
import json
import re

DEEPEST = 12
MOST_VALUES = 200
LONGEST_NAME, LONGEST_VALUE = 80, 10_000
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")
LINK = re.compile(r"https?://|www\.\w|\[url", re.IGNORECASE)


class TooDeep(ValueError):
    """A body nobody would send who means well."""


def parse_json(body):
    """Return what a body holds.

    :param body: bytes
    :raise ValueError: when it is no JSON, or too deep

    >>> parse_json(b'{"a": [1, null]}')
    {'a': [1, None]}
    >>> parse_json(b'[' * 1000)
    Traceback (most recent call last):
    ...
    ValueError: no JSON
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError("no JSON") from error
    if _get_depth(value) > DEEPEST:
        raise TooDeep("too deep")
    return value


def _refuse(name):
    raise ValueError(name)


def _get_depth(value, depth=1):
    if depth > DEEPEST or not isinstance(value, (dict, list)):
        return depth
    items = value.values() if isinstance(value, dict) else value
    return max((_get_depth(item, depth + 1) for item in items), default=depth)


def flatten(value):
    """Return texts by name of whatever JSON can hold; names of parts have dots.

    >>> flatten({"name": "Ada", "tags": ["a", 2], "to": {"x": True, "y": None}})
    {'name': 'Ada', 'tags': 'a, 2', 'to.x': 'true'}
    >>> flatten([{"a": 1}]), flatten("text")
    ({'0.a': '1'}, {})
    """
    found = {}
    _flatten(value, "", found)
    return found


def _flatten(value, prefix, found):
    if len(found) >= MOST_VALUES:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            _flatten(item, f"{prefix}{key}.", found)
    elif isinstance(value, list):
        if any(isinstance(item, (dict, list)) for item in value):
            for number, item in enumerate(value):
                _flatten(item, f"{prefix}{number}.", found)
        else:
            _add(found, prefix, ", ".join(filter(None, map(to_text, value))))
    else:
        _add(found, prefix, to_text(value))


def _add(found, prefix, text):
    name = clean_name(prefix[:-1])
    if name and text:
        found[name] = text


def clean_name(name):
    """Return a name as it may be shown, and matched."""
    return " ".join(CONTROLS.sub("", str(name)).split())[:LONGEST_NAME]


def to_text(value):
    """Return one value as a text without control characters.

    >>> to_text(" a\\x00b\\r\\n"), to_text(False), to_text(1.0), to_text(None)
    ('ab', 'false', '1.0', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = CONTROLS.sub("", str(value).replace("\r\n", "\n")).strip()
    return text[:LONGEST_VALUE]


def digest(*parts):
    """Return a short text that differs when one of the parts does.

    >>> digest({"a": 1}, "x") == digest({"a": 1}, "x") != digest({"a": 2}, "x")
    True
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def to_ascii(value):
    """Return JSON that any database takes: neither NUL nor halves of characters."""
    return json.dumps(value, ensure_ascii=True)


def count_links(texts):
    """Return how many links there are in texts.

    >>> count_links(["see https://a.com and www.b.com", "no"])
    2
    """
    return sum(len(LINK.findall(text)) for text in texts)
