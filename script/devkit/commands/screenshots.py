"""script/screenshots: the pictures of the documentation, from the demo data."""

import os

from .. import browser, process
from ..cache import ROOT, log_file
from ..odoo import free_port
from ..setup import workshop
from . import server

FIRST_PORT = 8169


def main(arguments):
    """Start a server on a scratch database and let Playwright take the pictures."""
    with workshop(tests=True) as shop:
        chromium = browser.obtain(shop.runner.python)
        name = f"{shop.databases.prefix}_pictures"

        def template():
            return server.prepare(shop, name=name)

        with shop.databases.temporary(template, "screenshots") as database:
            return _take(shop.runner, database, chromium, arguments)


def _take(runner, database, chromium, arguments):
    port, log = free_port(FIRST_PORT), log_file("screenshots-server")
    log.unlink(missing_ok=True)
    odoo = server.start(runner, database, port, log)
    try:
        server.wait_until_ready(odoo, port, log)
        return process.run(
            [
                *(runner.python, ROOT / "script" / "devkit" / "screenshots.py"),
                *("--base", f"http://127.0.0.1:{port}"),
                *("--out", ROOT / "docs" / "images"),
                *arguments,
            ],
            cwd=os.getcwd(),
            env=runner.environment(CHROME=chromium),
        )
    finally:
        process.stop(odoo)
