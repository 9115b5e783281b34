"""A process of its own whose children are killed at work; started by test_kill.py.

Reads the database, a job and the moments of death, writes what is left after each.
"""

import json
import os
import random
import signal
import sys
import time

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config

BATCH = 50


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at(registry, model, method, call, when):
    """Let the process die before or after the n-th call of a method."""
    original = getattr(registry[model], method)
    calls = []

    def deadly(records, *args, **kwargs):
        calls.append(1)
        if len(calls) == call and when == "before":
            die()
        result = original(records, *args, **kwargs)
        if len(calls) == call:
            records.env.flush_all()  # the database has it all, uncommitted
            die()
        return result

    setattr(registry[model], method, deadly)


def route(registry, __):
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["crm.lead"]._cron_assign(limit=BATCH)


def pull(registry, user_id):
    while True:
        with registry.cursor() as cr:
            env = api.Environment(cr, user_id, {})
            if not env["crm.lead"].action_pull_next().get("res_id"):
                return


def run_and_die(registry, job, user_id, point):
    """Return the signal that ended a child, the database as it is then."""
    sql_db.close_all()  # what was forked must not share a connection
    if not (pid := os.fork()):
        if len(point) > 1:
            kill_at(registry, *point)
        job(registry, user_id)
        os._exit(0)
    if len(point) == 1:
        time.sleep(random.uniform(0, point[0]))
        os.kill(pid, signal.SIGKILL)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


def count(registry, name):
    """Return how many leads have an owner, a log of it, an entry and a turn."""
    with registry.cursor() as cr:
        cr.execute(
            """
            SELECT count(user_id),
                (SELECT count(*) FROM lead_assignment_log log
                 WHERE outcome IN ('assigned', 'claimed')
                    AND lead_id = ANY(array_agg(lead.id))),
                (SELECT count(*) FROM lead_pool_entry
                 WHERE user_id IS NOT NULL AND lead_id = ANY(array_agg(lead.id))),
                (SELECT COALESCE(sum(turns), 0) FROM lead_assignment_turn turn
                 JOIN lead_assignment_rule rule ON rule.id = turn.rule_id
                 WHERE rule.name->>'en_US' = %(name)s)
            FROM crm_lead lead WHERE name = %(name)s
            """,
            {"name": name},
        )
        return [int(number) for number in cr.fetchone()]


def main(database, name, job, user_id, points):
    config.parse_config(["-d", database, "--no-http", "--log-level=critical"])
    load_server_wide_modules()
    registry = Registry(database)
    job = {"route": route, "pull": pull}[job]
    for point in json.loads(points):
        died_of = run_and_die(registry, job, int(user_id), point)
        print(json.dumps([died_of, *count(registry, name)]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
