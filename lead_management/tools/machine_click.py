"""Who follows a link: a person, or a program that looks at every link of a mail."""

import re

# A person has not read a mail so soon, nor follows two links at once; nor does one
# follow a link while a program goes through all of them, the hidden one included.
SOONEST, APART, AROUND = 10, 2, 60
PROGRAM = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|scan|proofpoint|barracuda|mimecast|"
    r"safelinks|urldefense|symantec|fortinet|trendmicro|headless|phantom|curl|wget|"
    r"python|java/|go-http|okhttp|libwww|facebookexternalhit|skypeuripreview|whatsapp",
    re.IGNORECASE,
)


def is_machine(agent, seconds, is_head=False):
    """Return whether a program follows a link.

    :param agent: what it says it is
    :param seconds: how long ago the message was sent
    :param is_head: whether only the head of the page was asked for

    >>> is_machine("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", 3600)
    False
    >>> is_machine("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", 3)
    True
    >>> is_machine("Mozilla/5.0 (compatible; bingbot/2.0)", 3600), is_machine("", 3600)
    (True, True)
    """
    return bool(is_head or not agent or PROGRAM.search(agent) or seconds < SOONEST)
