"""The contract of the kinds of capture sources: each a class, complete in its file.

A door knows what comes in there: how it is known to be genuine, what makes it one of a
kind, what stands in it. What becomes of it is the same for all (``entry/``).
"""

import hmac
from collections import namedtuple

from ....tools.capture_values import flatten
from ...base.plugins import Registry
from ..source.lead_capture_field import guess_target

DOORS = Registry("name")

# What a check says of whoever calls.
GENUINE, WRONG_SECRET, FORGED = "genuine", "wrong_secret", "forged"

# Something that came in: its key, what stands in it, and what is known of it besides.
Item = namedtuple(
    "Item", "key payload is_test erases files", defaults=(False, False, ())
)


class NoAnswer(Exception):
    """A platform did not answer, through no fault of the submission: try again.

    :ivar retry_after: seconds to wait, or None
    :ivar is_answered: whether it said something of this one submission; else it is
      asked about no other for now
    """

    def __init__(self, message, retry_after=None, is_answered=False):
        super().__init__(message)
        self.retry_after = retry_after
        self.is_answered = is_answered


class Disconnected(NoAnswer):
    """The platform does not let us in any more: somebody has to connect it again."""


class Door:
    """One kind of source; a new one for each use.

    :param source: the ``lead.capture.source``, with all rights
    """

    name = None
    # "form", "api" or "hook": by which address it is called, if it is
    route = None
    # So long a body may be.
    largest_body = 64 * 1024
    # Whether anybody can call it, so that the limit of an hour says something.
    is_limited = False
    # Whether what comes in names the submission only, which is then read there.
    is_fetched = False
    # Secrets that must be set: names of fields of the source.
    secrets = ()
    # Whether one of them is ours to choose: a new source has one.
    has_own_secret = False
    # What its names mean, unless the source says otherwise.
    defaults = {}
    # Whether we show the page with its fields ourselves.
    has_page = False
    # Whether what comes in is a form that somebody filled in.
    is_form = False
    # Whether the screen of the platform is drawn, as ``static/img/capture/<name>.svg``.
    has_picture = False
    # Whether names nobody knows are told in the notes of the lead.
    keeps_unknown = True

    def __init__(self, source):
        self.source = source
        self.env = source.env

    # Coming in
    # ---------

    def handshake(self, params):
        """Answer the question of a platform whether this address is meant.

        :param params: dict of the query
        :return: a text or dict to answer with, or None to refuse
        """
        return None

    def verify(self, body, headers, payload):
        """Return whether what came in is from whom it seems to be.

        :param body: bytes, as they came
        :param headers: of the request
        :param payload: what the body holds
        """
        return GENUINE

    def split(self, payload, body):
        """Return an :class:`Item` for each submission in a payload.

        :raise ValueError: when it is none of this door
        """
        raise NotImplementedError

    # Reading
    # -------

    def fetch(self, payload):
        """Return what the platform tells of a submission that is only named.

        :raise NoAnswer: when it does not
        """
        return None

    def read_texts(self, payload, detail=None):
        """Return the texts of a submission by name, for the mapping.

        :param payload: that of the item
        :param detail: what was fetched
        """
        return flatten(detail or payload)

    def get_meaning(self, name):
        """Return what a name means unless the source says otherwise, or None."""
        return self.defaults.get(name) or guess_target(name)

    def backfill(self, since):
        """Return items for what came in since a date and was not told, oldest first.

        :raise NoAnswer: when the platform does not answer
        """
        return []

    def read_row(self, row):
        """Return the item of a row of a file that was downloaded at the platform.

        :param row: dict of texts by name
        :return: an :class:`Item` with the key that its webhook has, or None
        """
        return None

    # Setting up
    # ----------

    def get_steps(self):
        """Return what is to be done until leads come in, step by step.

        :return: list of pairs of text, and whether it is done; None: nobody knows
        """
        return []

    def get_arrived(self, *states):
        """Return whether something came in, of these states if any are named."""
        domain = [("source_id", "in", self.source.ids)]
        if states:
            domain.append(("state", "in", states))
        return bool(self.env["lead.capture.entry"].search(domain, limit=1))

    # Trying
    # ------

    def get_test(self):
        """Return the payload of a made-up submission, to try the source with."""
        return {
            "contact_name": self.env._("Test Person"),
            "email_from": "test.person@example.com",
            "phone": "+32 470 12 34 56",
        }


def is_same(given, wanted):
    """Return whether two secrets are one, in the same time whatever they are."""
    return bool(wanted) and hmac.compare_digest(
        str(given or "").encode(errors="replace"), wanted.encode()
    )


def sign(secret, body, digest="sha256"):
    """Return the signature of bytes, as most platforms make it."""
    return hmac.new((secret or "").encode(), body, digest).hexdigest()


def find_lead_id(row):
    """Return the number that a platform gave to the lead of a row, or an empty text.

    >>> find_lead_id({"Lead ID": "7", "Form ID": "8"}), find_lead_id({"id": ""})
    ('7', '')
    """
    plain = {name.lower().translate(SIGNS): text for name, text in row.items()}
    return (plain.get("leadid") or "").strip()[:200]


def is_about(name):
    """Return whether a column is about the advertisement, and not about the person.

    >>> is_about("Campaign ID"), is_about("created_time"), is_about("Your city")
    (True, True, False)
    """
    return name.lower().translate(SIGNS).endswith(("id", "time", "gclid"))


SIGNS = str.maketrans("", "", " _-")
