"""The HTTP side of Meta's Graph API: what was sent, the answer, what is unclear."""

import ipaddress
import json
import socket
import ssl
import time
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

CONNECT_TIMEOUT = 5
READ_TIMEOUT = 20
TOTAL_TIMEOUT = 60
MAX_ANSWER = 1024 * 1024
MAX_MEDIA = 25 * 1024 * 1024
MAX_RETRY_AFTER = 24 * 3600
# Files are fetched from here, besides the host of the account: the token goes along.
MEDIA_HOSTS = (".fbsbx.com", ".facebook.com", ".whatsapp.net")
# Machines that are called although they are in no internet: none. Tests put their fake
# server here.
FAKE_HOSTS = set()
# What urllib3 and ssl raise before a byte of the request has left.
NOT_SENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
    ssl.SSLCertVerificationError,
)


class GraphFailure(Exception):
    """A call that brought no result."""


class NotSentError(GraphFailure):
    """Nobody was reached: nothing has happened there."""


class UncertainError(GraphFailure):
    """The request was sent, and nobody knows what became of it."""


class RefusedAddressError(GraphFailure):
    """The address is none that this server should call."""


class GraphError(GraphFailure):
    """Meta answered with an error; it did not do what it was asked to.

    :ivar code: of Meta, or the HTTP status as a negative number
    :ivar status: of HTTP
    :ivar retry_after: seconds to wait, or None
    """

    def __init__(self, message, code, status=0, retry_after=None):
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry_after = retry_after


class _Bearer(AuthBase):
    """The token as an ``auth``: a header would give way to a .netrc of the server."""

    def __init__(self, token):
        self.token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class _Adapter(HTTPAdapter):
    """Sends with our timeouts."""

    def send(self, request, **options):
        options["timeout"] = (CONNECT_TIMEOUT, READ_TIMEOUT)
        return super().send(request, **options)


def check_address(url):
    """Raise ValueError unless an address is one of a server in the internet.

    Only the form is looked at, not what the name leads to: see ``check_host``.
    """
    parts = urlsplit(url or "")
    if parts.hostname in FAKE_HOSTS:
        return
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname:
        raise ValueError(url)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(url)
    if parts.hostname.replace(".", "").isdigit() or ":" in parts.hostname:
        raise ValueError(url)


def check_host(url):
    """Raise RefusedAddressError when a name leads into a private network.

    A name that leads nowhere is left to the call, or to the proxy it goes through.
    Between this look and the call a name may change: the certificate is checked there.
    """
    host = urlsplit(url).hostname
    if host in FAKE_HOSTS:
        return
    try:
        found = socket.getaddrinfo(host, 443, proto=socket.IPPROTO_TCP)
    except OSError:
        return
    for *__, address in found:
        if not ipaddress.ip_address(address[0].split("%")[0]).is_global:
            raise RefusedAddressError(host)


def parse_retry_after(text):
    """Return the seconds to wait that a header names, at most a day; or None."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    return int(min(max(moment - time.time(), 0), MAX_RETRY_AFTER))


class GraphClient:
    """Calls the Graph API for one account. Follows no redirect."""

    def __init__(self, base_url, version, token):
        self.base_url = base_url.rstrip("/")
        self.version = version
        self.session = requests.Session()
        self.session.mount("https://", _Adapter())
        self.session.mount("http://", _Adapter())
        self.session.auth = _Bearer(token)

    def get(self, *path, query=None, **params):
        """Return the answer.

        :param query: the query as it is to be sent, instead of parameters
        """
        return self._call("GET", path, params=params if query is None else query)

    def post(self, *path, **options):
        """Post ``json``, or ``data`` and ``files``.

        :return: the answer, a dict
        :raise GraphFailure: one of those above
        """
        return self._call("POST", path, **options)

    def download(self, url, limit=MAX_MEDIA):
        """Return the content of a file Meta named the address of.

        :raise GraphFailure: also when it is larger than ``limit`` bytes
        """
        parts = urlsplit(url)
        own = urlsplit(self.base_url)
        is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        known = parts.scheme == "https" and (parts.hostname or "").endswith(MEDIA_HOSTS)
        if not is_own and not known:
            raise RefusedAddressError(parts.hostname)
        status, headers, content = self._request("GET", url, limit)
        if status != 200:
            raise self._get_error(status, headers, {})
        return content

    def _call(self, method, path, **options):
        url = "/".join(
            (self.base_url, self.version, *(quote(p, safe="") for p in path))
        )
        status, headers, content = self._request(method, url, MAX_ANSWER, **options)
        try:
            data = json.loads(content)
        except ValueError:
            data = None
        known = isinstance(data, dict)
        if known and isinstance(data.get("error"), dict) or 300 <= status < 500:
            raise self._get_error(status, headers, data if known else {})
        if status != 200 or not known:
            raise UncertainError(f"HTTP {status}")
        return data

    def _request(self, method, url, limit, **options):
        """Return status, headers and content of an answer."""
        check_host(url)
        deadline = time.monotonic() + TOTAL_TIMEOUT
        try:
            with self.session.request(
                method, url, allow_redirects=False, stream=True, **options
            ) as answer:
                content = self._read(answer, limit, deadline)
                return answer.status_code, answer.headers, content
        except requests.RequestException as error:
            reason = type(error).__name__
            if _is_not_sent(error):
                raise NotSentError(reason) from error
            raise UncertainError(reason) from error

    def _read(self, answer, limit, deadline):
        content = bytearray()
        for chunk in answer.iter_content(65_536):
            content += chunk
            if len(content) > limit:
                raise UncertainError("too large")
            if time.monotonic() > deadline:
                raise UncertainError("too slow")
        return bytes(content)

    def _get_error(self, status, headers, data):
        error = data.get("error")
        error = error if isinstance(error, dict) else {}
        code = error.get("code")
        details = error.get("error_data")
        details = details.get("details") if isinstance(details, dict) else None
        message = details or error.get("message") or f"HTTP {status}"
        return GraphError(
            str(message)[:500],
            code if isinstance(code, int) else -status,
            status,
            parse_retry_after(headers.get("Retry-After")),
        )


def _is_not_sent(error):
    """Return whether a failure came before the request left."""
    seen = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, NOT_SENT):
            return True
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None)]
        waiting += one.args
    return False
