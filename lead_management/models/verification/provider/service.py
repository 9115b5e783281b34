"""The contract of services that say whether a datum is true."""

from collections import namedtuple

from ....tools.verdicts import EXISTS, squeeze
from ...base.graph import check_address
from ...base.plugins import Registry

SERVICES = Registry("key")

# What a service is called with, as plain data: no transaction is open meanwhile.
Config = namedtuple("Config", "url secret")
# What a service found out. ``verdict`` is never "unknown": who does not know raises.
Finding = namedtuple("Finding", "verdict level reason reference", defaults=("",))
# A company that a register knows by a name; ``verdict`` and ``reason`` are those of a
# finding, when it is meant.
Match = namedtuple("Match", "number name town verdict reason")


class SeveralFound(Exception):
    """The register knows companies by this name: a person says which one is meant.

    :ivar matches: list of :class:`Match`
    """

    def __init__(self, matches):
        super().__init__(f"{len(matches)} companies")
        self.matches = matches


class NoAnswer(Exception):
    """The service did not say anything; it may when it is asked again.

    :ivar retry_after: seconds it asks for, or None
    :ivar is_final: whether it never will, for these values
    """

    def __init__(self, reason, retry_after=None, is_final=False):
        super().__init__(reason)
        self.retry_after = retry_after
        self.is_final = is_final


class Service:
    """One service: what it knows about, what it is told, what its answer means."""

    #: what it is known by, and its name
    key = None
    label = None
    #: the data it knows about
    data = ()
    #: where it is, if nobody says otherwise
    url = None
    #: whether it needs a key
    has_secret = False
    #: for how many days what it says holds
    days = 90

    def __init__(self, config):
        self.url = config.url or self.url
        self.secret = config.secret

    @classmethod
    def check_url(cls, url):
        """Check where somebody says it is.

        :raise ValueError: when it cannot be there
        """
        check_address(url)

    @classmethod
    def get_values(cls, lead, datum):
        """Return what the service is told, or None when it cannot be asked.

        :param lead: with all rights
        """
        raise NotImplementedError

    def _check(self, values):
        """Ask, and return a :class:`Finding`.

        :param values: of :meth:`get_values`
        :raise SeveralFound: for a person to choose
        :raise NoAnswer: whatever keeps it from saying so
        """
        raise NotImplementedError


def choose_company(name, matches):
    """Return the finding about the one company of exactly this name.

    :param matches: list of :class:`Match`
    :raise SeveralFound: when it is not certain that it is meant
    :raise NoAnswer: for none: names are written in many ways, so it says nothing
    """
    if not matches:
        raise NoAnswer("not found", is_final=True)
    same = [match for match in matches if squeeze(match.name) == squeeze(name)]
    if len(matches) == len(same) == 1:
        return found_company(same[0])
    raise SeveralFound(matches)


def found_company(match):
    """Return the finding when this company is meant."""
    return Finding(match.verdict, EXISTS, match.reason, match.number)
