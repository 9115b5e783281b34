"""Leads behind numbers that no domain on fields can tell, each by a name.

A maker gets what stands behind its name and returns the condition as SQL. Whatever
does not fit raises: callers from outside write such texts, too.
"""

from datetime import datetime

from odoo.tools import SQL

from ...base.stage_types import (
    CONTACTED,
    NEGOTIATION,
    NURTURING,
    OPEN,
    QUALIFIED,
    STAGE_TYPES,
)

FILTERS = {}
MILESTONES = (
    "contacted",
    "qualified",
    "negotiation",
    "won",
    "lost",
    "first_touch",
    "first_reached",
)


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


def read_moment(parts):
    """Return a moment in UTC that a name was followed by; other texts raise."""
    at = datetime.fromisoformat(":".join(parts))
    if at.tzinfo:
        raise ValueError(parts)
    return at


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


@leads_found
def stood(env, kind, *moment):
    """Leads that were in a type of stage at a moment, and not closed by then.

    Where a lead came from with the first move after it; else where it is now.
    """
    if kind not in dict(STAGE_TYPES):
        raise ValueError(kind)
    at = read_moment(moment)

    def to_sql(model, alias, query):
        return SQL(
            """
            (%(lead)s IN (
                SELECT lead_id FROM (
                    SELECT DISTINCT ON (lead_id) lead_id, type_before, direction
                    FROM lead_stage_transition
                    WHERE date >= %(at)s AND is_merged IS NOT TRUE
                    ORDER BY lead_id, date, id
                ) AS next WHERE type_before = %(kind)s AND direction <> 'start'
            ) OR (%(stage)s IN (SELECT id FROM crm_stage WHERE stage_type = %(kind)s)
                AND (%(status)s = 'pending' OR %(lost)s >= %(at)s)
                AND %(lead)s NOT IN (
                    SELECT lead_id FROM lead_stage_transition
                    WHERE date >= %(at)s AND is_merged IS NOT TRUE
                )))
            AND (%(lost)s < %(at)s AND %(stage)s IN (
                SELECT id FROM crm_stage WHERE stage_type = ANY(%(live)s)
            )) IS NOT TRUE
            AND (%(active)s OR %(status)s <> 'pending')
            """,
            lead=SQL.identifier(alias, "id"),
            at=at,
            kind=kind,
            lost=model._field_to_sql(alias, "milestone_lost_date", query),
            stage=model._field_to_sql(alias, "stage_id", query),
            status=model._field_to_sql(alias, "won_status", query),
            active=model._field_to_sql(alias, "active", query),
            live=[OPEN, CONTACTED, NURTURING, QUALIFIED, NEGOTIATION],
        )

    return to_sql


@leads_found
def idle(env, *moment):
    """Leads that nobody got in touch with since a moment, and that did not either."""
    at = read_moment(moment)

    def to_sql(model, alias, query):
        return SQL(
            "NOT EXISTS (SELECT FROM lead_touch touch"
            " WHERE touch.lead_id = %s AND touch.date >= %s)",
            SQL.identifier(alias, "id"),
            at,
        )

    return to_sql


UP, DOWN, DROPPED, STILL = OUTCOMES = ("up", "down", "dropped", "still")


def sql_outcomes(since, until, days):
    """Return the query of what became of leads that entered a stage in a period.

    A lead counts once a type of stage, from the first time it entered it. A loss by
    archiving makes no move: the date it was closed tells.

    :return: query of ``lead_id``, ``kind`` and ``outcome``
    """
    return SQL(
        """
        SELECT came.lead_id, came.kind, CASE
                   WHEN after.direction = 'dropped' THEN 'dropped'
                   WHEN lost.lost_date < came.date + %(days)s * interval '1 day'
                       AND lost.lost_date >= came.date
                       AND (after.date IS NULL OR lost.lost_date < after.date)
                       THEN 'dropped'
                   WHEN after.direction = 'back' THEN 'down'
                   WHEN after.direction IS NOT NULL THEN 'up'
                   ELSE 'still' END AS outcome
        FROM (
            SELECT DISTINCT ON (lead_id, stage_type)
                   lead_id, stage_type AS kind, date, id
            FROM lead_stage_transition
            WHERE date >= %(since)s AND date < %(until)s AND is_merged IS NOT TRUE
              AND stage_type = ANY(%(live)s)
            ORDER BY lead_id, stage_type, date, id
        ) AS came
        LEFT JOIN LATERAL (
            SELECT direction, date FROM lead_stage_transition move
            WHERE move.lead_id = came.lead_id AND move.is_merged IS NOT TRUE
              AND (move.date, move.id) > (came.date, came.id)
              AND move.date < came.date + %(days)s * interval '1 day'
            ORDER BY date, id LIMIT 1
        ) AS after ON TRUE
        LEFT JOIN lead_milestone lost ON lost.id = came.lead_id
        """,
        since=since,
        until=until,
        days=days,
        live=[OPEN, CONTACTED, NURTURING, QUALIFIED, NEGOTIATION],
    )


@leads_found
def came(env, kind, outcome, days, since, until):
    """Leads that entered a stage in a period, by what became of them."""
    if kind not in dict(STAGE_TYPES) or outcome not in OUTCOMES:
        raise ValueError(kind, outcome)
    moments = [datetime.strptime(text, "%Y%m%dT%H%M%S") for text in (since, until)]
    number = a_number(days)

    def to_sql(model, alias, query):
        return SQL(
            "%s IN (SELECT lead_id FROM (%s) AS came WHERE kind = %s AND outcome = %s)",
            SQL.identifier(alias, "id"),
            sql_outcomes(*moments, number),
            kind,
            outcome,
        )

    return to_sql


@leads_found
def touched(env, hours):
    """Leads that were called or written to so many hours after they came."""
    number = a_number(hours)

    def to_sql(model, alias, query):
        return SQL(
            "%s < %s + %s * interval '1 hour'",
            model._field_to_sql(alias, "milestone_first_touch_date", query),
            model._field_to_sql(alias, "create_date", query),
            number,
        )

    return to_sql
