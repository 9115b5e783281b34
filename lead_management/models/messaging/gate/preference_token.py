"""Who holds a link to the preference page, in a token that tells nobody else.

Links end up in access logs, histories and forwarded mails: an address in them would be
there for all to read. The key comes from the secret of the database.
"""

import base64
import binascii
import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odoo.tools import hmac
from odoo.tools.misc import verify_hash_signed

SCOPE = "lead_management.preferences"
NONCE = 12


def make_token(env, values):
    """Return a token for the values, which only this database can read.

    :param env: environment with all rights, to read the secret
    :param values: what json can write
    """
    nonce = os.urandom(NONCE)
    sealed = _get_cipher(env).encrypt(nonce, json.dumps(values).encode(), None)
    return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")


def read_token(env, token):
    """Return the values a token was made for, and whether it tells nobody else.

    Tokens that were sent when they were only signed still hold. For any other text the
    values are None.
    """
    try:
        data = base64.urlsafe_b64decode(f"{token}===".encode("ascii"))
        values = _get_cipher(env).decrypt(data[:NONCE], data[NONCE:], None)
        return json.loads(values), True
    except (InvalidTag, ValueError, binascii.Error):
        return _read_signed(env, token), False


def _read_signed(env, token):
    try:
        return verify_hash_signed(env, SCOPE, token)
    except (ValueError, TypeError, binascii.Error):
        return None


def _get_cipher(env):
    return AESGCM(bytes.fromhex(hmac(env, f"{SCOPE}.sealed", "key")))
