"""Choose the command, and turn every known trouble into a short message."""

import errno
import importlib
import os
import sys

from . import process
from .errors import Problem
from .progress import say

COMMANDS = (
    *("server", "test", "lint", "i18n"),
    *("bench", "storm", "screenshots", "referee", "verify"),
)
STOPPED_BY_USER = 130


def main(arguments):
    """Run one command and return its exit code."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"usage: devkit {{{','.join(COMMANDS)}}} ...", file=sys.stderr)
        return 2
    command = importlib.import_module(f"devkit.commands.{arguments[0]}")
    os.umask(0o022)  # PostgreSQL may have to run as another user
    process.catch_signals()
    try:
        return command.main(arguments[1:]) or 0
    except Problem as problem:
        return _fail(problem)
    except KeyboardInterrupt:
        say("Stopped.")
        return STOPPED_BY_USER
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return _fail(Problem.disk_full(error.filename))


def _fail(problem):
    print(f"error: {problem}", file=sys.stderr)
    if problem.advice:
        print(f"  To do: {problem.advice}", file=sys.stderr)
    return 1
