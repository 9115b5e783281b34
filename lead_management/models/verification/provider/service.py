"""The contract of services that say whether a datum is true."""

from collections import namedtuple

from ...base.plugins import Registry

SERVICES = Registry("key")

# What a service is called with, as plain data: no transaction is open meanwhile.
Config = namedtuple("Config", "url secret")
# What a service found out. ``verdict`` is never "unknown": who does not know raises.
Finding = namedtuple("Finding", "verdict level reason reference", defaults=("",))


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
    def get_values(cls, lead, datum):
        """Return what the service is told, or None when it cannot be asked.

        :param lead: with all rights
        """
        raise NotImplementedError

    def _check(self, values):
        """Ask, and return a :class:`Finding`.

        :param values: of :meth:`get_values`
        :raise NoAnswer: whatever keeps it from saying so
        """
        raise NotImplementedError
