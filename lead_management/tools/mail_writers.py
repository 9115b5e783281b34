"""Who wrote an email: a person, a program in somebody's name, or a mail server.

Nothing is taken for a machine's for a word in the middle of a subject, nor because it
came by a mailing list: better an automatic reply that is taken for an answer than an
answer nobody sees.
"""

import re
from email.utils import parseaddr

PERSON = "person"
# What a program writes in answer to a mail: out-of-office notices, acknowledgements.
RESPONDER = "responder"
# What a program writes by itself, which may be news: forms and portals write so.
PROGRAM = "program"
# What a mail server writes about a mail it could not deliver.
SERVER = "server"

RESPONDER_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Autoresponse",
    "X-Auto-Reply-From",
    "X-Mail-Autoreply",
)
# Only with a colon behind: people write about offices they are out of, too.
RESPONDER_SUBJECT = re.compile(
    r"""\s*(?:
    (?:automatic|automated|auto)[\s-]?(?:reply|response)
    | out[\s-]of[\s-](?:the[\s-])?office (?:[\s-]auto[\s-]?reply)?
    | r[ée]ponse\ automatique | (?:message\ d['’]\s?)?absence\ du\ bureau
    | message\ d['’]\s?absence
    | respuesta\ autom[áa]tica | fuera\ de\ (?:la\ )?oficina
    | automatyczna\ odpowied[źz] | odpowied[źz]\ automatyczna
    | autoodpowied[źz] | poza\ biurem
    | automatische\ (?:antwort|antwoord) | abwesenheits(?:notiz|nachricht|meldung)
    | risposta\ automatica | resposta\ autom[áa]tica | automatisch\ antwoord
    )\s*:""",
    re.IGNORECASE | re.VERBOSE,
)
# Names of programs; "postmaster" and "bounce" may be people, too, and a sender that is
# missing says nothing.
SERVER_NAMES = {"mailer-daemon", "mdaemon"}
MAYBE_SERVER = re.compile(r"(postmaster|bounces?([-+=].*)?)?", re.IGNORECASE)
FAILURE_SUBJECT = re.compile(
    r"""undeliver | deliver\w*\ (?:problem|failure|error|has\ failed|status)
    | mail\ (?:system\ )?error | (?:mail|message)\ (?:could\ )?not\ (?:be\ )?deliver
    | returned\ (?:mail|to\ sender) | fail(?:ed|ure)\ (?:mail|notice|delivery)
    | non\ remis | [ée]chec\ de\ (?:la\ )?remise | no\ (?:se\ )?(?:ha\ )?(?:podido\ )?
    entreg | niedostarcz | nie\ dostarczon | unzustellbar""",
    re.IGNORECASE | re.VERBOSE,
)


def get_writer(message):
    """Return who wrote a mail.

    :param message: an ``email.message.Message``
    :return: ``PERSON``, ``RESPONDER``, ``PROGRAM`` or ``SERVER``

    >>> from email import message_from_string
    >>> def writer(*lines, sender="Ada <ada@example.com>"):
    ...     text = "\\n".join([f"From: {sender}", *lines])
    ...     return get_writer(message_from_string(text))
    >>> writer("Subject: Your offer", "Precedence: list", "Auto-Submitted: no")
    'person'
    >>> writer("Subject: Automatic reply: your offer")
    'responder'
    >>> writer("Subject: Re: Automatic reply: your offer")
    'person'
    >>> writer("Auto-Submitted: auto-replied (vacation)")
    'responder'
    >>> writer("Auto-Submitted: auto-generated", "Subject: New enquiry")
    'program'
    >>> writer("Auto-Submitted: auto-generated", "In-Reply-To: <1@example.com>")
    'responder'
    >>> writer("Subject: Undeliverable: offer", sender="postmaster@example.com")
    'server'
    >>> writer("Subject: Re: offer", sender="postmaster@example.com")
    'person'
    """
    if _is_server(message):
        return SERVER
    if _is_responder(message):
        return RESPONDER
    submitted = _get_word(message, "Auto-Submitted") or "no"
    if submitted == "no" and not _is_null_path(message):
        return PERSON
    is_answer = submitted == "auto-replied" or any(
        _get_text(message, name) for name in ("In-Reply-To", "References")
    )
    return RESPONDER if is_answer else PROGRAM


def is_about_delivery(message):
    """Return whether a report is one about delivery, and no receipt or complaint."""
    kind = message.get_param("report-type") or "delivery-status"
    return str(kind).lower() == "delivery-status"


def _is_server(message):
    sender = parseaddr(_get_text(message, "From"))[1].split("@")[0].lower()
    if sender in SERVER_NAMES or message.get("X-Failed-Recipients"):
        return True
    if not MAYBE_SERVER.fullmatch(sender):
        return False
    return bool(
        FAILURE_SUBJECT.search(_get_text(message, "Subject"))
        or "X-MS-Embedded-Report" in message
        or (sender and _is_null_path(message))
    )


def _is_responder(message):
    return bool(
        any(_get_word(message, name) not in ("", "no") for name in RESPONDER_HEADERS)
        or _get_word(message, "Precedence").replace("-", "_") == "auto_reply"
        or "autoresponder" in _get_text(message, "X-POST-MessageClass").lower()
        or RESPONDER_SUBJECT.match(_get_text(message, "Subject"))
    )


def _is_null_path(message):
    return _get_text(message, "Return-Path") == "<>"


def _get_text(message, name):
    return str(message.get(name) or "").strip()


def _get_word(message, name):
    """Return the first word of a header: comments and parameters say nothing."""
    words = re.split(r"[\s;(]", _get_text(message, name).lower())
    return words[0]
