"""What a report consists of: sections, each with a class of its own."""

from ...base.plugins import Registry

SECTIONS = Registry("key")


class Section:
    """A part of the report: a picture, and the table behind it.

    A subclass is known by its ``key`` (``SECTIONS.add``); they stand in the order in
    which they became known. It takes a constant number of statements, whatever is asked
    for.
    """

    key = ""

    def __init__(self, frame):
        self.frame = frame
        self.env = frame.env

    def is_shown(self):
        """Return whether the reader is shown it."""
        return True

    def get_title(self):
        """Return what it is called."""
        raise NotImplementedError

    def get_help(self):
        """Return how its numbers are defined, in words for those who read it."""
        raise NotImplementedError

    def build(self):
        """Return what is shown: dict of what its picture needs, and its ``table``."""
        raise NotImplementedError

    def render(self):
        """Return the section as it goes to the browser."""
        return {
            "key": self.key,
            "title": self.get_title(),
            "help": self.get_help(),
            **self.build(),
        }


def table(columns, rows, note=""):
    """Return a table: each cell is a text or a number that opens its records.

    :param columns: list of titles; those of numbers end up on the right
    """
    return {"columns": columns, "rows": rows, "note": note}
