"""The contract of agencies that sell credit reports."""

from collections import namedtuple

from ...base.plugins import Registry

AGENCIES = Registry("key")

Config = namedtuple("Config", "url username secret")
# A company that an agency knows, as a person picks it: no score.
Candidate = namedtuple("Candidate", "ref name number town")
# What was bought. ``limit`` is a number, or None; ``raw`` is kept for few eyes.
Report = namedtuple("Report", "band limit currency reasons reference name number raw")


def compact(number):
    """Return a number as companies are compared by it, or False without one.

    >>> compact("ia 482-1180"), compact(" "), compact(None)
    ('IA4821180', False, False)
    """
    return "".join(char for char in number or "" if char.isalnum()).upper() or False


class NotBought(Exception):
    """Nothing was sold: it may be tried again.

    :ivar retry_after: seconds the agency asks for, or None
    """

    def __init__(self, reason, retry_after=None):
        super().__init__(reason)
        self.retry_after = retry_after


class Uncertain(Exception):
    """It may have been sold: nobody buys it again without a person."""


class Agency:
    """One agency: how it finds a company, and what its report means."""

    key = None
    label = None
    url = None

    def __init__(self, config):
        self.url = config.url or self.url
        self.username = config.username
        self.secret = config.secret

    def _search(self, values):
        """Return the companies that may be meant, a list of :class:`Candidate`.

        :param values: dict with ``country``, ``number`` and ``name``
        :raise NotBought: a search costs nothing
        """
        raise NotImplementedError

    def _buy(self, ref, values):
        """Buy a report.

        :param ref: of the candidate
        :return: :class:`Report`
        :raise NotBought: when it certainly was not sold
        :raise Uncertain: in all other cases
        """
        raise NotImplementedError
