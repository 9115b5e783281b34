"""script/test: pytest on a fresh copy of a database with the addon installed."""

import os
from pathlib import Path

from .. import browser, node, process
from ..cache import ROOT
from ..setup import workshop


def main(arguments):
    """Prepare what is needed, then hand over to pytest."""
    with workshop(tests=True) as shop:
        chromium = browser.obtain(shop.runner.python)
        node.axe()  # for a test in the browser
        databases = shop.databases
        with databases.temporary(databases.addon, "test") as database:
            # for tests that install and uninstall in databases of their own
            templates = {
                "LEAD_MANAGEMENT_BASE_DB": databases.base_name,
                "LEAD_MANAGEMENT_ADDON_DB": databases.addon_name,
            }
            return _pytest(shop.runner, database, chromium, arguments, templates)


def _pytest(runner, database, chromium, arguments, variables):
    config = runner.write_config(database)
    return process.run(
        [
            *(runner.python, "-m", "pytest"),
            *("-p", "devkit.pytest_plugin"),
            *(f"--odoo-config={config}", f"--odoo-database={database}", "--odoo-http"),
            *jobs(arguments),
            *map(absolute, arguments),
        ],
        cwd=ROOT,
        terminal=True,
        env=runner.environment(
            [Path(chromium).parent],
            PYTHONPATH=os.pathsep.join([str(runner.odoo.root), str(ROOT / "script")]),
            ODOO_RC=config,
            **variables,
        ),
    )


def jobs(arguments):
    """Options for tests side by side: two workers for the whole suite, if possible.

    A part of the suite is faster in one process, without the start of the workers.
    """
    whole = not arguments and (os.cpu_count() or 1) > 1
    number = os.environ.get("SCRIPT_TEST_JOBS", "2" if whole else "1")
    asked = any(word.startswith(("-n", "--numprocesses")) for word in arguments)
    return [] if asked or number == "1" else ["-n", number, "--dist", "loadfile"]


def absolute(word):
    """A path given relative to the caller's folder, as pytest needs it."""
    path, separator, rest = word.partition("::")
    exists = not path.startswith("-") and Path(path).exists()
    return f"{Path(path).resolve()}{separator}{rest}" if exists else word
