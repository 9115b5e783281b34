"""A sender of reports in a process of its own: it sends what is due, and ends.

Takes the name of the database; reads the configuration that ODOO_RC names.
"""

import sys

from odoo import fields
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config


def main(database):
    config.parse_config(["-d", database, "--no-http", "--log-level=critical"])
    load_server_wide_modules()
    # found once the configuration says where
    from odoo.addons.lead_management.models.base.apart import (  # noqa: PLC0415
        READ_COMMITTED,
        apart,
    )

    registry = Registry(database)
    print("ready", flush=True)
    sys.stdin.readline()
    count, answers = 1, {}
    while count:
        with apart(registry, isolation=READ_COMMITTED) as env:
            now = fields.Datetime.now()
            count = env["lead.report.subscription"]._send_batch(now, answers)


if __name__ == "__main__":
    main(sys.argv[1])
