"""The values of a generated lead, as SQL: ``h`` and ``pick`` are made of its number."""

TEAMS = 2
REPS = 20
# In proportion, each salesperson has so many leads, whatever there are.
LEADS_PER_REP = 5000
COUNTRIES = ("US", "BE", "FR", "DE", "IN", "BR", "GB", "ES", "MX", "CN", "NL", "IT")

# What a lead may be: share of all leads up to which it is, of 1.
PENDING_UNTIL, WON_UNTIL = 0.60, 0.75

FIRST_NAMES = (
    "Ada Alan Barbara Claude Donald Edsger Frances Grace Hedy Ivan Jean John Katherine "
    "Leslie Margaret Niklaus Radia Sophie Tim Whitfield"
).split()
LAST_NAMES = (
    "Abril Bauer Conti Dumont Ekström Fischer Gómez Hansen Ito Janssen Kowalski "
    "Laurent Martins Nkosi Olsen Petrov Quispe Ricci Schmidt Tran"
).split()
COMPANIES = (
    "Alder Birch Cedar Dogwood Elm Fir Ginkgo Hazel Ironwood Juniper Katsura Larch "
    "Maple Nutmeg Oak Pine"
).split()
FUNCTIONS = (
    "CEO",
    "CTO",
    "Sales Director",
    "Purchasing Manager",
    "Head of Marketing",
    "Engineer",
    "Assistant",
    "Student",
    "Owner",
)
SUBJECTS = (
    "Price of a bulk order",
    "Demo wanted",
    "Question from the fair",
    "Contact form",
    "Offer wanted",
    "Partnership",
)
FREE_DOMAINS = ("gmail.com", "yahoo.com", "hotmail.com")

# ------------------------------------------------------------
# Columns
# ------------------------------------------------------------

# A row of the generator: what several columns of the lead depend on.
SEED_SQL = """
SELECT *, CASE WHEN fate = 'pending' AND h(i, 2) < unassigned THEN NULL
               ELSE 1 + floor(h(i, 3) * %(reps)s)::int END AS owner,
       CASE WHEN h(i, 4) < 0.35 THEN pick(%(free)s, h(i, 5))
            ELSE 'firm' || i %% 3000 || '.example' END AS mail_domain,
       'lead' || i || '@' AS mail_box
FROM (
    SELECT i,
           CASE WHEN %(pool)s OR h(i, 1) < %(pending)s THEN 'pending'
                WHEN h(i, 1) < %(won)s THEN 'won' ELSE 'lost' END AS fate,
           CASE WHEN %(pool)s THEN 2.0 ELSE 0.3 END AS unassigned,
           now()::timestamp(0) - interval '1 day' * CASE
               WHEN %(pool)s THEN 1 + h(i, 6) ELSE 8 + h(i, 6) * 722 END AS born
    FROM generate_series(%(start)s + 1, %(start)s + %(number)s) i
) fate
"""

LEAD_COLUMNS = {
    "name": "pick(%(subjects)s, h(i, 10)) || ' #' || i",
    "type": "'opportunity'",
    "active": "fate <> 'lost' OR stage_type = 'unqualified'",
    "priority": "floor(h(i, 11) ^ 2 * 4)::int::text",
    "contact_name": "pick(%(first)s, h(i, 12)) || ' ' || pick(%(last)s, h(i, 13))",
    "partner_name": (
        "CASE WHEN h(i, 14) < 0.8"
        " THEN pick(%(companies)s, h(i, 15)) || ' ' || i %% 3000 END"
    ),
    "function": "CASE WHEN h(i, 16) < 0.7 THEN pick(%(functions)s, h(i, 17)) END",
    "email_from": "mail_box || mail_domain",
    "email_normalized": "mail_box || mail_domain",
    "email_domain_criterion": (
        "CASE WHEN mail_domain LIKE 'firm%%' THEN '@' || mail_domain"
        " ELSE mail_box || mail_domain END"
    ),
    "email_state": "'correct'",
    "phone": "CASE WHEN h(i, 18) < 0.85 THEN '+1415' || lpad(i::text, 7, '0') END",
    "phone_sanitized": (
        "CASE WHEN h(i, 18) < 0.85 THEN '+1415' || lpad(i::text, 7, '0') END"
    ),
    "phone_state": (
        "CASE WHEN h(i, 18) < 0.75 THEN 'correct' WHEN h(i, 18) < 0.85"
        " THEN 'incorrect' END"
    ),
    "website": (
        "CASE WHEN h(i, 19) < 0.4"
        " THEN 'https://www.firm' || i %% 3000 || '.example' END"
    ),
    "street": "i %% 400 || ' Long Road'",
    "zip": "lpad((i %% 90000)::text, 5, '0')",
    "city": "'City ' || i %% 200",
    "country_id": (
        "CASE WHEN h(i, 20) < 0.95 THEN pick(%(countries)s, h(i, 21) ^ 1.5) END"
    ),
    "source_id": "CASE WHEN h(i, 22) < 0.9 THEN pick(%(sources)s, h(i, 23)) END",
    "medium_id": "CASE WHEN h(i, 24) < 0.8 THEN pick(%(mediums)s, h(i, 25)) END",
    "campaign_id": "CASE WHEN h(i, 26) < 0.5 THEN pick(%(campaigns)s, h(i, 27)) END",
    "stage_id": "stage_id",
    "won_status": "fate",
    "probability": "CASE fate WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE 10 END",
    "automated_probability": (
        "CASE fate WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE 10 END"
    ),
    "expected_revenue": "round((100 + h(i, 28) ^ 3 * 80000)::numeric, 2)",
    "prorated_revenue": "round((10 + h(i, 28) ^ 3 * 8000)::numeric, 2)",
    "user_id": "(%(users)s)[owner]",
    "team_id": "(%(teams)s)[owner]",
    "company_id": "CASE WHEN owner IS NOT NULL THEN %(company)s END",
    "partner_id": (
        "CASE WHEN fate = 'won' OR h(i, 29) < 0.3 THEN pick(%(partners)s, h(i, 30)) END"
    ),
    "lost_reason_id": "CASE WHEN fate = 'lost' THEN pick(%(reasons)s, h(i, 31)) END",
    "color": "0",
    "message_bounce": "0",
    "description": "'<p>' || repeat('We would like to know more. ', 5) || '</p>'",
    "create_uid": "1",
    "write_uid": "1",
    "create_date": "born",
    "write_date": "born",
    "date_open": "CASE WHEN owner IS NOT NULL THEN born END",
    "date_closed": (
        "CASE WHEN fate <> 'pending'"
        " THEN least(born + h(i, 32) * interval '60 days', now()::timestamp(0)) END"
    ),
    "date_last_stage_update": "born + h(i, 33) * interval '1 day'",
    "day_open": "CASE WHEN owner IS NOT NULL THEN 0 END",
}
ADDON_COLUMNS = {
    "industry_id": "CASE WHEN h(i, 50) < 0.6 THEN pick(%(industries)s, h(i, 51)) END",
    "employee_count": "CASE WHEN h(i, 52) < 0.5 THEN (h(i, 53) ^ 3 * 5000)::int END",
    "annual_revenue": "CASE WHEN h(i, 52) < 0.5 THEN (h(i, 53) ^ 3 * 9e7)::int END",
    "stage_before_id": (
        "CASE WHEN stage_type = 'unqualified' THEN (%(stages)s)[1] END"
    ),
    "assignment_pending": "%(pool)s",
    # what is left to the rules has the company it came in for, without an owner too
    "company_id": "CASE WHEN owner IS NOT NULL OR %(pool)s THEN %(company)s END",
}
# Stage of a lead: (id, type) of stages an open, a won and a lost lead may be in.
STAGE_SQL = """
SELECT seed.*, stage.id AS stage_id, {stage_type} AS stage_type
FROM seed JOIN crm_stage stage ON stage.id = CASE
    WHEN fate = 'won' THEN pick(%(won_stages)s, h(i, 40) ^ 2)
    WHEN fate = 'lost' AND h(i, 41) < 0.2 AND %(unqualified)s IS NOT NULL
        THEN %(unqualified)s
    ELSE pick(%(stages)s, h(i, 42) ^ 1.4) END
"""
