"""What is checked of a lead, what is said of it, and who says so."""

from ...tools.verdicts import (
    ADDRESS,
    COMPANY,
    CONFIRMED,
    DOUBTFUL,
    EMAIL,
    EXISTS,
    FORM,
    NAME,
    OK,
    PHONE,
    PLAUSIBLE,
    UNKNOWN,
    VAT,
    WRONG,
)

DATUM_LABELS = [
    (NAME, "Name"),
    (EMAIL, "Email"),
    (PHONE, "Phone"),
    (ADDRESS, "Address"),
    (VAT, "VAT / Registration"),
    (COMPANY, "Company"),
]
VERDICTS = [
    (OK, "OK"),
    (DOUBTFUL, "Doubtful"),
    (WRONG, "Wrong"),
    (UNKNOWN, "Unknown"),
]
LEVEL_LABELS = [
    (FORM, "Format"),
    (PLAUSIBLE, "Plausible"),
    (EXISTS, "Exists"),
    (CONFIRMED, "Confirmed"),
]
# Who says so. What is found without asking anybody gives way to all others.
OFFLINE = "offline"
# A colleague, who looked at what was said.
USER = "user"
SOURCES = [
    (OFFLINE, "Format and rules, no network"),
    ("reply", "Reply"),
    ("delivered", "Delivered message"),
    ("bounce", "Returned message"),
    ("call", "Call"),
    ("meeting", "Meeting"),
    ("two_sources", "Two sources"),
    ("page", "Preference page"),
    (USER, "Salesperson"),
    ("provider", "Service"),
]
# The fields of a lead that each datum is made of; the first one is shown.
FIELDS = {
    NAME: ("contact_name",),
    EMAIL: ("email_from",),
    PHONE: ("phone", "country_id"),
    ADDRESS: ("street", "city", "zip", "country_id", "state_id"),
    VAT: ("vat", "country_id"),
    COMPANY: ("partner_name",),
}
CHECKED_FIELDS = frozenset(name for names in FIELDS.values() for name in names)

# Where checks of new leads wait that are written with what is worked out of them.
WAITING = "lead_management.checks"
