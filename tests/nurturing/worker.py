"""An engine in a process of its own, to be killed.

Writes its process id, then does what is due when it reads a line.
"""

import os
import sys

from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config


def main(database, batch_size):
    config.parse_config(["-d", database, "--no-http", "--log-level=critical"])
    load_server_wide_modules()
    # found once the configuration says where
    from odoo.addons.lead_management.models.nurturing.engine.runner import Runner

    registry = Registry(database)
    print(os.getpid(), flush=True)
    for __ in sys.stdin:
        Runner(registry, int(batch_size)).run(60)
        print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
