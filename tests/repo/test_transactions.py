"""Savepoints, transactions and tests, as the source of the addons names them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APART = "lead_management/models/base/apart.py"
# What is left to one file: all others go through it.
ONE_ROAD = {
    r"\.savepoint\(": "attempt() or rehearsal()",
    r"\.cursor\(|\bdb_connect\(": "apart()",
}
# Nothing of the product may know that it is tested.
IN_TESTS = r"\bcurrent_test\b|\btest_enable\b"


def _find(pattern, sources):
    return {
        f"{path.relative_to(ROOT)}:{number}": line.strip()
        for path in sources
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line) and not line.lstrip().startswith(("``", "#"))
    }


def _sources():
    """All of the product but its tests and what is run once, at an update."""
    return [
        path
        for addon in sorted(ROOT.glob("lead_management*"))
        for path in sorted(addon.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(addon).parts)
    ]


@pytest.mark.parametrize("pattern", ONE_ROAD)
def test_savepoints_and_transactions_are_opened_in_one_file(pattern):
    sources = [path for path in _sources() if str(path.relative_to(ROOT)) != APART]
    assert not _find(pattern, sources), f"use {ONE_ROAD[pattern]} of {APART}"
    assert _find(pattern.split("|")[0], [ROOT / APART]), "nothing is searched for"


def test_the_product_does_not_know_that_it_is_tested():
    assert not _find(IN_TESTS, _sources())


def test_what_is_searched_for_is_found():
    service = ROOT / "tests/messaging/service.py"
    assert _find(IN_TESTS, [service])
