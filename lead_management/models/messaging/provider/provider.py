"""What the outbox asks of whoever carries a message: one class per provider."""

from dataclasses import dataclass

from ...base.plugins import Registry

SENT, RETRY, FAILED, UNKNOWN = "sent", "retry", "failed", "unknown"
#: All providers, by channel and technical name.
PROVIDERS = Registry("channel", "name")


@dataclass(frozen=True)
class SendResult:
    """What came of one attempt.

    ``server`` says that it is about the provider, not about the message: it costs the
    message no attempt, and the others of the same ``server`` wait as well.
    """

    status: str
    provider_ref: str | None = None
    error: str | None = None
    error_code: str | None = None
    # seconds, when the provider says when to come again
    retry_after: int | None = None
    # the address or number does not exist
    is_dead_address: bool = False
    # technical name of the server that is out of order, with the name for people
    server: str | None = None
    server_name: str | None = None


class Provider:
    """Carries messages of one channel; lives as long as a batch.

    A provider writes nothing that must last: what it returns is recorded by the outbox.
    It calls nothing but its server, with a time limit, and says of each attempt what is
    certain: ``sent`` when it was accepted, ``retry`` when it certainly was not and may
    be later, ``failed`` when it certainly never will be, ``unknown`` for all else.
    """

    channel = None
    name = None
    # whether it carries what nobody else was chosen for
    is_default = False

    def __init__(self, env):
        self.env = env
        # set right before what is sent may be accepted: from then on it is in doubt
        self.is_under_way = False

    def claim(self, messages):
        """Return what is known before sending, and stored with the claim.

        :return: dict of message id to values, of them ``provider_ref``, when we choose
          it, and ``server``, the technical name of what may be out of order
        """
        return {
            message.id: {"server": self.get_server(message)} for message in messages
        }

    def get_server(self, message):
        """Return the technical name of the server that carries a message."""
        return f"{self.channel}:{self.name}"

    def prepare(self, messages):
        """Read what a batch needs at once; called before the first is sent."""

    def send(self, message):
        """Send one message, which is claimed and committed.

        :param message: a ``lead.message``, with all rights
        :return: :class:`SendResult`
        """
        raise NotImplementedError

    def status(self, payload):
        """Return what a call of the provider tells.

        :return: list of tuples (provider_ref, status, date, error)
        """
        return []

    def close(self):
        """Let go of connections; called once, whatever happened."""
