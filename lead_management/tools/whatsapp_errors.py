"""What an error of Meta means for a message. The texts for people: see the account."""

# Nothing was sent, and the same message may be in a while.
BUSY = "busy"
# Nothing can be sent with this account until somebody sees to it.
ACCOUNT = "account"
# This message will never be sent.
FAILED = "failed"
# ... since the number is none of WhatsApp's
NUMBER = "number"
# ... since a free text needs a message of the lead, 24 hours old at most
WINDOW = "window"
# ... since this person wants no advertising
OPT_OUT = "opt_out"
# ... since the template is not, or no longer, as it is filled in
TEMPLATE = "template"
# It may have been sent.
UNCERTAIN = "uncertain"

KINDS = {
    2: BUSY,
    4: BUSY,
    80007: BUSY,
    130429: BUSY,
    131000: BUSY,
    131016: BUSY,
    131048: BUSY,
    131056: BUSY,
    131057: BUSY,
    133004: BUSY,
    0: ACCOUNT,
    3: ACCOUNT,
    10: ACCOUNT,
    33: ACCOUNT,
    190: ACCOUNT,
    368: ACCOUNT,
    131005: ACCOUNT,
    131031: ACCOUNT,
    131042: ACCOUNT,
    131045: ACCOUNT,
    133010: ACCOUNT,
    131026: NUMBER,
    131047: WINDOW,
    131050: OPT_OUT,
    132000: TEMPLATE,
    132001: TEMPLATE,
    132005: TEMPLATE,
    132007: TEMPLATE,
    132012: TEMPLATE,
    132015: TEMPLATE,
    132016: TEMPLATE,
    # no code of Meta: the HTTP status of an answer that names none
    -401: ACCOUNT,
    -403: ACCOUNT,
    -404: ACCOUNT,
    -408: UNCERTAIN,
    -429: BUSY,
}
# Limits of one pair of numbers, and not of all that is sent.
PAIR_LIMITS = (131056, 131000)


def get_kind(code):
    """Return what an error means.

    >>> get_kind(130429), get_kind(190), get_kind(131026), get_kind(131047)
    ('busy', 'account', 'number', 'window')

    Permissions, a redirect instead of an answer, and what nobody knows.

    >>> get_kind(294), get_kind(-302), get_kind(131009), get_kind(-400), get_kind(-503)
    ('account', 'account', 'failed', 'failed', 'uncertain')
    >>> get_kind(None), get_kind(1)
    ('failed', 'uncertain')
    """
    if code in KINDS:
        return KINDS[code]
    if not isinstance(code, int):
        return FAILED
    if 200 <= code <= 299 or -399 <= code <= -300:
        return ACCOUNT
    if code == 1 or code <= -500:
        return UNCERTAIN
    return FAILED
