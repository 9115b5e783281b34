"""A process of its own whose children are killed while they process submissions.

Started by test_many_at_once.py; writes which signal ended each child.
"""

import json
import os
import signal
import sys

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config

# What a child was doing when it died: model, method, which call, before or after it.
POINTS = (
    ("lead.capture.entry", "_prepare_lead", 1, "before"),
    ("lead.capture.entry", "_make_batch", 1, "after"),
    ("lead.capture.entry", "_end", 25, "after"),
    ("lead.capture.entry", "_run_once", 1, "after"),
)


def kill_at(registry, model, method, call, when):
    original = getattr(registry[model], method)
    calls = []

    def deadly(records, *args, **kwargs):
        calls.append(1)
        is_due = len(calls) == call
        if is_due and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(records, *args, **kwargs)
        if is_due:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(registry[model], method, deadly)


def run_and_die(registry, point):
    sql_db.close_all()  # what was forked must not share a connection
    if not (pid := os.fork()):
        kill_at(registry, *point)
        with registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["lead.capture.entry"]._run_due()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


def main(database):
    config.parse_config(["-d", database, "--no-http", "--log-level=critical"])
    load_server_wide_modules()
    registry = Registry(database)
    print(json.dumps([run_and_die(registry, point) for point in POINTS]))


if __name__ == "__main__":
    main(*sys.argv[1:])
