"""Python environments with exactly the pinned packages."""

import importlib.util
import os
import re
import shutil
import sys

from . import debian, process
from .cache import (
    ROOT,
    digest,
    folder,
    is_complete,
    log_file,
    mark_complete,
    remove,
    require_space,
)
from .errors import Problem
from .progress import step

MEGABYTES = {"odoo": 600, "lint": 250}


def odoo(tests=False):
    """The environment Odoo runs in; with what the tests need if asked for."""
    return _environment(
        "odoo", "requirements-test.txt" if tests else "requirements.txt"
    )


def lint():
    """The environment of the linters."""
    return _environment("lint", "requirements-lint.txt")


def node():
    """Add Node.js to the environment of the linters."""
    return _environment("lint", "requirements-node.txt")


def _lines(name):
    """Lines of a requirements file and of those it includes."""
    for line in (ROOT / name).read_text().splitlines():
        if line.startswith("-r "):
            yield from _lines(line[3:].strip())
        elif line and not line.startswith("#"):
            yield line


def requirements_key(name):
    """Changes whenever a requirements file, or one it includes, changes."""
    return digest(list(_lines(name)))


def icon_fonts(python):
    """The folder of the icon font in an environment."""
    libraries = python.parent.parent / "lib"
    return (
        next(libraries.glob("python3*/site-packages/xstatic/pkg/font_awesome"))
        / "data/fonts"
    )


def _environment(name, requirements):
    """Path of the Python of an environment that has the requirements."""
    place = folder() / f"venv-{name}"
    python = place / "bin" / "python"
    base = digest(sys.version_info[:3], os.path.realpath(sys.executable))
    key = digest(base, requirements_key(requirements))
    if not _works(python, place, base):
        remove(place)
        _create(place, MEGABYTES[name])
        mark_complete(place, base)
    done = place / f"{requirements}.installed"
    if not (done.exists() and done.read_text() == key):
        _install(place, requirements)
        done.write_text(key)
    return python


def _works(python, place, base):
    return (
        is_complete(place, base)
        and process.output([python, "-c", "import pip"]) is not None
    )


def _create(place, megabytes):
    require_space(folder(), megabytes, "the Python environment")
    has_pip = bool(importlib.util.find_spec("ensurepip")) and _bundled_pip_works()
    options = [] if has_pip else ["--without-pip"]
    with step("Making a Python environment"):
        if not importlib.util.find_spec("venv"):
            raise Problem(
                "this Python has no module venv.",
                "install it (on Debian or Ubuntu: apt-get install python3-venv).",
            )
        process.check(
            "making the Python environment",
            [sys.executable, "-m", "venv", *options, place],
            log=log_file("venv"),
            env=process.environment(),
        )
        if not has_pip:
            _bring_pip(place)


def _bundled_pip_works():
    """Debian splits pip off: ensurepip is there, but its wheels may not be."""
    return process.output([sys.executable, "-m", "ensurepip", "--version"]) is not None


def _bring_pip(place):
    """Take pip from the distribution's package of it, unpacked in the cache."""
    wheel = None
    if shutil.which("apt-get"):
        apt = debian.Apt(folder("apt-pip"))
        apt.update()
        with step("Fetching pip") as running:
            for package in apt.download(["python3-pip-whl"], running):
                debian.unpack(package, apt.home)
        wheel = next(apt.home.glob("usr/share/python-wheels/pip-*.whl"), None)
    if not wheel:
        raise Problem(
            "this Python cannot make environments: pip is missing.",
            "install it (on Debian or Ubuntu: apt-get install python3-venv).",
        )
    process.check(
        "installing pip",
        [place / "bin" / "python", f"{wheel}/pip", "install", "--no-index", wheel],
        log=log_file("venv"),
        env=process.environment(),
    )
    shutil.rmtree(folder("apt-pip"), ignore_errors=True)


def _install(place, requirements):
    total = len(list(_lines(requirements)))
    with step(f"Installing Python packages ({requirements})") as running:

        def watch():
            text = log_file("pip").read_text(errors="replace")
            found = len(re.findall(r"^(Collecting|Requirement already)", text, re.M))
            installing = "\nInstalling collected packages" in text
            running.show("unpacking" if installing else f"{found} of {total} packages")

        pip(place / "bin" / "python", ["-r", ROOT / requirements], watch=watch)


def pip(python, arguments, **options):
    """Install with pip."""
    process.check(
        "installing Python packages",
        [
            python,
            "-m",
            "pip",
            "install",
            "--no-input",
            "--disable-pip-version-check",
            *arguments,
        ],
        log=log_file("pip"),
        env=process.environment(PIP_ROOT_USER_ACTION="ignore"),
        **options,
    )
