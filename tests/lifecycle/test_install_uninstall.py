"""Install and uninstall for real, each in a database and a process of its own."""

import os
import subprocess
import sys
from contextlib import closing, contextmanager

import psycopg2
import pytest

from odoo.tools import config

LEAD_COLUMNS = (
    "id, stage_id, type, probability, automated_probability, won_status, active, "
    "user_id, team_id, company_id, date_closed, date_last_stage_update, write_date"
)

CUSTOM_PIPELINE = """
Stage, Lead = env["crm.stage"], env["crm.lead"].with_context(tracking_disable=True)
env.ref("crm.stage_lead1").name = "Fresh"
env.ref("crm.stage_lead3").sequence = 30
demo = Stage.create({"name": "Demo given", "sequence": 12})
team = env["crm.team"].create({"name": "Special"})
own = Stage.create({"name": "Only ours", "sequence": 14, "team_ids": [(4, team.id)]})
stages = Stage.search([], order="id")
leads = Lead.create([
    {
        "name": f"Lead {number}",
        "type": "lead" if number % 4 == 0 else "opportunity",
        "stage_id": stages[number % len(stages)].id,
        "team_id": team.id if stages[number % len(stages)] == own else False,
        "user_id": env.uid if number % 3 else False,
        "expected_revenue": number,
    }
    for number in range(1000)
])
pending = leads.filtered(lambda lead: not lead.stage_id.is_won)
pending[::5].action_set_lost()
pending[1::5].write({"probability": 37})
pending[2::5].action_archive()
"""

# Stages whose meaning changes what their leads are.
SIGNED_AND_DEAD = """
for number, name in enumerate(("Signed", "Dead")):
    stage = Stage.create({"name": name, "sequence": 80 + number, "fold": bool(number)})
    Lead.create([{"name": name, "type": "opportunity", "stage_id": stage.id,
                  "user_id": env.uid, "probability": 15} for __ in range(20)])
reason = env["crm.lost.reason"].create({"name": "No budget"})
pending[::5].write({"lost_reason_id": reason.id})
"""

# The pipeline is mapped, and people go on working.
MAPPED = """
Mapping = env["lead.stage.mapping"]
mapping = Mapping.browse(Mapping.action_open()["res_id"])
mapping.move_lost = True
mapping.action_apply()
Stage = env["crm.stage"]
stage = {stage.name: stage for stage in Stage.search([])}
waiting = env["crm.lead"].search([
    ("stage_id", "=", stage["Demo given"].id), ("won_status", "=", "pending")], limit=2)
waiting[0].write({"name": "Given up", "stage_id": stage["Dead"].id})
waiting[1].write({"name": "Later", "stage_id": stage["Nurturing"].id})
"""
TAKEN_BACK = """
env["lead.stage.mapping"].search([("state", "=", "applied")]).action_undo()
"""
# What Odoo's own crm does with leads, on what the addon left behind.
STOCK_WORKS = """
lead = env["crm.lead"].create({"name": "After", "type": "opportunity"})
lead.action_set_lost()
lead.action_restore()
assert lead.won_status == "pending", lead.won_status
lead.action_set_won()
assert lead.won_status == "won", lead.won_status
lost = env["crm.lead"].with_context(active_test=False).search(
    [("name", "=", "Given up")])
lost.action_restore()
assert lost.active and lost.won_status == "pending", lost.won_status
lost.action_set_lost()
env["crm.lead"]._rebuild_pls_frequency_table()
lead.unlink()
"""

LEADS_EVERYWHERE = """
Lead = env["crm.lead"].with_context(tracking_disable=True)
reason = env["crm.lost.reason"].create({"name": "No budget"})
for stage_type in ("open", "contacted", "nurturing", "qualified", "negotiation",
                   "customer", "inactive"):
    Lead.create({"name": stage_type, "type": "opportunity",
                 "stage_id": env.ref(f"lead_management.stage_{stage_type}").id})
fallen = Lead.create({"name": "fallen", "type": "opportunity",
                      "stage_id": env.ref("lead_management.stage_negotiation").id})
fallen.write({"stage_id": env.ref("lead_management.stage_unqualified").id,
              "lost_reason_id": reason.id})
env["lead.assignment.rule"].create({"name": "R", "target": "user", "user_id": env.uid})
"""

# Questions asked and answered: the columns of leads are custom fields.
QUESTIONS = """
env.ref("lead_management.lead_qualifier_set_bant").action_switch_on()
Segment = env["lead.segment"]
Segment.create({"name": "All", "is_automatic": True})
chosen = Segment.create({"name": "By hand"})
for number in range(20):
    env["crm.lead"].create({
        "name": f"Asked {number}",
        "x_qualifier_budget": "yes" if number % 2 else "no",
        "x_qualifier_timeline": "later",
        "segment_id": chosen.id if number % 5 == 0 else False,
    })
env["lead.stage.requirement"].create({
    "stage_id": env.ref("lead_management.stage_qualified").id,
    "qualifier_id": env.ref("lead_management.lead_qualifier_budget").id,
})
"""

# Leads that are with another company, a partner and another database.
SHARED = """
company = env["res.company"].create({"name": "Elsewhere"})
contact = env["res.partner"].create({"name": "Nordfit", "email": "n@example.com"})
Partner = env["lead.share.partner"]
partners = Partner.create({"kind": "company", "to_company_id": company.id})
partners += Partner.create({"kind": "partner", "partner_id": contact.id})
partners += Partner.create({"kind": "connection", "name": "Far"})
partners[2].write({"connection_state": "on", "peer": "p", "their_peer": "t",
                   "secret": "s" * 64, "url": "https://far.example.com"})
policy = env["lead.share.policy"].create(
    {"name": "P", "recipient_ids": [(6, 0, partners.ids)]})
for partner in partners:
    lead = env["crm.lead"].create({
        "name": f"Given {partner.kind}", "type": "opportunity", "user_id": env.uid,
        "contact_name": "Ann", "email_from": "ann@example.com",
        "company_id": env.company.id})
    lead.activity_schedule(summary="Call", user_id=env.uid)
    share = env["lead.share"]._offer(lead, policy, partner)
    if partner.kind != "connection":
        share._accept(who="Them")
        assert not lead.activity_ids
assert env["lead.share.message"].search_count([("state", "=", "waiting")])
"""

# Distribution as it was when rules had a method and members only had turns.
RULES_WITH_METHOD = """
env.cr.commit()  # what waits for it needs the tables
env.cr.execute(\"\"\"
    ALTER TABLE lead_assignment_rule ADD COLUMN method varchar;
    UPDATE lead_assignment_rule
        SET method = CASE target WHEN 'user' THEN 'user' ELSE 'round_robin' END;
    ALTER TABLE lead_assignment_rule DROP COLUMN target, DROP COLUMN strategy,
        DROP COLUMN trigger, DROP COLUMN fallback, DROP COLUMN load_basis,
        DROP COLUMN version, DROP COLUMN pool_id, DROP COLUMN credit_days;
    ALTER TABLE lead_assignment_turn DROP COLUMN owed, DROP COLUMN weight,
        DROP COLUMN position, DROP COLUMN domain;
    ALTER TABLE crm_lead DROP COLUMN assignment_pool_id;
    DROP TABLE lead_pool CASCADE;
    DROP TABLE lead_pool_entry CASCADE;
    DROP TABLE lead_assignment_capacity CASCADE;
    DROP TABLE lead_sla CASCADE;
    DROP TABLE lead_sla_clock CASCADE;
    DELETE FROM ir_model_data WHERE module = 'lead_management' AND (
        model = 'lead.sla' OR name = 'ir_cron_deadlines'
        OR name IN ('lost_reason_spam', 'lost_reason_duplicate'));
    UPDATE ir_module_module SET latest_version = '19.0.1.2.0'
        WHERE name = 'lead_management';
\"\"\")
env.cr.commit()
"""

# One rule to somebody, one to a team, one to chosen people, with turns had.
RULES_AND_TURNS = """
users = env["res.users"].create([
    {"name": f"Dealt {n}", "login": f"dealt_{n}"} for n in range(3)])
team = env["crm.team"].create({"name": "Dealt", "member_ids": [(6, 0, users.ids)]})
Rule = env["lead.assignment.rule"]
Rule.create({"name": "Somebody", "target": "user", "user_id": users[0].id})
Rule.create({"name": "Team", "target": "team", "team_id": team.id})
chosen = Rule.create({"name": "Chosen", "target": "members",
                      "member_ids": [(6, 0, users[:2].ids)]})
env.flush_all()
env.cr.execute("UPDATE lead_assignment_turn SET turns = CASE user_id WHEN %s THEN 9 "
               "ELSE 8 END WHERE rule_id = %s", [users[0].id, chosen.id])
env.cr.commit()
"""

# As the version before left it.
OLDER_VERSION = """
env.ref("lead_management.ir_cron_rescore").write({
    "model_id": env["ir.model"]._get_id("lead.score.rule"),
    "code": "model._cron_rescore()",
})
env["ir.module.module"].search([("name", "=", "lead_management")]) \\
    .latest_version = "19.0.1.0.0"
"""

KEPT_RULE = """
env["lead.score.rule"].create({"name": "Kept", "points": 25,
                               "domain": "[('segment_id.name', '=', 'By hand')]"})
"""
TOTALS = "SELECT lead_id, total FROM lead_score ORDER BY lead_id"

# Scoring as it was when rules belonged to no model.
RULES_WITHOUT_MODEL = """
for key, value in (("warm", 40), ("hot", 70)):
    env["ir.config_parameter"].set_param(f"lead_management.score_{key}_from", value)
env.cr.commit()
new = ["model", "group", "band", "event", "example", "example_event", "snapshot",
       "change"]
for name in new:
    env.cr.execute(f"DROP TABLE lead_score_{name} CASCADE")
env.cr.execute(\"\"\"
    ALTER TABLE lead_score DROP COLUMN model_id, DROP COLUMN fit,
        DROP COLUMN engagement, DROP COLUMN grade;
    DELETE FROM lead_score_rule WHERE kind = 'activity';
    ALTER TABLE lead_score_rule DROP COLUMN model_id, DROP COLUMN group_id,
        DROP COLUMN kind, DROP COLUMN dimension, DROP COLUMN days,
        DROP COLUMN max_points, DROP COLUMN half_life;
    DELETE FROM base_automation WHERE id IN (
        SELECT res_id FROM ir_model_data
        WHERE module = 'lead_management' AND model = 'base.automation');
    DELETE FROM ir_model_data WHERE module = 'lead_management' AND (
        model IN ('base.automation', 'lead.score.model', 'lead.score.group',
                  'lead.score.event', 'lead.score.example')
        OR name IN ('score_rule_wrote', 'score_rule_met', 'score_rule_unsubscribed'));
\"\"\")
env.cr.execute("UPDATE ir_module_module SET latest_version = '19.0.1.1.0' "
               "WHERE name = 'lead_management'")
env.cr.commit()
"""

RUN_CRON = """
env.ref("lead_management.ir_cron_rescore").method_direct_trigger()
"""

# What people told about leads, as the database holds it.
TOLD = """
    SELECT lead.name, qualifier.key, option.key, answer.is_current,
           answer.answer_date, profile.segment_id
    FROM lead_qualifier_answer answer
    JOIN crm_lead lead ON lead.id = answer.lead_id
    JOIN lead_qualifier qualifier ON qualifier.id = answer.qualifier_id
    JOIN lead_qualifier_option option ON option.id = answer.option_id
    JOIN lead_profile profile ON profile.lead_id = lead.id
    ORDER BY answer.id
"""

# The stage of each of these leads when the addon is gone.
STAGES_AFTER_UNINSTALL = {
    "open": "New",
    "contacted": "New",
    "nurturing": "New",
    "qualified": "Qualified",
    "negotiation": "Proposition",
    "customer": "Won",
    "inactive": "Won",
    "fallen": "Proposition",
}

# A language whose terms are loaded again from scratch, as when it is added later.
FRENCH_ADDED_LATER = """
env.cr.execute("UPDATE crm_stage SET name = name - 'fr_FR'")
env.invalidate_all()
env["ir.module.module"].search([("state", "=", "installed")]) \\
    ._update_translations(["fr_FR"], overwrite=True)
"""

SETTING_MADE = """
env["ir.config_parameter"].set_param("lead_management.day_reminder_hour", "7")
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "lead_management")]) \\
    .button_immediate_uninstall()
"""


def _template(variable):
    """The name of a template database, given by script/test."""
    name = os.environ.get(variable)
    assert name, f"{variable} is not set: run the tests by script/test"
    return name


def _connect(database):
    return closing(
        psycopg2.connect(
            dbname=database,
            host=config["db_host"] or None,
            port=config["db_port"] or None,
            user=config["db_user"] or None,
            password=config["db_password"] or None,
        )
    )


def _execute(statement, database="postgres", parameters=None):
    with _connect(database) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def _copy(template, suffix):
    name = f"{template}_{suffix}_{os.getpid()}"
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _odoo(*arguments, database, script=None, timeout=300):
    """Run the odoo command on a database; return its log.

    :raises AssertionError: when it fails or logs a warning
    """
    if script:
        script = f"{script}\nenv.cr.commit()\n"
    result = subprocess.run(
        [sys.executable, "-m", "odoo", *arguments, "-d", database, "--no-http"],
        input=script,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    log = result.stdout + result.stderr
    assert result.returncode == 0, log[-3000:]
    assert "Traceback" not in log, log[-3000:]
    return log


def _leads(database):
    return _execute(f"SELECT {LEAD_COLUMNS} FROM crm_lead ORDER BY id", database)


def _stages(database):
    return _execute(
        "SELECT id, name->>'en_US', sequence, is_won, fold FROM crm_stage ORDER BY id",
        database,
    )


def _names(database, language):
    rows = _execute("SELECT name->>%s FROM crm_stage", database, [language])
    return {name for [name] in rows}


def _is_silent(database):
    """Return whether a database sends no messages, asked in a process of its own."""
    script = "print('silence', env['lead.message.gate']._get_silence() is not None)"
    return "silence True" in _odoo("shell", database=database, script=script)


def _without_score(database):
    [[count]] = _execute(
        "SELECT count(*) FROM crm_lead"
        " WHERE id NOT IN (SELECT lead_id FROM lead_score)",
        database,
    )
    return count


@pytest.fixture(scope="module")
def customised():
    """A database with a pipeline of its own, before and after the installation."""
    with _copy(_template("LEAD_MANAGEMENT_BASE_DB"), "custom") as database:
        _odoo("shell", database=database, script=CUSTOM_PIPELINE)
        before = {"leads": _leads(database), "stages": _stages(database)}
        _odoo("-i", "lead_management", "--stop-after-init", database=database)
        yield database, before


def test_install_changes_no_lead_of_a_customised_pipeline(customised):
    database, before = customised
    assert len(before["leads"]) >= 1000
    now = {lead[0]: lead for lead in _leads(database)}
    assert [now[lead[0]] for lead in before["leads"]] == before["leads"]


def test_install_changes_no_customised_stage(customised):
    database, before = customised
    assert _stages(database) == before["stages"]


def test_stages_that_are_still_stock_learn_their_type(customised):
    database, __ = customised
    types = dict(_execute("SELECT name->>'en_US', stage_type FROM crm_stage", database))
    assert types["Won"] == "customer"
    assert types["Qualified"] == "qualified"
    assert types["Fresh"] is None
    assert types["Demo given"] is None


def test_every_lead_has_a_score_after_install(customised):
    database, __ = customised
    assert _without_score(database) == 0


def test_a_raw_copy_sends_nothing_and_a_renamed_database_does():
    with _copy(_template("LEAD_MANAGEMENT_ADDON_DB"), "live") as live:
        script = "env['lead.message.gate']._set_in_service()"
        _odoo("shell", database=live, script=script)
        with _copy(live, "raw") as raw:
            assert _is_silent(raw)
            _odoo("shell", database=raw, script=script)
            assert not _is_silent(raw)
        renamed = f"{live}_renamed"
        _execute(f'ALTER DATABASE "{live}" RENAME TO "{renamed}"')
        try:
            assert not _is_silent(renamed)
        finally:
            _execute(f'ALTER DATABASE "{renamed}" RENAME TO "{live}"')


def test_language_added_later_names_all_stages():
    with _copy(_template("LEAD_MANAGEMENT_ADDON_DB"), "language") as database:
        _odoo("shell", database=database, script=FRENCH_ADDED_LATER)
        assert _names(database, "fr_FR") == {
            "Ouvert",
            "Contacté",
            "Maturation",
            "Qualifié",
            "Négociation",
            "Client",
            "Inactif",
            "Non qualifié",
        }


def test_uninstall_leaves_stock_crm_and_reinstall_works():
    with _copy(_template("LEAD_MANAGEMENT_ADDON_DB"), "uninstall") as database:
        script = LEADS_EVERYWHERE + QUESTIONS + SHARED
        _odoo("shell", database=database, script=script)
        log = _odoo("shell", database=database, script=SETTING_MADE + UNINSTALL)
        assert "bad query" not in log, log[-3000:]
        left = _execute(
            "SELECT model, name FROM ir_model_fields WHERE name LIKE 'x_qualifier_%'",
            database,
        )
        assert not left
        left = _execute(
            "SELECT key FROM ir_config_parameter WHERE key LIKE 'lead_management%'",
            database,
        )
        assert not left
        rows = _execute(
            """
            SELECT lead.name, stage.name->>'en_US', lead.active, lead.won_status,
                   lead.probability::int, reason.name->>'en_US'
            FROM crm_lead lead
            JOIN crm_stage stage ON stage.id = lead.stage_id
            LEFT JOIN crm_lost_reason reason ON reason.id = lead.lost_reason_id
            """,
            database,
        )
        leads = {name: values for name, *values in rows}
        assert leads.keys() >= STAGES_AFTER_UNINSTALL.keys()
        _check_both_sides(database)
        stages = {name: leads[name][0] for name in STAGES_AFTER_UNINSTALL}
        assert stages == STAGES_AFTER_UNINSTALL
        assert leads["inactive"][1:4] == [True, "won", 100]
        assert leads["fallen"][1:] == [False, "lost", 0, "No budget"]
        assert [stage[1] for stage in _stages(database)] == [
            "New",
            "Qualified",
            "Proposition",
            "Won",
        ]
        assert _names(database, "fr_FR") == {
            "Nouveau",
            "Qualifié",
            "Proposition",
            "Gagné",
        }
        _odoo("-i", "lead_management", "--stop-after-init", database=database)
        assert len(_stages(database)) == 8
        assert _without_score(database) == 0


def _check_both_sides(database):
    """Leads that were shared are whole, where they came from and where they went."""
    rows = _execute(
        """
        SELECT lead.name, company.name = 'Elsewhere', lead.email_from, lead.active,
               (SELECT count(*) FROM mail_activity activity WHERE activity.active
                AND res_model = 'crm.lead' AND res_id = lead.id AND summary = 'Call')
        FROM crm_lead lead JOIN res_company company ON company.id = lead.company_id
        WHERE lead.name LIKE 'Given %' ORDER BY lead.id
        """,
        database,
    )
    ann = "ann@example.com"
    assert sorted(rows) == [
        ("Given company", False, ann, True, 1),
        ("Given company", True, ann, True, 0),
        ("Given connection", False, ann, True, 1),
        ("Given partner", False, ann, True, 1),
    ]
    levels = _execute(
        """
        SELECT 1 FROM res_groups_implied_rel rel
        JOIN ir_model_data wide ON wide.res_id = rel.gid
        JOIN ir_model_data narrow ON narrow.res_id = rel.hid
        WHERE wide.model = 'res.groups' AND narrow.model = 'res.groups'
          AND wide.name = 'group_sale_salesman_all_leads'
          AND narrow.name = 'group_sale_salesman'
        """,
        database,
    )
    assert levels


def _fates(database):
    """Where leads are and what became of them, by id; without dates."""
    rows = _execute(
        """
        SELECT lead.id, lead.name, stage.name->>'en_US', lead.active, lead.won_status,
               lead.probability::int, lead.lost_reason_id, lead.user_id, lead.team_id,
               lead.company_id
        FROM crm_lead lead JOIN crm_stage stage ON stage.id = lead.stage_id
        WHERE lead.create_uid = 1 ORDER BY lead.id
        """,
        database,
    )
    return {lead_id: values for lead_id, *values in rows}


def _order(database):
    rows = _execute(
        "SELECT name->>'en_US' FROM crm_stage ORDER BY sequence, name, id", database
    )
    return [name for [name] in rows]


def test_uninstall_leaves_a_mapped_pipeline_whole_and_reinstall_works():
    with _copy(_template("LEAD_MANAGEMENT_BASE_DB"), "mapped") as database:
        script = CUSTOM_PIPELINE + SIGNED_AND_DEAD
        _odoo("shell", database=database, script=script)
        before, order = _fates(database), _order(database)
        _odoo("-i", "lead_management", "--stop-after-init", database=database)
        _odoo("shell", database=database, script=MAPPED)
        assert "Inactive" in _order(database)
        mapped = _fates(database)
        assert any(
            before[lead_id] != values
            for lead_id, values in mapped.items()
            if lead_id in before
        )
        _odoo("shell", database=database, script=UNINSTALL)
        after = _fates(database)
        for lead_id, values in before.items():
            name, stage, active, status, probability, *rest = after[lead_id]
            then = values
            if name == "Signed":
                # the administrator made it a won stage: that was a choice
                then = [name, stage, True, "won", 100, *rest]
            elif name == "Dead":
                then = [name, "Dead", False, "lost", 0, *rest]
            elif name == "Given up":
                then = [name, "Demo given", False, "lost", 0, *rest]
            elif name == "Later":
                then = [name, "Nurturing", True, "pending", probability, *rest]
            assert after[lead_id] == then
            assert rest[1:] == values[6:]  # owner, team, company
        # what was added and is in use stays
        assert [name for name in _order(database) if name in order] == order
        assert set(_order(database)) == {*order, "Nurturing"}
        _odoo("shell", database=database, script=STOCK_WORKS)
        after = _fates(database)
        _odoo("-i", "lead_management", "--stop-after-init", database=database)
        assert _fates(database) == after
        assert _without_score(database) == 0
        _odoo("shell", database=database, script=MAPPED)
        _odoo("shell", database=database, script=TAKEN_BACK + UNINSTALL)
        assert set(_order(database)) == {*order, "Nurturing"}


def test_update_keeps_what_was_told():
    with _copy(_template("LEAD_MANAGEMENT_ADDON_DB"), "update") as database:
        _odoo(
            "shell",
            database=database,
            script=QUESTIONS + RULES_WITH_METHOD + OLDER_VERSION,
        )
        before = _execute(TOLD, database)
        assert len(before) == 40
        assert len({row[-1] for row in before}) == 2
        log = _odoo("-u", "lead_management", "--stop-after-init", database=database)
        assert " WARNING " not in log, log[-3000:]
        assert _execute(TOLD, database) == before
        _odoo("shell", database=database, script=RUN_CRON)
        assert _execute(TOLD, database) == before


def test_update_makes_a_model_of_the_rules():
    """With their thresholds, and without a change of anybody's score."""
    with _copy(_template("LEAD_MANAGEMENT_ADDON_DB"), "scoring") as database:
        _odoo("shell", database=database, script=QUESTIONS + KEPT_RULE)
        before = _execute(TOTALS, database)
        assert len({total for __, total in before}) > 1
        _odoo(
            "shell", database=database, script=RULES_WITH_METHOD + RULES_WITHOUT_MODEL
        )
        log = _odoo("-u", "lead_management", "--stop-after-init", database=database)
        assert " WARNING " not in log, log[-3000:]
        assert _execute(
            "SELECT state, warm_from, hot_from FROM lead_score_model", database
        ) == [("active", 40, 70)]
        assert _execute(
            """
            SELECT name->>'en_US', kind, dimension, model_id IS NOT NULL
            FROM lead_score_rule WHERE name->>'en_US' IN ('Kept', 'Company name is set')
            ORDER BY 1
            """,
            database,
        ) == [
            ("Company name is set", "field", "fit", True),
            ("Kept", "field", "fit", True),
        ]
        assert _execute(TOTALS, database) == before


def test_update_keeps_the_rules_of_distribution():
    """Methods become targets; whoever had fewer turns is owed the difference."""
    with _copy(_template("LEAD_MANAGEMENT_ADDON_DB"), "distribution") as database:
        script = RULES_AND_TURNS + RULES_WITH_METHOD
        _odoo("shell", database=database, script=script)
        log = _odoo("-u", "lead_management", "--stop-after-init", database=database)
        assert " WARNING " not in log, log[-3000:]
        assert _execute(
            """
            SELECT rule.name->>'en_US', rule.target, rule.strategy, rule.fallback,
                count(turn), max(turn.weight), max(turn.owed), min(turn.owed)
            FROM lead_assignment_rule rule
            JOIN lead_assignment_turn turn ON turn.rule_id = rule.id
            WHERE rule.active GROUP BY 1, 2, 3, 4 ORDER BY 1
            """,
            database,
        ) == [
            ("Chosen", "members", "round_robin", "hold", 2, 1, 0.5, -0.5),
            ("Somebody", "user", "round_robin", "hold", 1, 1, 0, 0),
            ("Team", "team", "round_robin", "hold", 3, 1, 0, 0),
        ]
