"""Processes that die in the middle of routing or pulling: nothing lost or doubled."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from signal import SIGKILL

import pytest

from odoo.fields import Command
from odoo.tests.common import get_db_name

from .committed import (
    NAME,
    committing,
    empty,
    new_leads,
    new_pool,
    new_rule,
    new_users,
    owners,
    request,
    transaction,
)

BEFORE, AFTER = "before", "after"
# What a child was doing when it died: model, method, which call, before or after it.
ROUTING = {
    ("crm.lead", "_assignment_apply", 2, BEFORE): 50,
    ("lead.assignment.turn", "_save", 2, AFTER): 100,
    ("crm.lead", "_assignment_log", 2, AFTER): 150,
    # two batches are committed, and not yet counted
    ("ir.cron", "_commit_progress", 3, BEFORE): 250,
}
PULLING = {
    ("lead.pool.entry", "_claim_next", 1, AFTER): 0,
    ("crm.lead", "_pool_assign", 2, AFTER): 1,
    ("lead.assignment.log", "create", 2, AFTER): 2,
    # the claim is committed, and nobody was told
    ("crm.lead", "_get_pulled_action", 1, BEFORE): 3,
}


@pytest.fixture(scope="module")
def people():
    with committing():
        yield new_users(3)


@pytest.fixture
def members(people):
    yield people
    empty(people)


def _die(job, points, user_id=0):
    """Return what is left after each death: owned leads, logs, claims, turns."""
    script = Path(__file__).with_name("killed.py")
    arguments = [get_db_name(), NAME, job, user_id, json.dumps(points)]
    result = subprocess.run(
        [sys.executable, script, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row[0] for row in rows] == [SIGKILL] * len(points)
    return [row[1:] for row in rows]


def _pull(env):
    return env["crm.lead"].action_pull_next().get("res_id")


def test_killed_routing_leaves_whole_batches_and_is_finished_later(members):
    rule_id = new_rule(target="members", member_ids=[Command.set(members)])
    with transaction() as env:
        lead_ids = env["crm.lead"].create([{"name": NAME}] * 300).ids
        env.cr.flush()
        env.cr.postcommit.clear()
    left = _die("route", list(ROUTING))
    for row, number in zip(left, ROUTING.values(), strict=True):
        assert row == [number, number, 0, number]
    with transaction() as env:
        env["crm.lead"]._cron_assign()
    with transaction() as env:
        leads = env["crm.lead"].browse(lead_ids)
        assert not any(leads.mapped("assignment_pending"))
        assert all(len(lead.assignment_log_ids) == 1 for lead in leads)
        assert all(lead.assignment_log_ids.user_id == lead.user_id for lead in leads)
        turns = env["lead.assignment.rule"].browse(rule_id).turn_ids
        assert turns.mapped("turns") == [100] * 3
        assert all(abs(owed) < 1 for owed in turns.mapped("owed"))


def test_killed_pull_is_a_claim_or_none(members):
    """Not even the last one, whose answer was lost, is in doubt."""
    lead_ids = new_leads(20)
    new_pool(members, lead_ids, claim_minutes=60)
    left = _die("pull", list(PULLING), members[0])
    for row, number in zip(left, PULLING.values(), strict=True):
        assert row == [number, number, number, 0]
    assert request(members[1], _pull) == lead_ids[3]
    assert Counter(owners(lead_ids).values()) == {
        members[0]: 3,
        members[1]: 1,
        False: 16,
    }


def test_killed_at_any_moment(members):
    """Whenever it is: owner, history, claim and deadline are one."""
    lead_ids = new_leads(200)
    new_pool(members, lead_ids, claim_minutes=60)
    for owned, logs, claims, __ in _die("pull", [[0.5]] * 5, members[0]):
        assert owned == logs == claims
    with transaction() as env:
        for lead in env["crm.lead"].browse(lead_ids):
            claimed = lead.assignment_log_ids
            assert claimed.user_id == lead.user_id
            assert len(claimed) == bool(lead.user_id)
            entry = lead.pool_entry_ids
            assert (entry.user_id, bool(entry.claim_due)) == (
                lead.user_id,
                bool(lead.user_id),
            )
    counts = Counter(owners(lead_ids).values())
    left = [request(members[1], _pull) for __ in range(counts[False])]
    assert len(set(left) - {None}) == counts[False]
    assert not request(members[1], _pull)
