"""One dialog saved several times at once: in real transactions, it logs once."""

import pytest

from ..assignment.committed import (
    attempt,
    committing,
    in_parallel,
    new_leads,
    new_users,
    transaction,
)


@pytest.fixture(scope="module")
def reps():
    with committing():
        yield new_users(1)


def save(env, log_id):
    return env["lead.touch.log"].browse(log_id).action_log()


def test_a_double_click_logs_once(reps):
    (lead_id,) = new_leads(1, user_id=reps[0])
    with transaction(reps[0]) as env:
        action = env["crm.lead"].browse(lead_id).action_log_call()
        log = env[action["res_model"]].browse(action["res_id"])
        log.outcome_id = env.ref("lead_management.touch_outcome_no_answer")
    results = in_parallel(lambda __: attempt(reps[0], save, log.id), range(6))
    assert {result["type"] for result in results} == {"ir.actions.act_window_close"}
    with transaction() as env:
        lead = env["crm.lead"].browse(lead_id)
        assert len(lead.touch_ids) == 1
        assert len(lead.activity_ids) == 1
