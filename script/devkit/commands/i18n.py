"""script/i18n: bring the translation files up to date with the terms of the addons.

The terms are exported from a database without demo data, in which the addons that go
between ours and others are installed, too. Translations are kept, new
terms come in empty, those that are gone are dropped.
"""

import argparse
from pathlib import Path

from .. import process
from ..cache import ADDON, ROOT, folder, log_file
from ..database import addons
from ..progress import step
from ..setup import workshop

MERGE = Path(__file__).parent.parent / "merge_terms.py"


def main(arguments):
    """Export the terms, then merge them into each file."""
    argparse.ArgumentParser(
        prog="script/i18n",
        description=__doc__,
        epilog="For another language, copy the .pot file to, say, de.po first.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(arguments)
    terms = folder("i18n")
    with workshop() as shop:
        databases = shop.databases
        with (
            databases.temporary(databases.addon, "i18n") as database,
            step("Exporting the terms") as running,
        ):
            between = [addon for addon in addons() if addon != ADDON]
            databases.install(database, between, running=running)
            for addon in addons():
                _export(shop.runner, database, terms, addon)
        for addon in addons():
            code = process.run(
                [
                    *(shop.runner.python, MERGE),
                    *(terms / f"{addon}.pot", ROOT / addon / "i18n"),
                ],
                env=shop.runner.environment(),
            )
            if code:
                return code
    return 0


def _export(runner, database, folder_, addon):
    config = runner.write_config(database)
    process.check(
        "exporting the terms",
        [
            *(runner.python, "-m", "odoo", "i18n", "export"),
            *("-c", config, "-d", database, "-o", folder_ / f"{addon}.pot", addon),
        ],
        log=log_file("i18n"),
        env=runner.environment(),
    )
