"""script/lint: every check of the code style, in a few seconds."""

import argparse
import subprocess

from .. import cache, node, process, python_env
from ..cache import ROOT
from ..database import addons
from ..errors import Problem
from ..progress import say

FORMATTED = ("xml", "js", "scss")
# Not for this project: pylint-odoo finds the same model extended in several
# files, which is how each room of the addon keeps its own slice of crm.lead; and
# it wants a result of computes and hooks that have none.
PYLINT_DISABLED = "consider-merging-classes-inherited,missing-return"


def main(arguments):
    """Run all linters, and say at the end which of them failed."""
    parser = argparse.ArgumentParser(prog="script/lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="format the files instead")
    fix = parser.parse_args(arguments).fix
    with cache.preparing():
        python = python_env.lint()
        prettier = node.prettier(python)
    failed = [
        name for name, argv in checks(python, prettier, fix) if not passes(name, argv)
    ]
    if failed:
        raise Problem(
            f"{len(failed)} checks failed: {', '.join(failed)}.",
            "read the messages above; script/lint --fix repairs the format.",
        )
    say("All checks passed.")


def checks(python, prettier, fix):
    """Names and commands of all checks."""
    tools = python.parent
    modules = [str(ROOT / addon) for addon in addons()]
    translations = [
        str(path) for name in modules for path in _files(name, "i18n/*.po*")
    ]
    yield "ruff check", [tools / "ruff", "check", *(["--fix"] if fix else []), ROOT]
    yield "ruff format", [tools / "ruff", "format", *([] if fix else ["--check"]), ROOT]
    if formatted_files():
        mode = "--write" if fix else "--check"
        yield "prettier", [*prettier, mode, "--log-level", "warn", *formatted_files()]
    yield (
        "pylint-odoo",
        [python, "-m", "pylint", f"--disable={PYLINT_DISABLED}", *modules],
    )
    yield "oca-checks-odoo-module", [tools / "oca-checks-odoo-module", *modules]
    if translations:
        yield "oca-checks-po", [tools / "oca-checks-po", *translations]
    yield "odoo-linter", [tools / "odl", "check", "-v", "19.0", *modules]


def _files(place, pattern):
    return sorted((ROOT / place).glob(pattern))


def formatted_files():
    """Files of the addons that prettier takes care of."""
    return [
        str(path.relative_to(ROOT))
        for addon in addons()
        for suffix in FORMATTED
        for path in _files(addon, f"**/*.{suffix}")
    ]


def passes(name, argv):
    """Run one check; its messages are shown only when it fails."""
    result = subprocess.run(
        [str(word) for word in argv],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=process.environment(),
    )
    say(f"  {name}: {'failed' if result.returncode else 'ok'}")
    if result.returncode:
        say(result.stdout.rstrip())
    return not result.returncode
