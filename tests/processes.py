"""Workers in processes of their own, which work when they are told to and may die."""

import subprocess
import sys
from contextlib import contextmanager

from odoo.tests.common import get_db_name


@contextmanager
def worker(script, *arguments):
    """Start a script on the database of the test; it is gone afterwards.

    :param script: a program that prints its process id, and ``done`` after each task
    """
    process = subprocess.Popen(
        [sys.executable, script, get_db_name(), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline().strip() == str(process.pid)
        yield process
    finally:
        process.kill()
        process.communicate()


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def wait(process):
    assert process.stdout.readline().strip() == "done", process.stderr.read()[-3000:]
