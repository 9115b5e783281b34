"""Checks of .ci/run: `verify install`, `verify native`, `verify nothing-left`."""

import argparse
import os
import re
import time
from pathlib import Path

from .. import browser, cache, testlog
from ..cache import ADDON, folder
from ..database import addons
from ..errors import Problem
from ..odoo import troubles
from ..progress import say, step
from ..setup import workshop

# What Odoo itself logs in every installation, with the reason; nothing else.
ODOOS_OWN_NOISE = (
    # a missing program for PDF reports is none of the addon's business
    r"odoo\.addons\.base\.models\.ir_actions_report: .*wkhtmltopdf",
)
# Tests that need demo data have this tag.
DEMO_TESTS = f"lead_demo/{ADDON}"
PATIENCE = 10  # seconds for programs to end


def main(arguments):
    """Run one check."""
    checks = {"install": install, "native": native, "nothing-left": nothing_left}
    parser = argparse.ArgumentParser(prog="verify", description=__doc__)
    parser.add_argument("check", choices=checks)
    return checks[parser.parse_args(arguments).check]()


def noise(line):
    """Is this warning Odoo's own?"""
    return any(re.search(pattern, line) for pattern in ODOOS_OWN_NOISE)


def install():
    """A fresh installation with demo data is right, and logs nothing wrong."""
    with workshop(tests=True) as shop, cache.preparing():
        databases = shop.databases
        databases.drop_leftovers()
        name = f"{databases.prefix}_install_{os.getpid()}"
        with step("Installing the addon with demo data") as running:
            try:
                log = databases.install(
                    name,
                    [ADDON],
                    "--with-demo",
                    f"--test-tags={DEMO_TESTS}",
                    running=running,
                )
            finally:
                databases.drop(name)
    text = log.read_text(errors="replace")
    levels = ("WARNING", "ERROR", "CRITICAL")
    found = [line for line in troubles(text, levels) if not noise(line)]
    if not testlog.read(text).ran:
        found.append("no test of the demo data ran")
    if found:
        raise Problem(
            "\n    ".join(["the installation logged:", *found]), f"read {log}."
        )
    say("  The log is clean.")


def native():
    """The addon's own tests pass in Odoo's own runner, and none is skipped."""
    with workshop(tests=True) as shop:
        chromium = Path(browser.obtain(shop.runner.python))
        with (
            shop.databases.temporary(shop.databases.addon, "native") as database,
            step("Running the addon's tests in Odoo's own runner"),
        ):
            log = shop.runner.run(
                "native tests",
                *("-u", ADDON, "--stop-after-init", "--test-tags"),
                ",".join(f"/{addon}" for addon in addons()),
                database=database,
                path=[chromium.parent],
            )
    results = testlog.read(log.read_text(errors="replace"))
    if not (results.finished and results.ran) or results.failed or results.skipped:
        raise Problem(
            f"{len(results.ran)} tests ran; failed: {sorted(results.failed)}; "
            f"skipped: {results.skipped}.",
            f"read {log}.",
        )
    say(f"  {len(results.ran)} tests passed.")


def nothing_left():
    """No program of this clone runs any more."""
    end = time.monotonic() + PATIENCE
    while found := still_running(str(folder())):
        if time.monotonic() > end:
            raise Problem(f"still running: {'; '.join(found)}")
        time.sleep(0.5)
    say("  Nothing is left running.")


def still_running(word):
    """Commands of other processes that name the cache."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if word in command and int(place.name) not in (os.getpid(), os.getppid()):
            found.append(command[:200])
    return found
