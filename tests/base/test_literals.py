"""The parser of literals in a server of many threads."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from odoo.addons.lead_management.tools import literals
from odoo.addons.lead_management.tools.literals import parse_literal

WORKERS = 4


@pytest.fixture
def interrupted():
    """Let another thread run whenever the interpreter cleans up, which is often."""
    thresholds = gc.get_threshold()

    def let_others_run(phase, info):
        time.sleep(0)

    gc.callbacks.append(let_others_run)
    gc.set_threshold(5)
    yield
    gc.set_threshold(*thresholds)
    gc.callbacks.remove(let_others_run)


def test_threads_that_interrupt_each_other(interrupted):
    def parse_many(depth):
        text = "[" * depth + "('name', '=', 'Ann')," * 20 + "]" * depth
        return {repr(parse_literal(text)) for __ in range(300)}

    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(parse_many, range(1, 2 * WORKERS, 2)))
    assert [len(result) for result in results] == [1] * WORKERS


def test_fault_of_the_parser_is_passed_over(monkeypatch):
    calls = []

    def fail_once(text):
        calls.append(text)
        if len(calls) == 1:
            raise SystemError("AST constructor recursion depth mismatch")
        return [text]

    monkeypatch.setattr(literals, "literal_eval", fail_once)
    assert parse_literal(" [] ") == ["[]"]


def test_fault_that_stays_is_raised(monkeypatch):
    def fail(text):
        raise SystemError("broken")

    monkeypatch.setattr(literals, "literal_eval", fail)
    with pytest.raises(SystemError, match="broken"):
        parse_literal("[]")


@pytest.mark.parametrize("text", ["env.user", "[", "1 +", "__import__('os')"])
def test_anything_but_a_literal_is_refused(text):
    with pytest.raises((ValueError, SyntaxError)):
        parse_literal(text)
