"""Files of leads as platforms export them: rows of texts by name, without database."""

import csv
import io

from .capture_values import clean_name, to_text

LARGEST = 10 * 2**20
MOST_ROWS = 20_000
DELIMITERS = "\t;,"
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"))


def read_lead_file(content):
    """Return the rows of a file, each a dict of texts by name.

    :param content: bytes
    :raise ValueError: when it is no table of texts, or too large

    >>> read_lead_file("Lead ID;Email\\n7;a@example.com\\n".encode("utf-16"))
    [{'Lead ID': '7', 'Email': 'a@example.com'}]
    >>> read_lead_file(b"\\x89PNG")
    Traceback (most recent call last):
    ...
    ValueError: no text
    """
    if len(content) > LARGEST:
        raise ValueError("too large")
    coding = next(name for mark, name in MARKS if content.startswith(mark))
    try:
        text = content.decode(coding)
    except UnicodeDecodeError as error:
        raise ValueError("no text") from error
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        names, *lines = csv.reader(io.StringIO(text), delimiter=delimiter)
    except (csv.Error, ValueError) as error:
        raise ValueError("no table") from error
    if len(lines) > MOST_ROWS:
        raise ValueError("too many rows")
    names = [clean_name(name) for name in names]
    rows = [dict(zip(names, map(to_text, line), strict=False)) for line in lines]
    return [row for row in rows if any(row.values())]
