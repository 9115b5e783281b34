"""Links to social accounts, from whatever people paste, without database."""

import re
from urllib.parse import unquote, urlsplit

MAX_LENGTH = 300
HANDLE = re.compile(r"[\w.\-]{1,100}")
SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

# Hosts of each network, the one we write first; and where a bare handle leads to.
NETWORKS = {
    "linkedin": (("www.linkedin.com", "linkedin.com", "lnkd.in"), "/in/"),
    "facebook": (("www.facebook.com", "facebook.com", "fb.com", "fb.me"), "/"),
    "x": (("x.com", "twitter.com"), "/"),
    "instagram": (("www.instagram.com", "instagram.com", "instagr.am"), "/"),
}
SHORT_HOSTS = ("lnkd.in", "fb.me")
# Parts of a query that say who is meant; all others track.
KEPT_PARAMETER = {"facebook": re.compile(r"(?:^|&)(id=\d{1,20})(?:&|$)")}


def clean_link(network, text):
    """Return the clean https address of an account.

    :param network: a key of ``NETWORKS``
    :param text: a handle, with or without ``@``, or an address in any spelling
    :return: the address without tracking parameters, or "" for an empty text
    :raise ValueError: when the text is no account of this network

    >>> clean_link("x", "@odoo")
    'https://x.com/odoo'
    >>> clean_link("linkedin", "HTTP://fr.LinkedIn.com/in/ann-lee-42/?utm_source=share")
    'https://www.linkedin.com/in/ann-lee-42'
    >>> clean_link("x", "twitter.com/odoo?s=21#top")
    'https://x.com/odoo'
    >>> clean_link("facebook", "m.facebook.com/profile.php?ref=x&id=100012")
    'https://www.facebook.com/profile.php?id=100012'
    >>> clean_link("instagram", " instagram.com/ann.lee/ ")
    'https://www.instagram.com/ann.lee'
    >>> clean_link("x", "javascript:alert(1)")
    Traceback (most recent call last):
    ...
    ValueError: javascript:alert(1)
    >>> clean_link("linkedin", "https://linkedin.com.evil.example/in/ann")
    Traceback (most recent call last):
    ...
    ValueError: https://linkedin.com.evil.example/in/ann
    """
    shown, text = text, INVISIBLE.sub("", text or "").strip()
    if not text:
        return ""
    hosts, profile = NETWORKS[network]
    handle = text.removeprefix("@")
    if HANDLE.fullmatch(handle) and not _is_host(handle, hosts):
        return f"https://{hosts[0]}{profile}{handle}"
    if len(text) > MAX_LENGTH:
        raise ValueError(shown)
    if not SCHEME.match(text) or text.lower().startswith(tuple(hosts)):
        text = f"https://{text}"
    return _clean_address(network, shown, urlsplit(text))


def _clean_address(network, shown, parts):
    hosts, __ = NETWORKS[network]
    host = parts.netloc.lower()
    path = "/" + "/".join(filter(None, parts.path.split("/")))
    if (
        parts.scheme.lower() not in ("http", "https")
        or not _is_host(host, hosts)
        or path == "/"
        or re.search(r"[<>\"'\\\s]", unquote(path))
    ):
        raise ValueError(shown)
    kept = KEPT_PARAMETER.get(network)
    parameter = kept and kept.search(parts.query)
    query = f"?{parameter[1]}" if parameter else ""
    return f"https://{host if host in SHORT_HOSTS else hosts[0]}{path}{query}"


def _is_host(name, hosts):
    """Return whether this is one of the hosts, or one of their subdomains."""
    name = name.lower()
    return any(name == host or name.endswith(f".{host}") for host in hosts)
