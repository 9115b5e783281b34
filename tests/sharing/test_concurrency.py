"""Two at once, and whoever is killed in between."""

from contextlib import suppress
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from psycopg2 import InterfaceError, OperationalError

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor
from odoo.tests.common import get_db_name

from ..assignment.committed import NAME, attempt, committing, in_parallel, transaction


@pytest.fixture(scope="module")
def world():
    with committing():
        with transaction() as env:
            companies = env["res.company"]
            # a company cannot be deleted: that of the last run is taken
            company = companies.search([("name", "=", "Sharing at once")], limit=1)
            company = company or companies.create({"name": "Sharing at once"})
            user = env["res.users"].create(
                {
                    "name": NAME,
                    "login": "sharing_concurrency",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.set(env.ref("sales_team.group_sale_salesman").ids)
                    ],
                }
            )
            partner = env["lead.share.partner"].create({"to_company_id": company.id})
            policy = env["lead.share.policy"].create(
                {"name": NAME, "recipient_ids": [Command.set(partner.ids)]}
            )
            ids = SimpleNamespace(
                company=company.id, user=user.id, partner=partner.id, policy=policy.id
            )
        yield ids
        with transaction() as env:
            shares = env["lead.share"].search([("policy_id", "=", ids.policy)])
            copies = shares.copy_id
            shares.unlink()
            leads = env["crm.lead"].with_context(active_test=False)
            (copies + leads.search([("name", "=", NAME)])).unlink()
            env["lead.share.policy"].browse(ids.policy).unlink()
            env["lead.share.partner"].browse(ids.partner).unlink()
            env["res.users"].browse(ids.user).active = False


@pytest.fixture
def offer(world):
    """Return the id of an offer to the other company."""
    with transaction() as env:
        lead = env["crm.lead"].create(
            {"name": NAME, "user_id": SUPERUSER_ID, "company_id": 1}
        )
        policy = env["lead.share.policy"].browse(world.policy)
        return env["lead.share"]._offer(lead, policy).id


def _count_copies(share_id):
    with transaction() as env:
        share = env["lead.share"].browse(share_id)
        copies = env["crm.lead"].search_count(
            [("name", "=", NAME), ("company_id", "=", share.to_company_id.id)]
        )
        others = env["lead.share"].search_count([("copy_id", "!=", False)])
        return share.state, copies - others + bool(share.copy_id)


def test_two_accept_at_once(world, offer):
    def accept(__):
        def job(env):
            env["lead.share"].browse(offer).action_accept()
            return "done"

        return attempt(world.user, job)

    results = in_parallel(accept, range(4), workers=4)
    assert results.count("done") == 1, results
    assert all(isinstance(result, str) for result in results)
    assert _count_copies(offer) == ("accepted", 1)


def _die_at(number, user_id, job):
    """Run a job whose session ends at its n-th statement; return whether it did."""
    execute = Cursor.execute
    left = [number]
    cr = Registry(get_db_name()).cursor()
    pid = cr._cnx.info.backend_pid

    def dying(cursor, *args, **kwargs):
        if cursor is cr:
            left[0] -= 1
            if left[0] == 0:
                with Registry(get_db_name()).cursor() as other:
                    execute(other, "SELECT pg_terminate_backend(%s)", [pid])
        return execute(cursor, *args, **kwargs)

    env = api.Environment(cr, user_id, {})
    has_died = False
    try:
        with patch.object(Cursor, "execute", dying):
            job(env)
            cr.flush()
            cr.rollback()
    except (OperationalError, InterfaceError):
        has_died = True
    env.transaction.clear()
    with suppress(OperationalError, InterfaceError):
        cr.close()
    assert has_died == (left[0] <= 0)
    return has_died


def _count_rows():
    with transaction() as env:
        env.cr.execute(
            """SELECT (SELECT count(*) FROM lead_share),
                      (SELECT count(*) FROM lead_share_event),
                      (SELECT count(*) FROM crm_lead),
                      (SELECT count(*) FROM lead_share WHERE copy_id IS NULL)"""
        )
        return env.cr.fetchone()


def test_whoever_is_killed_leaves_no_orphan(world, offer):
    """The session ends at each statement in turn: nothing of it happened."""
    with transaction() as env:
        leads = env["crm.lead"].create(
            [{"name": NAME, "user_id": SUPERUSER_ID, "company_id": 1}] * 2
        )
        ids = leads.ids

    def accept(env):
        env["lead.share"].browse(offer).action_accept()

    def decline(env):
        env["lead.share"].browse(offer)._get_ours("offered")._decline("region")

    def offer_two(env):
        policy = env["lead.share.policy"].browse(world.policy)
        env["lead.share"]._offer(env["crm.lead"].browse(ids), policy)

    jobs = (
        (accept, world.user),
        (decline, world.user),
        (offer_two, SUPERUSER_ID),
    )
    before = _count_rows()
    for job, user_id in jobs:
        number = 1
        while _die_at(number, user_id, job):
            assert _count_rows() == before, (job, number)
            number += 1
        print(f"{job.__name__}: killed at each of {number - 1} statements")
        assert number > 5
    assert _count_copies(offer) == ("offered", 0)
