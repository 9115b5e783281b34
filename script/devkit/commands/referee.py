"""script/referee: Odoo's own tests, with the addon and without it.

Two databases get the same modules, one of them also the addon. Odoo's own test
runner runs the tests of these modules in both, with the same options. Every
difference, test by test, is an error of the addon, unless it is meant.
"""

import argparse
import json
import os
from pathlib import Path

from .. import browser, process, testlog
from ..cache import ADDON, digest, folder
from ..database import addons
from ..odoo import odoo_failure
from ..progress import say, step
from ..setup import workshop

MODULES = (
    "crm",
    "sale_crm",
    "website_crm",
    "crm_livechat",
    "crm_sms",
    "event_crm",
    "survey_crm",
    "mass_mailing_crm",
    "website_crm_partner_assign",
    "test_crm_full",
)
# Odoo's own tours expect that the app opens on the pipeline, as everybody may have it.
START = """
    INSERT INTO ir_config_parameter (key, value)
    VALUES ('lead_management.start_salesperson', 'pipeline'),
           ('lead_management.start_manager', 'pipeline')
"""
# Differences that are no errors, and why.
MEANT = {
    "fails with the addon: crm.test_crm_ui.TestUi.test_02_crm_tour_rainbowman": (
        "it clicks Won on the form of a new lead: before Qualified, Won is an entry of "
        "the menu beside the buttons"
    ),
    "fails with the addon: crm.test_crm_ui.TestUi.test_03_crm_tour_forecast": (
        "it edits Expected Closing on the first screen of a lead: it is in the tab "
        "Profile"
    ),
}
SHOWN = 200
# A folder of its own: Python looks for modules where its script is.
LATE_TESTS = Path(__file__).resolve().parents[1] / "late_tests" / "__main__.py"


def parse(arguments):
    """The options of the command."""
    parser = argparse.ArgumentParser(prog="script/referee", description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(MODULES))
    parser.add_argument(
        "--no-browser", action="store_true", help="leave out what needs a browser"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="also run the half without the addon anew"
    )
    return parser.parse_args(arguments)


def main(arguments):
    """Run both halves and compare them."""
    options = parse(arguments)
    with workshop(tests=True) as shop:
        referee = Referee(shop, options)
        without = referee.without()
        with_addon = referee.with_addon()
    return report(options.modules, without, with_addon)


class Referee:
    """Both halves of the comparison."""

    def __init__(self, shop, options):
        self.shop = shop
        self.modules = sorted(options.modules)
        self.fresh = options.fresh
        self.key = digest(
            LATE_TESTS.read_text(),
            shop.runner.odoo.key,
            self.modules,
            options.no_browser,
        )
        self.browser = (
            None if options.no_browser else browser.obtain(shop.runner.python)
        )

    def without(self):
        """Results without the addon; they stay the same, so they are kept."""
        kept = folder("referee") / f"without-{self.key}.json"
        if self.fresh or not kept.exists():
            results = self._run("without")
            kept.write_text(json.dumps([sorted(results.ran), sorted(results.failed)]))
        ran, failed = json.loads(kept.read_text())
        return testlog.Results(set(ran), set(failed), finished=True)

    def with_addon(self):
        """Results with the addon as it is now."""
        return self._run("with", addons())

    def _modules_database(self):
        """A template with all the modules and without the addon."""
        databases = self.shop.databases
        name, key = f"{databases.prefix}_referee", self.key
        if not databases.is_current(name, key):
            with (
                step("Installing Odoo's modules") as running,
                databases.build(name, key) as building,
            ):
                databases.install(building, self.modules, running=running)
        return name

    def _run(self, half, extra=()):
        databases = self.shop.databases
        log = folder("referee") / f"{half}.log"
        log.unlink(missing_ok=True)
        with databases.temporary(self._modules_database, half) as database:
            if extra:
                with step("Installing the addon") as running:
                    databases.install(database, [ADDON], running=running)
                databases.sql(database, START)
            with step(f"Odoo's tests {half} the addon") as running:
                self._test(database, log, running)
        results = testlog.read(log.read_text(errors="replace"))
        if not results.finished:
            raise odoo_failure(f"the half {half} the addon", log)
        return results

    def _test(self, database, log, running):
        """Both kinds of tests, those at install too, when all is loaded."""
        runner = self.shop.runner
        # Odoo keeps its budgets of statements out of the standard tests
        tags = ",".join(
            f"/{module},crm_performance/{module}" for module in self.modules
        )

        def watch():
            text = log.read_text(errors="replace")
            running.show(f"{text.count(': Starting ')} tests")

        python, __, __, *words = runner.command(
            *("-u", ",".join(self.modules), "--test-tags", tags),
            *("--stop-after-init", "--screenshots", folder("referee", "screenshots")),
            config=runner.write_config(database),
            database=database,
        )
        process.run(
            [python, LATE_TESTS, *words],
            log=log,
            env=self._environment(),
            watch=watch,
        )

    def _environment(self):
        """A failed test gets one more chance, the same in both halves."""
        runner = self.shop.runner
        if self.browser:
            first = [Path(self.browser).parent]
            return runner.environment(first, ODOO_TEST_FAILURE_RETRIES=1)
        hidden = folder("referee", "no-browser")
        (hidden / "websocket.py").write_text(
            '"""Hides the library; Odoo then skips what needs a browser."""\n'
            'raise ImportError("left out by script/referee --no-browser")\n'
        )
        return runner.environment(
            ODOO_TEST_FAILURE_RETRIES=1,
            PYTHONPATH=f"{hidden}{os.pathsep}{runner.odoo.root}",
        )


def report(modules, without, with_addon):
    """Print the table and every difference; 1 when there is one."""
    say(f"\n  {'':28} {'without':>15} {'with addon':>15}")
    say(f"  {'module':28}{'run':>8}{'failed':>8}{'run':>8}{'failed':>8}{'differ':>8}")
    differences, meant = [], []
    for module in sorted(modules):
        one, other = without.of_module(module), with_addon.of_module(module)
        found = [text for text in compare(one, other) if text not in MEANT]
        meant += [text for text in compare(one, other) if text in MEANT]
        differences += found
        numbers = (one.ran, one.failed, other.ran, other.failed, found)
        say(f"  {module:28}" + "".join(f"{len(tests):>8}" for tests in numbers))
    for difference in differences[:SHOWN]:
        say(f"  {difference}")
    for difference in meant:
        say(f"  meant: {difference}\n    {MEANT[difference]}")
    say(f"\n  {len(differences)} differences. Logs: {folder('referee')}")
    return 1 if differences else 0


def compare(without, with_addon):
    """Every test whose result depends on the addon, in words."""
    words = (
        ("only without the addon", without.ran - with_addon.ran),
        ("only with the addon", with_addon.ran - without.ran),
        ("fails with the addon", with_addon.failed - without.failed),
        ("fails without the addon", without.failed - with_addon.failed),
    )
    return [f"{what}: {test}" for what, tests in words for test in sorted(tests)]
