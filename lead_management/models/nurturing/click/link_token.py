"""Links of a message that tell which one was followed.

They are signed, so that they lead nowhere else.
"""

import re
from html import escape, unescape

from odoo.tools import hash_sign
from odoo.tools.misc import verify_hash_signed

SCOPE = "lead_management.link"
LINK = re.compile(r"""(<a\b[^>]*?\bhref\s*=\s*)(["'])(https?://[^"'<>\s]+)\2""", re.I)
# A longer address does not fit into another one.
LONGEST = 900


def make_links(env, message_id, html, base_url):
    """Return the text of a message with links that are counted.

    Links to pages of ours stay as they are: whoever withdraws is not counted.

    :param env: environment with all rights, to read the secret
    """

    def replace(match):
        url = unescape(match[3])
        if len(url) > LONGEST or url.startswith(f"{base_url}/lead/"):
            return match[0]
        token = hash_sign(env, SCOPE, [message_id, url])
        return f"{match[1]}{match[2]}{escape(f'{base_url}/lead/go/{token}')}{match[2]}"

    return LINK.sub(replace, html)


def read_link(env, token):
    """Return the message and the address a link was made for, or None."""
    try:
        message_id, url = verify_hash_signed(env, SCOPE, token) or (None, None)
    except (ValueError, TypeError):
        return None
    return (message_id, url) if message_id and url else None
