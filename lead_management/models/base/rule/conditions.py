"""What is true of conditions on leads, whatever they are for."""

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

DOMAIN_MAX_LENGTH = 10_000
# What parsing, optimising and compiling a wrong domain raises.
DOMAIN_ERRORS = (
    AssertionError,
    AttributeError,
    KeyError,
    NotImplementedError,
    OverflowError,
    SyntaxError,
    TypeError,
    UserError,
    ValueError,
)

# They take their patterns as they are; the others escape what is special.
PATTERN_OPERATORS = ("=like", "=ilike", "not =like", "not =ilike")

LEAD_ID = SQL.identifier("crm_lead", "id")


def check_patterns(domain):
    """Refuse a pattern that ends within an escape: PostgreSQL fails on it.

    Not at once, but on the first lead whose text gets so far.

    :raise ValueError: which pattern it is
    """
    for condition in domain.iter_conditions():
        value = condition.value
        if isinstance(value, Domain):
            check_patterns(value)
        if condition.operator in PATTERN_OPERATORS and isinstance(value, str):
            if (len(value) - len(value.rstrip("\\"))) % 2:
                raise ValueError(f"{value!r} ends with an escape character")
