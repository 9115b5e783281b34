"""The web form: its page, and what is known of whoever sends it."""

import secrets
import time

from odoo.tools import consteq, hmac

from ....tools.capture_values import digest, flatten
from .api import _get_bucket
from .door import DOORS, Door, Item

SCOPE = "lead_management.capture.form"
# A page that was opened longer ago is one of yesterday.
LONGEST = 24 * 3600
# Names of what the page sends along with the answers.
UTM = ("utm_campaign", "utm_source", "utm_medium")
NONCE, CONSENT, SHOWN = "lm_nonce", "lm_consent", "lm_shown"
PAGE, LANG, HONEYPOT = "lm_page", "lm_lang", "contact_url"
CAPTCHA = "lm_captcha"


@DOORS.add
class FormDoor(Door):
    """A form of our own; only what it asks for is taken."""

    name = "form"
    has_page = is_form = True
    route = "form"
    is_limited = True
    keeps_unknown = False

    def split(self, payload, body):
        values, nonce = payload.get("values"), payload.get("nonce")
        parts = [values, *(file["checksum"] for file in payload.get("files", ()))]
        if nonce:
            return [Item(digest("form", nonce, *parts), payload)]
        return [Item(digest("form", *parts, _get_bucket()), payload)]

    def read_texts(self, payload, detail=None):
        return flatten(payload.get("values") or {})

    def get_meaning(self, name):
        """Only campaigns come along besides what the form asks for."""
        return name if name in UTM else None

    def get_test(self):
        return {"values": super().get_test()}


def make_nonce(env, source, shown):
    """Return what a page carries: when it was opened, and the text shown on it.

    :param shown: the text somebody is asked to agree to
    """
    moment, chance = str(int(time.time())), secrets.token_urlsafe(9)
    return f"{moment}.{chance}.{_sign(env, source, moment, chance, shown)}"


def read_nonce(env, source, nonce, shown):
    """Return how many seconds ago a page was opened, or None when it is not ours."""
    parts = (nonce or "")[:200].split(".")
    if len(parts) != 3 or not parts[0].isascii() or not parts[0].isdigit():
        return None
    if not consteq(parts[2], _sign(env, source, parts[0], parts[1], shown)):
        return None
    seconds = int(time.time()) - int(parts[0])
    return seconds if 0 <= seconds <= LONGEST else None


def _sign(env, source, moment, chance, shown):
    # sudo: the secret of the database signs, and is shown to nobody
    return hmac(
        env(su=True), SCOPE, (source.id, moment, chance, " ".join(shown.split()))
    )[:32]
