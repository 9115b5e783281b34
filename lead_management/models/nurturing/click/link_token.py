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
# Where a link leads that no person sees: whoever follows it is a program.
TRAP = "#"
HIDDEN = (
    '<a href="%s" tabindex="-1" aria-hidden="true" style="display:none;'
    'max-height:0;overflow:hidden;font-size:0;line-height:0;mso-hide:all"></a>'
)
BODY_START = re.compile(r"<body\b[^>]*>", re.I)


def make_links(env, message_id, html, base_url):
    """Return the text of a message with links that are counted.

    Links to pages of ours stay as they are: whoever withdraws is not counted.

    :param env: environment with all rights, to read the secret
    """

    def replace(match):
        url = unescape(match[3])
        if len(url) > LONGEST or url.startswith(f"{base_url}/lead/"):
            return match[0]
        return f"{match[1]}{match[2]}{_sign(env, message_id, url, base_url)}{match[2]}"

    return LINK.sub(replace, html)


def add_trap(env, message_id, html, base_url):
    """Return the text with one more link, which no person sees.

    It comes first: whoever goes through all links gets to it early.

    :param env: environment with all rights, to read the secret
    """
    if f"{base_url}/lead/go/" not in html:
        return html
    body = BODY_START.search(html)
    at = body.end() if body else 0
    hidden = HIDDEN % _sign(env, message_id, TRAP, base_url)
    return f"{html[:at]}{hidden}{html[at:]}"


def _sign(env, message_id, url, base_url):
    return escape(f"{base_url}/lead/go/{hash_sign(env, SCOPE, [message_id, url])}")


def read_link(env, token):
    """Return the message and the address a link was made for, or None."""
    try:
        message_id, url = verify_hash_signed(env, SCOPE, token) or (None, None)
    except (ValueError, TypeError):
        return None
    return (message_id, url) if message_id and url else None
