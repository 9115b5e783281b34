"""A sender of reports in a process of its own.

Writes its process id, then sends what is due when it reads a line.
"""

import os
import sys

from odoo import fields
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config


def main(database):
    config.parse_config(["-d", database, "--no-http", "--log-level=critical"])
    load_server_wide_modules()
    # found once the configuration says where
    from odoo.addons.lead_management.models.base.apart import READ_COMMITTED, apart

    registry = Registry(database)
    print(os.getpid(), flush=True)
    for __ in sys.stdin:
        count = 1
        while count:
            with apart(registry, isolation=READ_COMMITTED) as env:
                count = env["lead.report.subscription"]._send_batch(
                    fields.Datetime.now()
                )
        print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
