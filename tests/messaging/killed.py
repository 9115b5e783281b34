"""A sender in a process of its own, to be killed by the server it talks to.

Writes its process id, then sends what is due when it reads a line.
"""

import os
import sys

from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config

SMTP_TIMEOUT = 5


def main(database, batch_size):
    config.parse_config(["-d", database, "--no-http", "--log-level=critical"])
    load_server_wide_modules()
    # found once the configuration says where
    from odoo.addons.base.models import ir_mail_server
    from odoo.addons.lead_management.models.messaging.outbox.sender import Sender

    registry = Registry(database)
    ir_mail_server.SMTP_TIMEOUT = SMTP_TIMEOUT
    print(os.getpid(), flush=True)
    for __ in sys.stdin:
        Sender(registry, int(batch_size)).run(60)
        print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
