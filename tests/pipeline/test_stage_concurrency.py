"""Moves at the same time, in real transactions that commit."""

import threading

import pytest

from ..assignment.committed import (
    attempt,
    committing,
    in_parallel,
    new_leads,
    new_users,
    request,
    transaction,
)


@pytest.fixture(scope="module")
def people():
    with committing():
        yield new_users(4, "sales_team.group_sale_salesman_all_leads")


def _stage(env, stage_type):
    return env.ref(f"lead_management.stage_{stage_type}")


def _moves(lead_id):
    """Return the types of the stages a lead was in, and check that they are a chain."""
    with transaction() as env:
        lead = env["crm.lead"].browse(lead_id)
        moves = lead.stage_transition_ids.sorted("id")
        for before, after in zip(moves, moves[1:], strict=False):
            assert after.stage_before_id == before.stage_id
        assert moves[-1].stage_id == lead.stage_id
        return moves.mapped("stage_type")


def _drag(env, lead_id, stage_type):
    env["crm.lead"].browse(lead_id).stage_id = _stage(env, stage_type)


def test_two_drag_the_same_card(people):
    [lead_id] = new_leads(1)
    targets = ["contacted", "qualified", "nurturing", "negotiation"]
    in_parallel(
        lambda user_id, target: request(user_id, _drag, lead_id, target),
        people,
        targets,
    )
    assert sorted(_moves(lead_id)) == sorted(["open", *targets])


def test_two_drag_the_same_card_to_the_same_stage(people):
    """The second one finds it there: that is no move."""
    [lead_id] = new_leads(1)
    in_parallel(lambda user_id: request(user_id, _drag, lead_id, "contacted"), people)
    assert _moves(lead_id) == ["open", "contacted"]


def _touch(env, lead_id):
    env["lead.touch"]._record(
        [
            {
                "lead_id": lead_id,
                "channel": "call",
                "user_id": env.uid,
                "is_contact": True,
            }
        ]
    )


def test_a_person_and_an_automation_at_once(people):
    """Whoever comes first: the lead ends where the person wants it, moved once each."""
    for __ in range(5):
        [lead_id] = new_leads(1)
        jobs = [
            lambda lead_id=lead_id: request(people[0], _drag, lead_id, "qualified"),
            lambda lead_id=lead_id: request(people[1], _touch, lead_id),
        ]
        in_parallel(lambda job: job(), jobs)
        assert _moves(lead_id) in (
            ["open", "qualified"],
            ["open", "contacted", "qualified"],
        )


def test_many_touches_of_one_lead_at_once(people):
    [lead_id] = new_leads(1)
    in_parallel(lambda user_id: request(user_id, _touch, lead_id), people)
    assert _moves(lead_id) == ["open", "contacted"]


def _plan_policy(env):
    return env["lead.followup.policy"].create(
        {
            "name": "Concurrency test",
            "trigger": "stage",
            "stage_type": "contacted",
            "activity_type_id": env.ref("mail.mail_activity_data_call").id,
        }
    )


def test_one_next_step_of_two_moves_at_once(people):
    with transaction() as env:
        policy_id = _plan_policy(env).id
    try:
        [lead_id] = new_leads(1, user_id=people[0])
        in_parallel(
            lambda user_id: request(user_id, _drag, lead_id, "contacted"), people
        )
        with transaction() as env:
            assert len(env["crm.lead"].browse(lead_id).activity_ids) == 1
    finally:
        with transaction() as env:
            env["lead.followup.policy"].browse(policy_id).unlink()


def _revisit(env):
    env["crm.lead"]._cron_revisit()


def test_two_crons_at_once(people):
    lead_ids = new_leads(20)
    with transaction() as env:
        leads = env["crm.lead"].browse(lead_ids)
        leads.stage_id = _stage(env, "unqualified")
        leads.stage_revisit_date = "2020-01-01"
    barrier = threading.Barrier(2)

    def run(user_id):
        barrier.wait()
        return attempt(user_id, _revisit)

    in_parallel(run, [1, 1])
    for lead_id in lead_ids:
        assert _moves(lead_id) == ["open", "unqualified", "open"]
