"""Routing with real transactions that commit: what a test case cannot show."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from odoo import SUPERUSER_ID, api, modules
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

WORKERS = 6
NAME = "Concurrency test"


@contextmanager
def transaction():
    with Registry(get_db_name()).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})


def _clean_up():
    with transaction() as env:
        domain = [("name", "=like", f"{NAME}%")]
        for model in ("crm.lead", "lead.assignment.rule", "res.users"):
            env[model].with_context(active_test=False).search(domain).unlink()


@pytest.fixture
def rule_id(monkeypatch):
    """A committed rule over three committed members; only it is active."""
    monkeypatch.setattr(modules.module, "current_test", None)
    _clean_up()
    with transaction() as env:
        others = env["lead.assignment.rule"].search([])
        others.active = False
        members = env["res.users"].create(
            [
                {"name": f"{NAME} {number}", "login": f"lm_concurrency_{number}"}
                for number in range(3)
            ]
        )
        rule = env["lead.assignment.rule"].create(
            {
                "name": NAME,
                "target": "members",
                "member_ids": [Command.set(members.ids)],
            }
        )
        rule_id, other_ids = rule.id, others.ids
    yield rule_id
    _clean_up()
    with transaction() as env:
        env["lead.assignment.rule"].browse(other_ids).active = True


def _create_leads(count):
    """What one request does: create, commit; routing follows the commit."""
    lead_ids = []
    for __ in range(count):
        with transaction() as env:
            lead_ids += env["crm.lead"].create({"name": NAME}).ids
    return lead_ids


def _in_parallel(job, arguments):
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(job, arguments))


def _owners(lead_ids):
    with transaction() as env:
        leads = env["crm.lead"].browse(lead_ids)
        assert not any(leads.mapped("assignment_pending"))
        assert all(len(lead.assignment_log_ids) == 1 for lead in leads)
        return Counter(lead.user_id.id for lead in leads)


def test_routed_right_after_the_commit(rule_id):
    owners = _owners(_create_leads(4))
    assert sorted(owners.values()) == [1, 1, 2]


def test_concurrent_creation_is_fair_and_complete(rule_id):
    results = _in_parallel(_create_leads, [5] * WORKERS)
    lead_ids = [lead_id for ids in results for lead_id in ids]
    owners = _owners(lead_ids)
    assert False not in owners
    assert sorted(owners.values()) == [10, 10, 10]
    with transaction() as env:
        rule = env["lead.assignment.rule"].browse(rule_id)
        assert sorted(rule.turn_ids.mapped("turns")) == [10, 10, 10]


def test_same_leads_routed_twice_at_once_have_one_owner(rule_id, monkeypatch):
    with transaction() as env:
        lead_ids = env["crm.lead"].create([{"name": NAME}] * 12).ids
        env.cr.postcommit.clear()  # as if the server had died after the commit

    def route(__):
        with transaction() as env:
            env["crm.lead"]._assignment_route_apart(lead_ids)

    _in_parallel(route, range(WORKERS))
    # what was locked by one routing is left alone by the others, never dealt twice
    owners = _owners(lead_ids)
    assert sorted(owners.values()) == [4, 4, 4]


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
        env["crm.lead"]._assignment_route_apart(lead_ids)
    assert False not in _owners(lead_ids)
