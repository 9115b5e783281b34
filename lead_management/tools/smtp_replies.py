"""What an answer of a mail server means for the message, the address and the server.

Codes are those of RFC 5321, enhanced codes (``5.1.1``) those of RFC 3463. Servers are
free in their choice, so where the codes leave it open the words decide.
"""

import re

TEMPORARY, PERMANENT, DEAD, SERVER = "temporary", "permanent", "dead", "server"
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# Enhanced codes, without their class, and what they mean when the class is 5.
MEANING = {
    "1.1": DEAD,  # bad mailbox
    "1.2": DEAD,  # bad domain
    "1.3": DEAD,  # bad syntax
    "1.6": DEAD,  # moved
    "1.10": DEAD,  # the domain takes no mail
    "4.4": DEAD,  # no route to the domain
    "2.2": TEMPORARY,  # mailbox full: a living person, just now
    "3.1": TEMPORARY,  # their disk is full
    "4.5": TEMPORARY,  # congestion
    "7.8": SERVER,  # our login
    "7.9": SERVER,
    "7.11": SERVER,  # encryption needed
    "7.13": SERVER,  # our account is disabled
}
SERVER_CODES = (421, 454, 530, 534, 535, 538)
FULL = re.compile(r"quota|mailbox (is )?full|over ?quota|insufficient.*storage", re.I)
LATER = re.compile(r"try again|temporar|grey-?list|rate limit|too many", re.I)
NOBODY = re.compile(
    r"(user|recipient|address|mailbox|account)s?( is| was)? (unknown|not found|"
    r"invalid|does ?n[o']t exist|not exist)|(unknown|no such|invalid) (local )?"
    r"(user|recipient|address|mailbox|account)|does not exist|no mailbox here",
    re.I,
)


def classify(code, text, about_recipient=True):
    """Return what an answer means, and the code people look it up by.

    :param code: the three digits
    :param text: the rest of the answer
    :param about_recipient: whether it answers to the address of the recipient, or to
      the message; not to our own address

    >>> classify(451, "4.7.1 Greylisted, come back")
    ('temporary', '451 4.7.1')
    >>> classify(552, "5.2.2 Over quota"), classify(452, "4.2.2 mailbox full")
    (('temporary', '552 5.2.2'), ('temporary', '452 4.2.2'))
    >>> classify(550, "5.1.1 <x@y.z>: Recipient address rejected")
    ('dead', '550 5.1.1')
    >>> classify(550, "No such user here"), classify(550, "Mailbox full")
    (('dead', '550'), ('temporary', '550'))
    >>> classify(550, "5.1.1 not you", about_recipient=False)
    ('permanent', '550 5.1.1')
    >>> classify(554, "5.7.1 Message rejected as spam"), classify(535, "5.7.8 no")
    (('permanent', '554 5.7.1'), ('server', '535 5.7.8'))
    >>> classify(421, "4.3.2 shutting down"), classify(552, "5.3.4 too big")
    (('server', '421 4.3.2'), ('permanent', '552 5.3.4'))
    """
    enhanced = ENHANCED.search(text)
    label = f"{code} {enhanced[0]}" if enhanced else str(code)
    return _get_kind(code, enhanced, text, about_recipient), label


def _get_kind(code, enhanced, text, about_recipient):
    if code in SERVER_CODES:
        return SERVER
    if 400 <= code < 500:
        return TEMPORARY
    detail = f"{int(enhanced[2])}.{int(enhanced[3])}" if enhanced else "0.0"
    kind = MEANING.get(detail) or _get_kind_by_words(detail, text)
    if kind == DEAD and not about_recipient:
        return PERMANENT
    return kind


def _get_kind_by_words(detail, text):
    if detail in ("3.4", "3.5"):  # the message is too big, or odd
        return PERMANENT
    if FULL.search(text) or LATER.search(text):
        return TEMPORARY
    return DEAD if detail == "0.0" and NOBODY.search(text) else PERMANENT
