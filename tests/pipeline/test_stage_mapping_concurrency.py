"""Mapping with real transactions that commit, while others do the same or work."""

import pytest

from ..assignment.committed import (
    NAME,
    attempt,
    committing,
    empty,
    in_parallel,
    new_leads,
    new_users,
    request,
    transaction,
)


@pytest.fixture(scope="module")
def managers():
    with committing():
        yield new_users(2, "sales_team.group_sale_manager")


@pytest.fixture
def stage_id(managers):
    """A stage whose name says that it is won, though its flag does not."""
    with transaction() as env:
        stage_id = (
            env["crm.stage"].create({"name": f"{NAME} Signed", "sequence": 85}).id
        )
    yield stage_id
    empty([])
    with transaction() as env:
        env.cr.execute("DELETE FROM lead_stage_mapping")
        env["crm.stage"].browse(stage_id).unlink()


def _open(env):
    return env["lead.stage.mapping"].action_open()["res_id"]


def _apply(env, mapping_id):
    return env["lead.stage.mapping"].browse(mapping_id).action_apply()


def _undo(env, mapping_id):
    return env["lead.stage.mapping"].browse(mapping_id).action_undo()


def _work(env, lead_ids):
    leads = env["crm.lead"].browse(lead_ids)
    leads.write({"stage_id": env.ref("lead_management.stage_contacted").id})
    return True


def _status(lead_ids):
    with transaction() as env:
        leads = env["crm.lead"].browse(lead_ids)
        return {(lead.stage_id.id, lead.won_status) for lead in leads}


def test_one_of_two_who_apply_the_same_draft(managers, stage_id):
    lead_ids = new_leads(20, stage_id=stage_id)
    mapping_id = request(managers[0], _open)
    results = in_parallel(attempt, managers, [_apply] * 2, [mapping_id] * 2)
    assert results.count(True) == 1
    [message] = [result for result in results if result is not True]
    assert "already applied or undone" in message
    assert _status(lead_ids) == {(stage_id, "won")}
    with transaction() as env:
        assert env["lead.stage.mapping"].browse(mapping_id).won_count == 20


def test_one_of_two_who_apply_their_own_drafts(managers, stage_id):
    lead_ids = new_leads(20, stage_id=stage_id)
    mapping_ids = [request(manager, _open) for manager in managers]
    results = in_parallel(attempt, managers, [_apply] * 2, mapping_ids)
    assert results.count(True) == 1
    [message] = [result for result in results if result is not True]
    assert "The stages have changed" in message
    assert _status(lead_ids) == {(stage_id, "won")}


def test_one_of_two_who_undo(managers, stage_id):
    lead_ids = new_leads(20, stage_id=stage_id)
    mapping_id = request(managers[0], _open)
    request(managers[0], _apply, mapping_id)
    results = in_parallel(attempt, managers, [_undo] * 2, [mapping_id] * 2)
    assert results.count(True) == 1
    assert _status(lead_ids) == {(stage_id, "pending")}


def test_people_work_on(managers, stage_id):
    """Whoever is first, no lead is half mapped."""
    lead_ids = new_leads(40, stage_id=stage_id)
    mapping_id = request(managers[0], _open)
    parts = [lead_ids[number::3] for number in range(3)]
    results = in_parallel(
        attempt,
        [managers[0]] + [managers[1]] * 2,
        [_apply, _work, _work],
        [mapping_id, *parts[1:]],
    )
    assert results == [True] * 3
    assert _status(parts[0]) == {(stage_id, "won")}
    with transaction() as env:
        contacted = env.ref("lead_management.stage_contacted").id
    assert _status(parts[1] + parts[2]) == {(contacted, "pending")}
