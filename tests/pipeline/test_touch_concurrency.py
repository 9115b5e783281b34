"""One dialog saved several times at once: in real transactions, it logs once."""

from collections import Counter

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
    # the one that logs offers to undo it, the others only close
    types = Counter(result["type"] for result in results)
    assert types == {"ir.actions.client": 1, "ir.actions.act_window_close": 5}
    with transaction() as env:
        lead = env["crm.lead"].browse(lead_id)
        assert len(lead.touch_ids) == 1
        assert len(lead.activity_ids) == 1
