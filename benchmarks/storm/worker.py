"""A worker of its own: works off what is due as soon as it is told, and tells how fast.

python -m storm.worker DATABASE   (ODOO_RC names the configuration)
"""

import json
import sys
import time

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config

STEP = 200


def get_memory():
    """Return the resident memory of this process, in MiB."""
    with open("/proc/self/status") as file:
        [line] = [line for line in file if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def main(database):
    config.parse_config(["-d", database, "--no-http", "--log-level=error"])
    load_server_wide_modules()
    registry = Registry(database)
    print("ready", flush=True)
    sys.stdin.readline()
    began, used = time.monotonic(), time.process_time()
    count, memory = 0, []
    while True:
        with registry.cursor() as cr:
            entries = api.Environment(cr, SUPERUSER_ID, {})["lead.capture.entry"]
            done = entries._run_due(STEP)
        count += done
        memory.append(get_memory())
        if not done:
            break
    found = {
        "count": count,
        "seconds": time.monotonic() - began,
        "used": time.process_time() - used,
        "memory": memory,
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
