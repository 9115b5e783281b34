"""Deterministic leads, by SQL: equal numbers give equal rows in both databases.

Lead ``i`` of N depends on ``i`` alone: each of its values is a hash of ``i`` and of the
place of the value. 60 % are pending, 15 % won, 25 % lost; without the addon the four
stock stages hold them, with it all eight types (a fifth of the lost is unqualified).
They are 8 to 730 days old: what Odoo assigns by rule are younger leads of the jobs.
"""

import json
import sys
import time

from .lead_rows import insert_leads, insert_partners
from .lead_values import REPS, TEAMS

VERSION = 1
MARKER = "lead_benchmark.generated"

MANAGER = "bench_manager"
REP = "bench_rep_00"
PRODUCTS = 20
TAGS = 20
CAMPAIGNS = 12

# ------------------------------------------------------------
# Entry
# ------------------------------------------------------------


def ensure_leads(database, number, reps=REPS):
    """Fill ``database`` with ``number`` leads, unless it holds exactly these.

    :param reps: how many salespeople have them
    :raises SystemExit: when the database holds leads of somebody else
    """
    wanted = {"version": VERSION, "leads": number, "reps": reps}
    with database.env() as env:
        found = json.loads(env["ir.config_parameter"].get_param(MARKER, "{}"))
        if found:
            found.setdefault("reps", REPS)
        if found == wanted:
            return
        if not found and env["crm.lead"].with_context(active_test=False).search_count(
            [], limit=1
        ):
            raise SystemExit(f"{database.name} holds leads: give me a fresh database")
        print(f"… {number:,} leads into {database.name}", file=sys.stderr, flush=True)
        start = time.perf_counter()
        _generate(env, number, reps, database.addon)
        env["ir.config_parameter"].set_param(MARKER, json.dumps(wanted))
        env.cr.commit()
    database.execute_outside(
        # autovacuum in the middle of a sample would be noise
        "ALTER TABLE crm_lead SET (autovacuum_enabled = off)",
        "VACUUM ANALYZE",
    )
    print(f"  {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


def _generate(env, number, reps, addon):
    _remove(env.cr)
    _create_masters(env)
    _create_reps(env, reps)
    insert_partners(env.cr, number // 5)
    insert_leads(env, number, addon)
    env["ir.config_parameter"].set_param("crm.pls_start_date", "2010-01-01")
    env["crm.lead"]._rebuild_pls_frequency_table()
    if addon:
        env["lead.profile"]._refresh()
        env["lead.score"]._refresh()


def _remove(cr):
    """Remove the leads of an earlier generation, and what hangs on them."""
    cr.execute("DELETE FROM crm_lead")
    cr.execute("DELETE FROM mail_message WHERE model = 'crm.lead'")
    cr.execute("DELETE FROM mail_followers WHERE res_model = 'crm.lead'")
    cr.execute("DELETE FROM mail_activity WHERE res_model = 'crm.lead'")
    cr.execute("DELETE FROM res_partner WHERE ref LIKE 'bench-%'")


# ------------------------------------------------------------
# Few records, by the ORM
# ------------------------------------------------------------


def _create_masters(env):
    """Create teams, users, tags, campaigns and products, once."""
    if env["res.users"].search_count([("login", "=", MANAGER)]):
        return
    _create_user(env, MANAGER, "sales_team.group_sale_manager")
    for team_number in range(TEAMS):
        env["crm.team"].create({"name": f"Bench team {team_number}", "use_leads": True})
    env["crm.tag"].create([{"name": f"Bench tag {i:02}"} for i in range(TAGS)])
    env["utm.campaign"].create(
        [{"name": f"Bench campaign {i:02}"} for i in range(CAMPAIGNS)]
    )
    env["product.product"].create(
        [{"name": f"Bench product {i:02}"} for i in range(PRODUCTS)]
    )


def _create_reps(env, number):
    """Let there be this many salespeople, shared by the teams; others have no leads."""
    known = dict.fromkeys(env["res.users"].search([]).mapped("login"))
    teams = env["crm.team"].search([("name", "=like", "Bench team %")], order="id")
    wanted = set()
    for team_number, team in enumerate(teams):
        for rep_number in range(number // TEAMS):
            login = f"bench_rep_{team_number}{rep_number}"
            wanted.add(login)
            if login in known:
                continue
            user = _create_user(env, login, "sales_team.group_sale_salesman")
            env["crm.team.member"].create(
                {"crm_team_id": team.id, "user_id": user.id, "assignment_max": 9000}
            )
    env["crm.team.member"].search([("user_id.login", "=like", "bench_rep_%")]).filtered(
        lambda member: member.user_id.login not in wanted
    ).unlink()


def _create_user(env, login, group):
    groups = env.ref(group) | env.ref("crm.group_use_lead")
    return (
        env["res.users"]
        .with_context(no_reset_password=True, mail_create_nosubscribe=True)
        .create(
            {
                "name": login.replace("_", " ").title(),
                "login": login,
                "email": f"{login}@example.com",
                "group_ids": [(4, record.id) for record in groups],
            }
        )
    )
