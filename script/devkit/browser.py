"""A Chromium for tests in the browser."""

import os
import shutil

from . import process
from .cache import folder, log_file
from .errors import Problem
from .progress import step

# The names that Odoo's test runner looks for.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def works(program):
    """Does this browser start? (Ubuntu's package is only a pointer to a snap.)"""
    return process.output([program, "--version"]) is not None


def on_path():
    """A browser that Odoo's test runner would find and that starts."""
    for name in NAMES:
        program = shutil.which(name)
        if program and works(program):
            return program
    return None


def obtain(python):
    """A browser; fetched when there is none. Returns its path."""
    linked = folder("browser") / "chromium"
    found = on_path() or (str(linked) if linked.exists() and works(linked) else None)
    return found or _from_apt() or _from_playwright(python, linked)


def _from_apt():
    if os.getuid() or not shutil.which("apt-get"):
        return None
    log = log_file("chromium")
    with step("Installing Chromium with apt") as running:
        for words in (
            ["update"],
            ["install", "-y", "--no-install-recommends", "chromium"],
        ):
            process.run(
                ["apt-get", *words],
                log=log,
                env=process.environment(DEBIAN_FRONTEND="noninteractive"),
                watch=lambda: running.show("working"),
            )
    return on_path()


def _from_playwright(python, linked):
    place = folder("browser", "playwright")
    help_with_libraries = [] if os.getuid() else ["--with-deps"]
    with step("Fetching Chromium") as running:
        process.check(
            "fetching Chromium",
            [python, "-m", "playwright", "install", *help_with_libraries, "chromium"],
            log=log_file("chromium"),
            env=process.environment(PLAYWRIGHT_BROWSERS_PATH=place),
            watch=lambda: running.show("working"),
        )
    program = next(place.glob("chromium-*/chrome-linux*/chrome"), None)
    if not (program and works(program)):
        raise Problem(
            "there is no browser for the tests, and the one fetched does not start.",
            "install Chromium (on Debian: apt-get install chromium).",
        )
    linked.unlink(missing_ok=True)
    linked.symlink_to(program)
    return str(linked)
