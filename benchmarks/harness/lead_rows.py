"""The rows of the generator, as SQL: partners, leads and what hangs on a lead."""

import re

from .lead_values import (
    ADDON_COLUMNS,
    COMPANIES,
    COUNTRIES,
    FIRST_NAMES,
    FREE_DOMAINS,
    FUNCTIONS,
    LAST_NAMES,
    LEAD_COLUMNS,
    PENDING_UNTIL,
    SEED_SQL,
    STAGE_SQL,
    SUBJECTS,
    WON_UNTIL,
)

# ------------------------------------------------------------
# Many records, by SQL
# ------------------------------------------------------------

# For this session only. h: a number from 0 to 1 of row i and place k; pick: an element.
FUNCTIONS_SQL = """
CREATE OR REPLACE FUNCTION pg_temp.h(i bigint, k bigint) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashint8extended(i, k) & 1073741823)::float8 / 1073741824
$$;
CREATE OR REPLACE FUNCTION pg_temp.pick(choices anyarray, x float8) RETURNS anyelement
LANGUAGE sql IMMUTABLE AS $$
    SELECT choices[1 + floor(x * array_length(choices, 1))::int]
$$;
"""


def insert_partners(cr, number):
    """Insert ``number`` partners, every second one a company."""
    cr.execute(FUNCTIONS_SQL)
    cr.execute(
        qualify(
            """
        INSERT INTO res_partner (
            name, complete_name, ref, email, email_normalized, is_company, active, type,
            country_id, lang, color, partner_share, create_uid, write_uid, create_date,
            write_date
        )
        SELECT name, name, 'bench-' || i, mail, mail, i %% 2 = 0, true, 'contact',
               country, 'en_US', 0, true, 1, 1, now(), now()
        FROM (
            SELECT i,
                   CASE WHEN i %% 2 = 0
                        THEN pick(%(companies)s, h(i, 101)) || ' ' || i
                        ELSE pick(%(first)s, h(i, 102)) || ' '
                             || pick(%(last)s, h(i, 103))
                   END AS name,
                   'partner' || i || '@firm' || i %% 3000 || '.example' AS mail,
                   pick(%(countries)s, h(i, 104)) AS country
            FROM generate_series(1, %(number)s) i
        ) partner
        """
        ),
        {**_get_choices(cr), "number": number},
    )
    cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id "
        "WHERE commercial_partner_id IS NULL"
    )


def insert_leads(env, number, addon, start=0, pool=False):
    """Insert leads ``start + 1`` to ``start + number`` in one statement.

    :param pool: young, pending and without owner: what is to be assigned
    :return: their ids
    """
    cr = env.cr
    cr.execute(FUNCTIONS_SQL)
    columns = {**LEAD_COLUMNS, **(ADDON_COLUMNS if addon else {})}
    choices = {**_get_choices(cr), **_get_stages(cr, addon)}
    stage_sql = STAGE_SQL.format(stage_type="stage.stage_type" if addon else "NULL")
    cr.execute(
        qualify(
            f"""
            WITH seed AS ({SEED_SQL}), staged AS ({stage_sql})
            INSERT INTO crm_lead ({", ".join(columns)})
            SELECT {", ".join(columns.values())} FROM staged ORDER BY i
            RETURNING id
            """
        ),
        {
            **choices,
            "number": number,
            "start": start,
            "pool": pool,
            "pending": PENDING_UNTIL,
            "won": WON_UNTIL,
        },
    )
    ids = [lead_id for (lead_id,) in cr.fetchall()]
    _insert_relations(cr, ids, addon, choices)
    if not pool:
        _insert_thread(cr, ids)
    return ids


def _insert_relations(cr, ids, addon, choices):
    """Insert tags, and products of interest where the addon is."""
    tables = [("crm_tag_rel", "tag_id", "tags", 0.6, 60)]
    if addon:
        tables.append(("crm_lead_product_rel", "product_id", "products", 0.3, 70))
    for table, column, key, share, place in tables:
        cr.execute(
            qualify(
                f"""
                INSERT INTO {table} (lead_id, {column})
                SELECT DISTINCT id, pick(%(choices)s, h(id * 2 + n, {place}))
                FROM unnest(%(ids)s) id, generate_series(0, 1) n
                WHERE h(id * 2 + n, {place + 1}) < {share}
                """
            ),
            {"choices": choices[key], "ids": ids},
        )


def _insert_thread(cr, ids):
    """Insert what hangs on a lead: a message, a follower, an activity of some."""
    parameters = {"first": ids[0], "last": ids[-1]}
    cr.execute(
        """
        INSERT INTO mail_message (
            model, res_id, message_type, subtype_id, author_id, date, body,
            create_uid, write_uid, create_date, write_date, email_from, message_id
        )
        SELECT 'crm.lead', id, 'notification',
               (SELECT res_id FROM ir_model_data
                WHERE module = 'crm' AND name = 'mt_lead_create'),
               2, create_date, '<p>Created</p>', 1, 1, create_date, create_date,
               'bench@example.com', '<bench-' || id || '@example.com>'
        FROM crm_lead WHERE id BETWEEN %(first)s AND %(last)s
        """,
        parameters,
    )
    cr.execute(
        """
        INSERT INTO mail_followers (res_model, res_id, partner_id)
        SELECT 'crm.lead', lead.id, owner.partner_id
        FROM crm_lead lead JOIN res_users owner ON owner.id = lead.user_id
        WHERE lead.id BETWEEN %(first)s AND %(last)s
        """,
        parameters,
    )
    cr.execute(
        qualify(
            """
            INSERT INTO mail_activity (
                res_model_id, res_model, res_id, res_name, activity_type_id, user_id,
                date_deadline, summary, active, create_uid, write_uid, create_date,
                write_date
            )
            SELECT (SELECT id FROM ir_model WHERE model = 'crm.lead'), 'crm.lead', id,
                   name,
                   (SELECT min(id) FROM mail_activity_type WHERE res_model IS NULL),
                   coalesce(user_id, 2), now()::date + (h(id, 80) * 30 - 10)::int,
                   'Call', true, 1, 1, now(), now()
            FROM crm_lead
            WHERE id BETWEEN %(first)s AND %(last)s
                  AND won_status = 'pending' AND h(id, 81) < 0.3
            """
        ),
        parameters,
    )


def qualify(sql):
    """Name the schema of the functions: PostgreSQL never searches it for them."""
    return re.sub(r"\b(pick|h)\(", r"pg_temp.\1(", sql)


# ------------------------------------------------------------
# What to choose from
# ------------------------------------------------------------

CHOICES_SQL = {
    "sources": "SELECT id FROM utm_source ORDER BY id",
    "mediums": "SELECT id FROM utm_medium ORDER BY id",
    "campaigns": "SELECT id FROM utm_campaign ORDER BY id",
    "tags": "SELECT id FROM crm_tag WHERE name->>'en_US' LIKE 'Bench%%' ORDER BY id",
    "products": """
        SELECT p.id FROM product_product p
        JOIN product_template t ON t.id = p.product_tmpl_id
        WHERE t.name->>'en_US' LIKE 'Bench%%' ORDER BY p.id
    """,
    "industries": "SELECT id FROM res_partner_industry ORDER BY id",
    "partners": "SELECT id FROM res_partner WHERE ref LIKE 'bench-%%' ORDER BY id",
    "reasons": "SELECT id FROM crm_lost_reason ORDER BY id LIMIT 3",
    "countries": "SELECT id FROM res_country WHERE code = ANY(%(codes)s) ORDER BY id",
    "users": """
        SELECT m.user_id FROM crm_team_member m JOIN res_users u ON u.id = m.user_id
        WHERE u.login LIKE 'bench_rep%%' ORDER BY u.login
    """,
    "teams": """
        SELECT m.crm_team_id FROM crm_team_member m JOIN res_users u ON u.id = m.user_id
        WHERE u.login LIKE 'bench_rep%%' ORDER BY u.login
    """,
}


def _get_choices(cr):
    """Return the parameters of the statements: ids and words to choose from."""
    choices = {}
    for key, sql in CHOICES_SQL.items():
        cr.execute(sql, {"codes": list(COUNTRIES)})
        choices[key] = [row[0] for row in cr.fetchall()]
    return {
        **choices,
        "first": list(FIRST_NAMES),
        "last": list(LAST_NAMES),
        "companies": list(COMPANIES),
        "functions": list(FUNCTIONS),
        "subjects": list(SUBJECTS),
        "free": list(FREE_DOMAINS),
        "reps": len(choices["users"]),
        "company": 1,
    }


def _get_stages(cr, addon):
    """Return the stages for open and for won leads, and the unqualified one if any."""
    cr.execute(
        f"""
        SELECT id, is_won IS TRUE, {"stage_type" if addon else "NULL"} FROM crm_stage
        ORDER BY sequence, id
        """
    )
    stages = cr.fetchall()
    return {
        "stages": [row[0] for row in stages if not row[1] and row[2] != "unqualified"],
        "won_stages": [row[0] for row in stages if row[1]],
        "unqualified": next(
            (row[0] for row in stages if row[2] == "unqualified"), None
        ),
    }
