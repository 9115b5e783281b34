"""What the leads of the generator lived through, by SQL: equal leads, equal stories.

A lead has three moves on average, four touches, a score at capture, a response target
and a message: what reports of a period read. Only jobs that need it put it in, and
take it away again.
"""

from .lead_rows import FUNCTIONS_SQL, qualify

TABLES = (
    "lead_stage_transition",
    "lead_touch",
    "lead_score_snapshot",
    "lead_sla_clock",
    "lead_message",
)
MOVES_SQL = """
WITH stage AS (
    SELECT DISTINCT ON (stage_type) id, stage_type, array_position(ARRAY['open',
               'contacted', 'nurturing', 'qualified', 'negotiation', 'customer',
               'inactive', 'unqualified'], stage_type) AS rank
    FROM crm_stage WHERE stage_type IS NOT NULL ORDER BY stage_type, sequence, id
), lived AS (
    SELECT lead.id AS lead_id, lead.user_id, lead.team_id, lead.create_date,
           COALESCE(lead.date_closed, LEAST(now()::timestamp(0),
               lead.create_date + h(lead.id, 90) * interval '40 days')) AS closed,
           stage.*, lead.lost_reason_id,
           row_number() OVER in_order - 1 AS place,
           count(*) OVER (PARTITION BY lead.id) - 1 AS number
    FROM crm_lead lead
    JOIN crm_stage present ON present.id = lead.stage_id
    JOIN stage goal ON goal.stage_type = present.stage_type
    JOIN stage ON stage.rank = goal.rank OR stage.rank = 1
        OR (stage.rank < CASE WHEN goal.stage_type = 'unqualified'
                THEN 2 + floor(h(lead.id, 91) * 3) ELSE goal.rank END
            AND h(lead.id, 92 + stage.rank) < 0.7)
    WINDOW in_order AS (PARTITION BY lead.id ORDER BY stage.rank)
), dated AS (
    SELECT *, create_date + (closed - create_date) * place / GREATEST(number, 1)
               AS date,
           lag(id) OVER in_order AS stage_before_id,
           lag(stage_type) OVER in_order AS type_before
    FROM lived WINDOW in_order AS (PARTITION BY lead_id ORDER BY place)
)
INSERT INTO lead_stage_transition (lead_id, date, stage_before_id, stage_id,
    type_before, stage_type, direction, origin, owner_id, user_id, team_id,
    lost_reason_id, days,
    score, is_merged)
SELECT lead_id, date, stage_before_id, id, type_before, stage_type,
       CASE WHEN place = 0 THEN 'start' WHEN stage_type = 'unqualified' THEN 'dropped'
            ELSE 'forward' END,
       'hand', user_id, user_id, team_id,
       CASE WHEN stage_type = 'unqualified' THEN lost_reason_id END,
       EXTRACT(EPOCH FROM date - lag(date) OVER (PARTITION BY lead_id ORDER BY place))
           / 86400,
       50, false
FROM dated ORDER BY date
"""
TOUCHES_SQL = """
INSERT INTO lead_touch (lead_id, user_id, channel, direction, is_contact, is_attempt,
    date)
SELECT id, user_id, 'call', CASE WHEN n = 3 THEN 'in' ELSE 'out' END,
       h(id * 4 + n, 120) < 0.35, h(id * 4 + n, 120) >= 0.35, date
FROM (
    SELECT lead.id, lead.user_id, n,
           lead.create_date + (n + h(lead.id * 4 + n, 121)) * interval '36 hours'
               AS date
    FROM crm_lead lead, generate_series(0, 3) n WHERE h(lead.id, 122) < 0.9
) touch WHERE date < now() ORDER BY date
"""
SNAPSHOTS_SQL = """
INSERT INTO lead_score_snapshot (lead_id, moment, date, total, fit, engagement)
SELECT id, 'capture', create_date, (h(id, 130) * 100)::int, 10, 10 FROM crm_lead
"""
CLOCKS_SQL = """
INSERT INTO lead_sla_clock (lead_id, kind, state, date_start, date_due, date_end,
    minutes)
SELECT id, 'touch', CASE WHEN h(id, 140) < 0.8 THEN 'kept' ELSE 'missed' END,
       create_date, create_date + interval '4 hours',
       create_date + h(id, 141) * interval '6 hours', h(id, 141) * 360
FROM crm_lead
"""
MESSAGES_SQL = """
INSERT INTO lead_message (lead_id, user_id, template_id, channel, purpose, recipient,
    state, key, sent_date, queued_date, read_date, replied_date)
SELECT id, user_id, (SELECT min(id) FROM lead_message_template), 'email', 'contact',
       email_from, 'sent', 'bench-' || id, create_date + interval '1 hour', create_date,
       CASE WHEN h(id, 150) < 0.5 THEN create_date + interval '2 hours' END,
       CASE WHEN h(id, 150) < 0.1 THEN create_date + interval '3 hours' END
FROM crm_lead
"""


def insert_story(env):
    """Insert what happened to all leads, and work out when each reached what."""
    env.flush_all()
    env.cr.execute(FUNCTIONS_SQL)
    for statement in (MOVES_SQL, TOUCHES_SQL, SNAPSHOTS_SQL, CLOCKS_SQL, MESSAGES_SQL):
        env.cr.execute(qualify(statement))
    env["lead.milestone"]._refresh()


def remove_story(env):
    """Take away what :func:`insert_story` put in."""
    for table in TABLES:
        env.cr.execute(f"DELETE FROM {table}")
    env["lead.milestone"]._refresh()
