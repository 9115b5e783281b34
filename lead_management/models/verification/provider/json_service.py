"""What services that are called by HTTP have in common."""

from ...base.graph import GraphFailure, parse_retry_after
from ...base.json_client import JsonClient
from .service import NoAnswer, Service

# What says that somebody has to wait, and for how long.
TOO_MANY = (429, 503)


class JsonService(Service):
    """Reads an answer of JSON; whatever is none is no answer."""

    def get_auth(self):
        """Return how it lets us in, as of ``requests``."""
        return None

    def ask(self, method, path, **options):
        """Return the status and the content of an answer.

        :raise NoAnswer: for anything that is none: outages, limits, other formats
        """
        try:
            client = JsonClient(self.url, self.get_auth())
            status, headers, data = client.call(method, path, **options)
        except (GraphFailure, ValueError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error
        if status in TOO_MANY:
            wait = parse_retry_after(headers.get("Retry-After"))
            raise NoAnswer(f"HTTP {status}", wait)
        if status in (401, 403):
            raise NoAnswer(f"HTTP {status}", 3600)
        if status not in (200, 400, 404) or data is None and status == 200:
            raise NoAnswer(f"HTTP {status}")
        return status, data or {}


def get_text(data, *path):
    """Return a text within an answer, or "" where there is none."""
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""
