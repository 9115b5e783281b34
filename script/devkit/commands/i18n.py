"""script/i18n: bring the translation files up to date with the terms of the addon.

The terms are exported from a database without demo data. Translations are kept, new
terms come in empty, those that are gone are dropped.
"""

import argparse
from pathlib import Path

from .. import process
from ..cache import ADDON, ROOT, folder, log_file
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
    terms = folder("i18n") / f"{ADDON}.pot"
    with workshop() as shop:
        with (
            shop.databases.temporary(shop.databases.addon, "i18n") as database,
            step("Exporting the terms"),
        ):
            _export(shop.runner, database, terms)
        return process.run(
            [shop.runner.python, MERGE, terms, ROOT / ADDON / "i18n"],
            env=shop.runner.environment(),
        )


def _export(runner, database, path):
    config = runner.write_config(database)
    process.check(
        "exporting the terms",
        [
            *(runner.python, "-m", "odoo", "i18n", "export"),
            *("-c", config, "-d", database, "-o", path, ADDON),
        ],
        log=log_file("i18n"),
        env=runner.environment(),
    )
