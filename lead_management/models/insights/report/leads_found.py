"""Leads behind numbers that no domain on fields can tell, each by a name.

A maker gets what stands behind its name and returns the condition as SQL. Whatever
does not fit raises: callers from outside write such texts, too.
"""

from odoo.tools import SQL

FILTERS = {}
MILESTONES = ("contacted", "qualified", "negotiation", "won", "lost", "first_touch",
              "first_reached")


def leads_found(make):
    """Make a filter known by the name of its function; a decorator."""
    FILTERS[make.__name__] = make
    return make


def a_number(text, most=4000):
    """Return a number of a text; other texts raise."""
    number = int(text)
    if not (text.isascii() and 0 <= number <= most):
        raise ValueError(text)
    return number


@leads_found
def within(env, milestone, days):
    """Leads that reached something so many days after they came, at the latest."""
    if milestone not in MILESTONES:
        raise ValueError(milestone)
    fname, number = f"milestone_{milestone}_date", a_number(days)

    def to_sql(model, alias, query):
        return SQL(
            "%s < %s + %s * interval '1 day'",
            model._field_to_sql(alias, fname, query),
            model._field_to_sql(alias, "create_date", query),
            number,
        )

    return to_sql


@leads_found
def hour(env, weekday, hour):
    """Leads that came at an hour of a weekday, by the clocks of the company."""
    numbers = a_number(weekday, 7), a_number(hour, 23)
    # sudo: the time zone of the company is no secret
    zone = env.company.sudo()._get_message_zone()

    def to_sql(model, alias, query):
        local = sql_local(model._field_to_sql(alias, "create_date", query), zone)
        return SQL(
            "EXTRACT(ISODOW FROM %s) = %s AND EXTRACT(HOUR FROM %s) = %s",
            local,
            numbers[0],
            local,
            numbers[1],
        )

    return to_sql


def sql_local(moment, zone):
    """Return a stored moment as the clocks of a zone show it, in SQL."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", moment, zone)
