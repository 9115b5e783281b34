"""Two workers that send what is due: each report once, none left."""

from pathlib import Path

import pytest

from odoo import fields

from ..assignment.committed import committing, transaction
from ..processes import go, wait, worker

COUNT = 60
LOGIN = "lm_report_worker"


@pytest.fixture
def due():
    """Return the ids of subscriptions of which each is due."""
    with committing():
        _clean()
        with transaction() as env:
            user = env["res.users"].create(
                {
                    "login": LOGIN,
                    "name": LOGIN,
                    "email": f"{LOGIN}@example.com",
                    "group_ids": env.ref("sales_team.group_sale_salesman").ids,
                }
            )
            wanted = [{"user_id": user.id}] * COUNT
            ids = env["lead.report.subscription"].create(wanted).ids
            env.flush_all()
            env.cr.execute(
                "UPDATE lead_report_subscription SET next_run = %s WHERE id = ANY(%s)",
                [fields.Datetime.now(), ids],
            )
        yield ids
        _clean()


def _clean():
    with transaction() as env:
        users = env["res.users"].with_context(active_test=False)
        user = users.search([("login", "=", LOGIN)])
        env["lead.report.subscription"].search([("user_id", "in", user.ids)]).unlink()
        env["mail.mail"].search([("email_to", "ilike", LOGIN)]).unlink()
        partner = user.partner_id
        user.unlink()
        partner.unlink()


def test_two_workers_share_the_reports(due):
    file = Path(__file__).with_name("worker.py")
    with worker(file) as one, worker(file) as other:
        for process in (one, other):
            go(process)
        for process in (one, other):
            wait(process)
    with transaction() as env:
        sent = env["lead.report.sent"].search([("subscription_id", "in", due)])
        assert len(sent) == len(sent.subscription_id) == COUNT
        mails = env["mail.mail"].search_count([("email_to", "ilike", LOGIN)])
        assert mails == COUNT
        left = env["lead.report.subscription"].browse(due)
        assert min(left.mapped("next_run")) > fields.Datetime.now()
