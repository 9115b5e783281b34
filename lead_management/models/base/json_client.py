"""Calls a service that speaks JSON: what was sent, the answer, what is unclear."""

import json

import requests

from . import graph


class JsonClient(graph.GraphClient):
    """Calls one service. Follows no redirect, reads no more than it must.

    :ivar auth: of ``requests``, or None
    """

    def __init__(self, base_url, auth=None):
        self.base_url = base_url.rstrip("/")
        self.session = requests.Session()
        # no .netrc of the server in place of what is said here
        self.session.trust_env = False
        self.session.mount("https://", graph._Adapter())
        self.session.mount("http://", graph._Adapter())
        self.session.auth = auth

    def call(self, method, path, **options):
        """Return the status, the headers and the content of an answer, or None for it.

        :param path: below the address of the service
        :raise ~.graph.GraphFailure: when there was no answer, or too much of one
        """
        url = f"{self.base_url}/{path.lstrip('/')}"
        status, headers, content = self._request(
            method, url, graph.MAX_ANSWER, **options
        )
        try:
            data = json.loads(content)
        except ValueError:
            data = None
        return status, headers, data if isinstance(data, dict) else None
