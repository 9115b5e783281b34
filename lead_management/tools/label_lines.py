"""Mails of portals: lines such as “Phone: +32 470 12 34 56”."""

import re

LABEL = re.compile(r"^\s*([^\W\d_][^:：\n]{0,40}?)\s*[:：]\s*(.*)$")
LONGEST = 40
MOST = 60


def read_labels(text):
    r"""Return what stands behind labels; a line without one belongs to that above.

    >>> read_labels("New enquiry\nName: Ada\nMessage: please call\nme back\n\nPhone:1")
    {'Name': 'Ada', 'Message': 'please call\nme back', 'Phone': '1'}
    >>> read_labels("Hello, at 10:30 I was there"), read_labels("https://example.com")
    ({}, {})
    """
    found, last = {}, None
    for line in text.splitlines():
        match = LABEL.match(line)
        if match and not match[2].startswith("//") and _is_label(match[1]):
            last = match[1]
            if last not in found and len(found) < MOST:
                found[last] = match[2].strip()
        elif not line.strip():
            last = None
        elif last in found:
            found[last] = f"{found[last]}\n{line.strip()}".strip()
    return {label: value for label, value in found.items() if value}


def _is_label(text):
    return len(text) <= LONGEST and len(text.split()) <= 4 and "," not in text
