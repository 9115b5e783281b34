"""Texts from outside, without what no database stores."""

import re

# NUL, which PostgreSQL refuses, and halves of characters, which no encoding knows.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value):
    """Return a text, or lists and dicts of texts, without characters that fail.

    What is no text is returned as it is, and so is what has nothing of the kind.

    >>> storable("a\\x00b\\ud800c"), storable({"a\\x00": ["b\\x00", 1, None]})
    ('abc', {'a': ['b', 1, None]})
    """
    if isinstance(value, str):
        return UNSTORABLE.sub("", value) if UNSTORABLE.search(value) else value
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(storable, value))
    return value
