"""What the doors of platforms have in common that tell of a submission by its id."""

from ...base.graph import (
    GraphClient,
    GraphError,
    GraphFailure,
    RefusedAddressError,
)
from .door import Disconnected, Door, NoAnswer

# What the platforms say when they let nobody in.
NO_ENTRY = (401, 403)
BUSY = 429


class PlatformDoor(Door):
    """Reads at a platform what it told the id of only."""

    route = "hook"
    is_fetched = True
    secrets = ("secret", "access_token")
    base_url = None
    api_version = None
    # Codes of the platform that say so, besides the status.
    lost_codes = ()
    # Codes that say it was asked too often.
    busy_codes = ()

    def __init__(self, source):
        super().__init__(source)
        # as plain data: it is read outside of any transaction
        self.address = source.base_url or self.base_url
        self.version = source.api_version or self.api_version
        self.token = source.access_token
        self.forms = [part.strip() for part in (source.external_ids or "").split(",")]

    def can_backfill(self):
        """Return whether it is known where to read what was not told."""
        return bool(self.token and any(self.forms))

    def get_client(self):
        if not self.token:
            raise Disconnected("No access token is set.")
        return GraphClient(self.address, self.version, self.token)

    def call(self, *path, **params):
        """Return what the platform answers.

        :raise NoAnswer: whatever it is that did not work
        """
        try:
            return self.get_client().get(*path, **params)
        except GraphError as error:
            is_lost = error.status in NO_ENTRY or error.code in self.lost_codes
            if is_lost:
                raise Disconnected(str(error)) from error
            is_answered = 400 <= error.status < 500 and error.status != BUSY
            is_answered = is_answered and error.code not in self.busy_codes
            raise NoAnswer(str(error), error.retry_after, is_answered) from error
        except RefusedAddressError as error:
            raise Disconnected(str(error)) from error
        except GraphFailure as error:
            raise NoAnswer(str(error)) from error
