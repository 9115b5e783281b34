"""Rules of this project's test runs, loaded by script/test.

- In CI a skipped test is a failed test: a browser or a server that is missing
  would otherwise turn a part of the suite off without anybody seeing it.
- Tests in the browser get a second chance, no others do.
- Nothing runs beside a test in the browser, which has deadlines.
- Workers leave files of attachments alone until the run has ended: they share them.
"""

import fcntl
import os
from contextlib import ExitStack, contextmanager

import pytest

from .cache import folder

RERUNS = 1


def pytest_addoption(parser):
    """Add --no-skips, which is the default in CI."""
    parser.addoption(
        "--no-skips",
        action="store_true",
        default=bool(os.environ.get("CI")),
        help="A skipped test fails the run (default when CI is set).",
    )


def _forbid_skip(report, config):
    expected_failure = hasattr(report, "wasxfail")
    if report.skipped and not expected_failure and config.getoption("--no-skips"):
        reason = report.longrepr[-1] if report.longrepr else "no reason given"
        report.outcome = "failed"
        report.longrepr = f"This test was skipped, which CI does not accept.\n{reason}"


@pytest.fixture(scope="session", autouse=True)
def _in_service(load_registry):
    """Let the database of the run send: it is a copy, and copies keep silent.

    Each worker of pytest-xdist has one of its own, which pytest-odoo makes first.
    """
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    if get_db_name():
        with Registry(get_db_name()).cursor() as cursor:
            env = Environment(cursor, SUPERUSER_ID, {})
            if "lead.message.gate" in env:
                env["lead.message.gate"]._set_in_service()
    yield


@pytest.fixture(scope="session", autouse=True)
def _save_files(load_registry):
    """Let no worker collect the files of another one's attachments.

    Odoo does after each class, and pytest-odoo gives all workers one folder: what one
    of them has not committed looks like garbage to the others. The folder goes with
    the database of the run.
    """
    from odoo.tests.common import TransactionCase

    if "PYTEST_XDIST_WORKER" in os.environ:
        TransactionCase._gc_filestore = classmethod(lambda cls: None)
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn the report of a skipped test into a failure."""
    outcome = yield
    _forbid_skip(outcome.get_result(), item.config)


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    """The same for a file that is skipped as a whole."""
    outcome = yield
    _forbid_skip(outcome.get_result(), collector.config)


def in_browser(item):
    """Is this a tour, or another test that drives a browser?"""
    name = item.cls.__name__ if item.cls else ""
    return "Tour" in name or "browser" in item.path.parts


def pytest_collection_modifyitems(items):
    """Give tests in the browser their second chance."""
    for item in items:
        if in_browser(item):
            item.add_marker(pytest.mark.flaky(reruns=RERUNS))


@contextmanager
def _lock(name, kind):
    with (folder("locks") / name).open("w") as file:
        fcntl.flock(file, kind)
        yield


@contextmanager
def turn(alone):
    """Wait for one's turn beside other workers: alone, or with all who are not.

    Who wants to be alone holds the door while the others finish, else more and more
    would come in.
    """
    with ExitStack() as stack:
        with _lock("door", fcntl.LOCK_EX):
            stack.enter_context(
                _lock("room", fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            )
        yield


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Let workers take turns."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    with turn(alone=in_browser(item)):
        yield
