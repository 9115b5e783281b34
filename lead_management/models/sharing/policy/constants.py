"""States, reasons and terms of what is shared."""

# ------------------------------------------------------------
# To whom
# ------------------------------------------------------------

COMPANY, PARTNER, CONNECTION = "company", "partner", "connection"
KINDS = [
    (COMPANY, "Company in this database"),
    (PARTNER, "Partner by link"),
    (CONNECTION, "Company in another database"),
]
TURN, FIRST = "turn", "first"
ORDERS = [
    (TURN, "One after the other"),
    (FIRST, "All at once: the first to accept gets the lead"),
]

# ------------------------------------------------------------
# A share
# ------------------------------------------------------------

OFFERED, ACCEPTED, WON, LOST = "offered", "accepted", "won", "lost"
# By the receiver in another database: the data is on its way.
ACCEPTING = "accepting"
DECLINED, EXPIRED, WITHDRAWN = "declined", "expired", "withdrawn"
RETURNED, RECALLED, ERASED, KEPT = "returned", "recalled", "erased", "kept"
STATES = [
    (OFFERED, "Offered"),
    (ACCEPTING, "Accepted, Data Awaited"),
    (ACCEPTED, "Accepted"),
    (WON, "Won"),
    (LOST, "Lost"),
    (DECLINED, "Declined"),
    (EXPIRED, "Expired"),
    (WITHDRAWN, "Withdrawn"),
    (RETURNED, "Returned"),
    (RECALLED, "Recalled"),
    (ERASED, "Erased"),
    (KEPT, "Kept for a Legal Reason"),
]
# What may follow a state; nothing else ever happens to a share.
TRANSITIONS = {
    OFFERED: (ACCEPTED, ACCEPTING, DECLINED, EXPIRED, WITHDRAWN),
    ACCEPTING: (ACCEPTED, EXPIRED, WITHDRAWN),
    ACCEPTED: (WON, LOST, RETURNED, RECALLED),
    WON: (ACCEPTED, LOST, RECALLED),
    LOST: (ACCEPTED, WON, RETURNED, RECALLED),
    RECALLED: (ERASED, KEPT),
    DECLINED: (),
    EXPIRED: (),
    WITHDRAWN: (),
    RETURNED: (),
    ERASED: (),
    KEPT: (),
}
# The other one has the data.
HELD = (ACCEPTED, WON, LOST, RECALLED)
# The lead is theirs to work on.
WORKED = (ACCEPTED, WON, LOST)
# Refused in one way or another: the next in the list is asked.
REFUSED = (DECLINED, EXPIRED)
OVER = (DECLINED, EXPIRED, WITHDRAWN, RETURNED, ERASED, KEPT)

REASONS = [
    ("capacity", "No capacity"),
    ("region", "Outside our region"),
    ("product", "Not what we sell"),
    ("quality", "Not a real inquiry"),
    ("customer", "Already our customer"),
    ("unreachable", "Could not be reached"),
    ("other", "Other"),
]

# ------------------------------------------------------------
# What is told
# ------------------------------------------------------------

LATER, EXACT, BAND, YES_NO = "later", "exact", "band", "yes_no"
HOW_SHOWN = [
    (LATER, "Only after acceptance"),
    (EXACT, "As it is"),
    (BAND, "As a range"),
    (YES_NO, "Yes or no"),
]
BASES = [
    ("consent", "Consent of the person"),
    ("contract", "Steps before a contract, asked for by the person"),
    ("interest", "Legitimate interest"),
]

# ------------------------------------------------------------
# Commission
# ------------------------------------------------------------

NONE, PERCENT, AMOUNT = "none", "percent", "amount"
COMMISSIONS = [
    (NONE, "None"),
    (PERCENT, "Percentage of the won amount"),
    (AMOUNT, "Amount per won lead"),
]
DUE, CONFIRMED, PAID, DISPUTED, CANCELED = (
    *("due", "confirmed", "paid"),
    *("disputed", "canceled"),
)
COMMISSION_STATES = [
    (DUE, "Due"),
    (CONFIRMED, "Confirmed"),
    (PAID, "Paid"),
    (DISPUTED, "Disputed"),
    (CANCELED, "Canceled"),
]
COMMISSION_TRANSITIONS = {
    DUE: (CONFIRMED, DISPUTED, CANCELED),
    CONFIRMED: (PAID, DISPUTED, CANCELED),
    DISPUTED: (DUE, CONFIRMED, CANCELED),
    PAID: (DISPUTED,),
    CANCELED: (DUE,),
}
