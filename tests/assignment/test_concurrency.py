"""Routing with real transactions that commit: what a test case cannot show."""

import threading
from collections import Counter
from itertools import cycle

import pytest

from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.lead_management.models.assignment.routing import crm_lead_route
from odoo.addons.lead_management.models.assignment.routing.crm_lead import ROUTING_LOCK
from odoo.addons.lead_management.models.assignment.rule.lead_assignment_plan import Plan

from .committed import (
    NAME,
    attempt,
    committing,
    empty,
    in_parallel,
    new_capacity,
    new_leads,
    new_pool,
    new_rule,
    new_users,
    owners,
    request,
    transaction,
)

WORKERS = 6
# Far longer than a pull takes that nothing stops.
A_WHILE = 3


@pytest.fixture(scope="module")
def people():
    with committing():
        yield new_users(WORKERS)


@pytest.fixture
def members(people):
    yield people[:3]
    empty(people)


@pytest.fixture
def rule_id(members):
    """A committed rule over three committed members; only it is active."""
    return _new_member_rule(members)


def _new_member_rule(user_ids, weights=(), **values):
    rule_id = new_rule(target="members", member_ids=[Command.set(user_ids)], **values)
    with transaction() as env:
        turns = env["lead.assignment.rule"].browse(rule_id).turn_ids
        for turn, weight in zip(turns, weights, strict=False):
            turn.weight = weight
    return rule_id


def _create_leads(count, color=0):
    """What one request does: create, commit; routing follows the commit."""
    lead_ids = []
    for __ in range(count):
        with transaction() as env:
            lead_ids += env["crm.lead"].create({"name": NAME, "color": color}).ids
    return lead_ids


def _create_in_parallel(batches):
    """Return the leads of many workers, each of which creates some."""
    results = in_parallel(_create_leads, batches, workers=WORKERS)
    return [lead_id for ids in results for lead_id in ids]


def _new_pending_leads(count, **values):
    """As if the server had died after the commit."""
    with transaction() as env:
        lead_ids = env["crm.lead"].create([{"name": NAME, **values}] * count).ids
        env.cr.flush()
        env.cr.postcommit.clear()
    return lead_ids


def _route(lead_ids, trigger="capture"):
    with transaction() as env:
        env["crm.lead"]._assignment_route_apart(lead_ids, trigger)


def _owners(lead_ids):
    with transaction() as env:
        leads = env["crm.lead"].browse(lead_ids)
        assert not any(leads.mapped("assignment_pending"))
        assert all(len(lead.assignment_log_ids) == 1 for lead in leads)
        return Counter(lead.user_id.id for lead in leads)


def _assert_books():
    """What each rule says that it dealt is what its decisions say."""
    with transaction() as env:
        rules = env["lead.assignment.rule"].search([("name", "=", NAME)])
        logs = env["lead.assignment.log"].search(
            [("rule_id", "in", rules.ids), ("outcome", "=", "assigned")]
        )
        decided = Counter((log.rule_id.id, log.user_id.id) for log in logs)
        turns = {
            (turn.rule_id.id, turn.user_id.id): turn.turns
            for turn in rules.turn_ids
            if turn.turns
        }
        assert turns == decided
        for rule in rules:
            assert abs(sum(rule.turn_ids.mapped("owed"))) < 1e-6


# ------------------------------------------------------------
# One lead, one owner
# ------------------------------------------------------------


def test_routed_right_after_the_commit(rule_id):
    owners = _owners(_create_leads(4))
    assert sorted(owners.values()) == [1, 1, 2]


def test_concurrent_creation_is_fair_and_complete(rule_id):
    owners = _owners(_create_in_parallel([3] * WORKERS))
    assert False not in owners
    assert sorted(owners.values()) == [6, 6, 6]
    _assert_books()


def test_same_leads_routed_twice_at_once_have_one_owner(rule_id):
    lead_ids = _new_pending_leads(12)
    in_parallel(_route, [lead_ids] * WORKERS)
    # what was locked by one routing is left alone by the others, never dealt twice
    owners = _owners(lead_ids)
    assert sorted(owners.values()) == [4, 4, 4]
    _assert_books()


def test_overlapping_batches_in_opposite_order_have_one_owner_each(rule_id):
    lead_ids = _new_pending_leads(24)
    batches = [lead_ids[:16], lead_ids[8:], lead_ids[::-1], lead_ids[::2]]
    in_parallel(_route, batches)
    _route(lead_ids)  # what each left to another that had it locked
    owners = _owners(lead_ids)
    assert sorted(owners.values()) == [8, 8, 8]
    _assert_books()


def test_failing_routing_never_loses_the_lead(rule_id, monkeypatch):
    CrmLead = Registry(get_db_name())["crm.lead"]

    def crash(*args):
        raise RuntimeError("broken on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(CrmLead, "_assignment_apply", crash)
        lead_ids = _create_leads(2)
    with transaction() as env:
        leads = env["crm.lead"].browse(lead_ids)
        assert all(leads.exists().mapped("assignment_pending"))
        assert not leads.user_id
    _route(lead_ids)
    assert False not in _owners(lead_ids)


def test_lead_that_somebody_took_meanwhile_stays_his(rule_id, people):
    lead_ids = _new_pending_leads(6)
    with transaction() as env:
        mine = env["crm.lead"].browse(lead_ids[:2])
        mine.user_id = people[4]
        env.cr.flush()  # written, not committed
        _route(lead_ids)
    _route(lead_ids)
    assert Counter(owners(lead_ids).values())[people[4]] == 2
    assert sum(_owners(lead_ids).values()) == 6


# ------------------------------------------------------------
# Shares
# ------------------------------------------------------------


def test_shares_hold_to_the_lead_over_many_workers(people, members):
    weights = 7, 4, 2, 1
    _new_member_rule(people[:4], weights, strategy="weighted")
    batches = [3, 1, 5, 2, 1, 4, 2, 5]
    owners = _owners(_create_in_parallel(batches))
    total, leads = sum(weights), sum(batches)
    for user_id, weight in zip(people, weights, strict=False):
        assert abs(owners[user_id] - leads * weight / total) < 1
    _assert_books()


def test_many_rules_in_opposite_order_of_their_leads(people, members):
    """Each routing goes through all rules, whose ledgers it writes: no deadlock."""
    for number, user_ids in enumerate((people[:3], people[2:5], people[3:])):
        _new_member_rule(user_ids, domain=str([("color", "=", number)]))
    groups = [_new_pending_leads(6, color=number) for number in range(3)]
    forth = [lead_id for lead_ids in zip(*groups, strict=True) for lead_id in lead_ids]
    batches = [forth[start::WORKERS] for start in range(WORKERS)]
    in_parallel(_route, [*batches[::2], *(batch[::-1] for batch in batches[1::2])])
    assert sum(_owners(forth).values()) == 18
    for lead_ids in groups:
        assert sorted(_owners(lead_ids).values()) == [2, 2, 2]
    _assert_books()


# ------------------------------------------------------------
# Limits
# ------------------------------------------------------------


@pytest.mark.parametrize("limit", ["open_limit", "day_limit"])
def test_limit_holds_over_parallel_batches_of_several_rules(people, members, limit):
    """One member of two rules is full after five; the others take the rest."""
    new_capacity(people[0], **{limit: 5})
    _new_member_rule(people[:2], domain="[('color', '=', 1)]")
    _new_member_rule([people[0], people[2]], domain="[('color', '=', 2)]")
    batches = [_new_pending_leads(4, color=1 + number % 2) for number in range(6)]
    in_parallel(_route, batches)
    lead_ids = [lead_id for batch in batches for lead_id in batch]
    owners = _owners(lead_ids)
    assert owners[people[0]] == 5
    assert sum(owners.values()) == 24
    _assert_books()


def test_leads_nobody_has_room_for_wait_and_are_routed_later(people, members):
    capacity_id = new_capacity(people[0], open_limit=3)
    _new_member_rule(people[:1])
    lead_ids = _create_in_parallel([2] * 4)
    assert Counter(owners(lead_ids).values()) == {people[0]: 3, False: 5}
    with transaction() as env:
        pending = env["crm.lead"].search([("assignment_pending", "=", True)])
        assert len(pending & env["crm.lead"].browse(lead_ids)) == 5
        env["lead.assignment.capacity"].browse(capacity_id).open_limit = 0
    with transaction() as env:
        env["crm.lead"]._cron_assign()
    assert Counter(owners(lead_ids).values()) == {people[0]: 8}
    _assert_books()


def _pull(env):
    return env["crm.lead"].action_pull_next().get("res_id")


def test_limit_holds_when_somebody_pulls_while_the_rules_decide(
    people, members, monkeypatch
):
    """What was counted before the rules decided is still so when they write."""
    user_id = people[0]
    new_capacity(user_id, open_limit=1)
    new_pool([user_id], new_leads(1))
    _new_member_rule([user_id])
    lead_ids = _new_pending_leads(1)
    puller = threading.Thread(target=attempt, args=(user_id, _pull))
    decide = Plan.decide

    def decide_slowly(self, leads):
        decisions = decide(self, leads)
        puller.start()
        puller.join(A_WHILE)
        return decisions

    with monkeypatch.context() as patch:
        patch.setattr(Plan, "decide", decide_slowly)
        _route(lead_ids)
    puller.join()
    with transaction() as env:
        owned = env["crm.lead"].search_count([("user_id", "=", user_id)])
        assert owned == 1


def test_routing_holds_up_only_those_it_deals_to(people, members, monkeypatch):
    """Somebody with a limit, who is no member of any rule, pulls at once."""
    for user_id in (people[0], people[4]):
        new_capacity(user_id, open_limit=5)
    pooled = new_leads(1)
    new_pool([people[4]], pooled)
    _new_member_rule(people[:3])
    lead_ids = _new_pending_leads(3)
    decide, pulled = Plan.decide, []

    def decide_slowly(self, leads):
        decisions = decide(self, leads)
        puller = threading.Thread(
            target=lambda: pulled.append(attempt(people[4], _pull))
        )
        puller.start()
        puller.join(A_WHILE)
        assert pulled == pooled
        return decisions

    with monkeypatch.context() as patch:
        patch.setattr(Plan, "decide", decide_slowly)
        _route(lead_ids)
    assert sorted(_owners(lead_ids).values()) == [1, 1, 1]


def test_who_saves_a_lead_does_not_wait_for_a_long_routing(rule_id, monkeypatch):
    """It is left to the cron, which is woken up."""
    monkeypatch.setattr(crm_lead_route, "PATIENCE", "100ms")
    with transaction() as env:
        env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [ROUTING_LOCK])
        cron = env.ref("lead_management.ir_cron_assign")
        triggers = env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        lead_ids = _create_leads(2)
    with transaction() as env:
        leads = env["crm.lead"].browse(lead_ids)
        assert not leads.user_id
        assert all(leads.mapped("assignment_pending"))
        assert (
            env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]) > triggers
        )
    with transaction() as env:
        env["crm.lead"]._cron_assign()
    assert sorted(_owners(lead_ids).values()) == [1, 1]
    _assert_books()


def test_rules_and_pulls_at_once_keep_all_limits(people, members):
    """Two rules and a pool deal to the same people, who may have four leads each."""
    for user_id in people:
        new_capacity(user_id, open_limit=4)
    pool_id = new_pool(people, new_leads(8))
    _new_member_rule(people, domain="[('color', '=', 1)]")
    new_rule(target="pool", pool_id=pool_id)
    jobs = [(_create_leads, 2, number % 2) for number in range(12)]
    jobs += [(attempt, user_id, _pull) for user_id in people * 2]
    in_parallel(_run, jobs[::2] + jobs[1::2])
    with transaction() as env:
        leads = env["crm.lead"].search([("name", "=", NAME)])
        counts = Counter(lead.user_id.id for lead in leads)
        assert all(counts[user_id] <= 4 for user_id in people)
        for lead in leads:
            owned = lead.assignment_log_ids.filtered(
                lambda log: log.outcome in ("assigned", "claimed")
            )
            assert owned.user_id == lead.user_id
            assert len(owned) == bool(lead.user_id)
            waits = [bool(lead.pool_entry_ids), lead.assignment_pending]
            assert bool(lead.user_id) or sum(waits) == 1
    _assert_books()


def _run(job):
    function, *args = job
    return function(*args)


def _write_owner(env, lead_id):
    env["crm.lead"].browse(lead_id).user_id = env.user


def test_people_who_help_themselves_while_leads_are_routed(people, members):
    """Each locks what the other needs: nobody sees an error, the limits hold."""
    for user_id in people:
        new_capacity(user_id, open_limit=4)
    _new_member_rule(people)
    lead_ids = _new_pending_leads(18)
    jobs = [(_route, lead_ids[start::3]) for start in range(3)]
    jobs += [
        (attempt, user_id, _write_owner, lead_id)
        for user_id, lead_id in zip(cycle(people), lead_ids, strict=False)
    ]
    in_parallel(_run, jobs, workers=9)
    _route(lead_ids, "queue")
    counts = Counter(owners(lead_ids).values())
    assert False not in counts
    assert all(counts[user_id] <= 4 for user_id in people)
    _assert_books()


def test_route_now_goes_on_where_turns_were_dealt_since_it_was_pressed(rule_id):
    """In Odoo's usual isolation it would be repeated, and fail again."""
    [manager_id] = new_users(1, "sales_team.group_sale_manager")
    lead_ids = new_leads(6)

    def route_now(env):
        leads = env["crm.lead"].browse(lead_ids)
        leads.mapped("name")  # from here on the transaction sees this state only
        _create_leads(1)
        return leads.action_route()["params"]["type"]

    assert request(manager_id, route_now) == "success"
    assert sum(_owners(lead_ids).values()) == 6
    with transaction() as env:
        logs = env["crm.lead"].browse(lead_ids).assignment_log_ids
        assert logs.actor_id.id == manager_id
        assert set(logs.mapped("trigger")) == {"manual"}
    _assert_books()
