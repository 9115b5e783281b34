"""Many people pull at once: one lead, one owner, and limits that hold."""

import threading
import time
from collections import Counter

import pytest

from .committed import (
    NAME,
    attempt,
    committing,
    empty,
    in_parallel,
    new_capacity,
    new_leads,
    new_pool,
    new_users,
    owners,
    request,
    transaction,
)

THREADS = 16
# Far below what waiting for a lock takes, far above what a claim does.
AT_ONCE = 10


@pytest.fixture(scope="module")
def reps():
    with committing():
        yield new_users(THREADS)


@pytest.fixture(scope="module")
def manager(reps):
    return new_users(1, "sales_team.group_sale_manager")[0]


@pytest.fixture
def rep(reps):
    return reps[0]


@pytest.fixture(autouse=True)
def emptied(reps):
    """After each test nothing is left but the people."""
    yield
    empty(reps)


# ------------------------------------------------------------
# What people do
# ------------------------------------------------------------


def pull(env):
    return env["crm.lead"].action_pull_next().get("res_id")


def take(env, lead_id):
    return env["crm.lead"].browse(lead_id).action_take()["res_id"]


def write_owner(env, lead_id):
    """Not by the button: by import, mass edit or RPC."""
    env["crm.lead"].browse(lead_id).user_id = env.user
    return lead_id


def close(env, lead_id):
    env["crm.lead"].browse(lead_id).action_set_lost()


def rename(env, lead_id):
    env["crm.lead"].browse(lead_id).description = "Edited"


def pull_until_empty(user_id):
    had = []
    while lead_id := request(user_id, pull):
        had.append(lead_id)
    return had


def mixed(user_id, lead_ids):
    """Return what somebody is told who pulls, takes and writes all at once."""
    jobs = [(pull,)] * 4
    jobs += [(take, lead_id) for lead_id in lead_ids[:4]]
    jobs += [(write_owner, lead_id) for lead_id in lead_ids[4:8]]
    return in_parallel(lambda job: attempt(user_id, *job), jobs, workers=6)


def succeeded(results):
    return [result for result in results if isinstance(result, int)]


def refused(results):
    return [result for result in results if isinstance(result, str)]


def assert_consistent(lead_ids, outcome="claimed"):
    """Owner, history and entry of the pool say the same of each lead."""
    with transaction() as env:
        for lead in env["crm.lead"].browse(lead_ids):
            logs = lead.assignment_log_ids.filtered(lambda log: log.outcome == outcome)
            assert len(logs) == bool(lead.user_id)
            assert logs.user_id == lead.user_id
            entry = lead.pool_entry_ids
            assert len(entry) == 1
            assert entry.user_id == lead.user_id
            assert bool(entry.claim_date) == bool(lead.user_id)


# ------------------------------------------------------------
# One lead, one owner
# ------------------------------------------------------------


def test_pool_is_emptied_by_many_at_once(reps):
    lead_ids = new_leads(200)
    pool_id = new_pool(reps, lead_ids)
    had = in_parallel(pull_until_empty, reps, workers=THREADS)
    assert Counter(had_id for ids in had for had_id in ids) == Counter(lead_ids)
    assert owners(lead_ids) == {
        lead_id: user_id
        for user_id, ids in zip(reps, had, strict=True)
        for lead_id in ids
    }
    assert_consistent(lead_ids)
    with transaction() as env:
        pool = env["lead.pool"].browse(pool_id)
        assert (pool.waiting_count, pool.claimed_count) == (0, 200)


def test_two_pools_are_emptied_by_the_members_of_both(reps):
    lead_ids = new_leads(40)
    new_pool(reps[:6], lead_ids[:20])
    new_pool(reps[2:8], lead_ids[20:])
    had = in_parallel(pull_until_empty, reps[:8])
    assert Counter(had_id for ids in had for had_id in ids) == Counter(lead_ids)
    assert_consistent(lead_ids)


def test_one_of_many_who_take_the_same_lead_gets_it(reps):
    [lead_id] = lead_ids = new_leads(1)
    new_pool(reps, lead_ids, is_blind=False)
    results = in_parallel(lambda user_id: attempt(user_id, take, lead_id), reps[:8])
    assert succeeded(results) == [lead_id]
    for message in refused(results):
        assert "This lead was claimed by" in message
    assert_consistent(lead_ids)


def test_who_takes_too_late_is_told_who_was_faster(reps):
    [lead_id] = lead_ids = new_leads(1)
    new_pool(reps, lead_ids, is_blind=False)
    request(reps[0], take, lead_id)
    assert f"claimed by {NAME} sales_team.group_sale_salesman 0." in attempt(
        reps[1], take, lead_id
    )


def test_one_of_many_who_write_themselves_as_owner_gets_it(reps):
    """By RPC, past the button: the others are refused, or never had the right."""
    [lead_id] = lead_ids = new_leads(1)
    new_pool(reps, lead_ids, is_blind=False)
    results = in_parallel(
        lambda user_id: attempt(user_id, write_owner, lead_id), reps[:4]
    )
    assert succeeded(results) == [lead_id]
    with transaction() as env:
        [entry] = env["lead.pool.entry"].search([("lead_id", "=", lead_id)])
        assert entry.user_id.id == owners(lead_ids)[lead_id]


# ------------------------------------------------------------
# Limits
# ------------------------------------------------------------


def test_parallel_clicks_of_one_person_stop_at_the_limit_of_the_pool(rep):
    lead_ids = new_leads(10)
    new_pool([rep], lead_ids, wip_limit=3)
    results = in_parallel(lambda __: attempt(rep, pull), range(10), workers=10)
    assert len(succeeded(results)) == 3
    assert all("claimed the maximum" in message for message in refused(results))
    assert Counter(owners(lead_ids).values())[rep] == 3
    assert_consistent(lead_ids)


def test_clicks_takes_and_writes_stop_at_the_limit_of_the_pool(rep):
    lead_ids = new_leads(12)
    new_pool([rep], lead_ids, wip_limit=3, is_blind=False)
    assert len(succeeded(mixed(rep, lead_ids))) == 3
    assert Counter(owners(lead_ids).values())[rep] == 3


def test_parallel_writes_stop_at_the_limit_of_the_pool(rep):
    lead_ids = new_leads(6)
    new_pool([rep], lead_ids, wip_limit=1, is_blind=False)
    in_parallel(lambda lead_id: attempt(rep, write_owner, lead_id), lead_ids)
    assert Counter(owners(lead_ids).values())[rep] == 1


def test_pool_gives_so_many_leads_a_day(rep):
    lead_ids = new_leads(10)
    new_pool([rep], lead_ids, day_limit=2)
    results = in_parallel(lambda __: attempt(rep, pull), range(8))
    assert len(succeeded(results)) == 2
    assert all("tomorrow" in message for message in refused(results))
    assert Counter(owners(lead_ids).values())[rep] == 2


@pytest.mark.parametrize("limit", ["open_limit", "day_limit"])
def test_capacity_holds_whatever_is_done_at_once(rep, limit):
    lead_ids = new_leads(12)
    new_pool([rep], lead_ids, is_blind=False)
    new_capacity(rep, **{limit: 3})
    results = mixed(rep, lead_ids)
    assert len(succeeded(results)) == 3
    assert Counter(owners(lead_ids).values())[rep] == 3


@pytest.mark.parametrize("limit", ["open_limit", "day_limit"])
def test_capacity_holds_for_leads_of_no_pool(rep, limit):
    lead_ids = new_leads(5)
    new_capacity(rep, **{limit: 2})
    jobs = [*((write_owner, i) for i in lead_ids), *((take, i) for i in lead_ids)]
    results = in_parallel(lambda job: attempt(rep, *job), jobs, workers=5)
    # to write oneself again as the owner is no second lead
    assert len(set(succeeded(results))) == 2
    assert Counter(owners(lead_ids).values())[rep] == 2


# ------------------------------------------------------------
# Beside others
# ------------------------------------------------------------


def test_lead_that_somebody_edits_is_passed_over(reps):
    lead_ids = new_leads(3)
    new_pool(reps, lead_ids)
    with transaction() as editor:
        rename(editor, lead_ids[0])
        editor.cr.flush()
        begin = time.monotonic()
        puller = threading.Thread(target=attempt, args=(reps[0], pull))
        puller.start()
        puller.join(AT_ONCE)
        waited = time.monotonic() - begin
    puller.join()
    assert waited < AT_ONCE
    assert owners(lead_ids)[lead_ids[1]] == reps[0]
    assert request(reps[1], pull) == lead_ids[0]


def test_leads_that_are_closed_meanwhile_are_nobodys(reps, manager):
    """Who closes holds the lead and needs its entry; who pulls the other way round."""
    lead_ids = new_leads(24)
    new_pool(reps, lead_ids)
    # one after the other: Odoo counts all that is lost in the same rows
    closing = [[(manager, close, lead_id) for lead_id in lead_ids[::2]]]
    pulling = [[(rep, pull)] * 3 for rep in reps[:4]]
    results = in_parallel(
        lambda jobs: [attempt(*job) for job in jobs], closing + pulling
    )
    results = [result for group in results for result in group]
    assert not refused(results)
    with transaction() as env:
        leads = env["crm.lead"].with_context(active_test=False).browse(lead_ids)
        pulled = leads.filtered("user_id")
        assert sorted(pulled.ids) == sorted(succeeded(results))
        closed = leads.filtered(lambda lead: lead.won_status == "lost")
        assert set(closed.ids) == set(lead_ids[::2])
        assert not closed.pool_entry_ids
        waiting = leads - closed - pulled
        assert len(waiting.pool_entry_ids) == len(waiting)


def test_edits_of_pooled_leads_disturb_no_pull(reps, manager):
    lead_ids = new_leads(20)
    new_pool(reps, lead_ids)
    jobs = [(rep, pull) for rep in reps[:10]]
    jobs += [(manager, rename, lead_id) for lead_id in lead_ids[:10]]
    results = in_parallel(lambda job: attempt(*job), jobs)
    assert not refused(results)
    assert len(set(succeeded(results))) == 10
    assert_consistent(lead_ids)
