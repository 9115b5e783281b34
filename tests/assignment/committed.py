"""People at work at the same time, in real transactions that commit."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import pytest

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service import model as service
from odoo.tests.common import get_db_name

# Everything that is committed bears this name, and is removed by it; the rest by age.
NAME = "Concurrency test"
MODELS = (
    "crm.lead",
    "lead.assignment.rule",
    "lead.pool",
    "crm.team",
    "res.users",
    "res.partner",
)
BY_THE_WAY = (
    "ir.cron.trigger",
    "mail.mail",
    "mail.message",
    "bus.bus",
    "crm.lead.scoring.frequency",
)


@contextmanager
def transaction(user_id=SUPERUSER_ID):
    with Registry(get_db_name()).cursor() as cr:
        yield api.Environment(cr, user_id, {"tracking_disable": True})


def request(user_id, job, *args):
    """Do what one request does: tried again where Odoo would try it again."""
    with Registry(get_db_name()).cursor() as cr:
        env = api.Environment(cr, user_id, {})
        return service.retrying(partial(job, env, *args), env)


def attempt(user_id, job, *args):
    """Return what a request returns, or the message its user gets instead."""
    try:
        return request(user_id, job, *args)
    except UserError as error:
        return str(error)


def in_parallel(job, *arguments, workers=8):
    """Call a job once for each argument, in as many threads."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(job, *arguments))


def clean_up():
    with transaction() as env:
        domain = [("name", "=like", f"{NAME}%")]
        for model in MODELS:
            env[model].with_context(active_test=False).search(domain).unlink()


@contextmanager
def committing():
    """Let transactions commit as in service, retried soon; nothing stays behind."""
    soon = SimpleNamespace(uniform=lambda low, high: random.uniform(low, high) / 20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "random", soon)
        clean_up()
        with transaction() as env:
            others = env["lead.assignment.rule"].search([])
            others.active = False
            other_ids = others.ids
            last = {model: _last_id(env[model]) for model in BY_THE_WAY}
        yield
        clean_up()
        with transaction() as env:
            env["lead.assignment.rule"].browse(other_ids).active = True
            for model, last_id in last.items():
                env[model].search([("id", ">", last_id)]).unlink()


def _last_id(records):
    return records.search([], order="id desc", limit=1).id or 0


def empty(user_ids):
    """Remove everything but the people."""
    with transaction() as env:
        for model in MODELS[:3]:
            records = env[model].with_context(active_test=False)
            records.search([("name", "=like", f"{NAME}%")]).unlink()
        env["lead.assignment.capacity"].search([("user_id", "in", user_ids)]).unlink()


def new_users(count, group="sales_team.group_sale_salesman"):
    with transaction() as env:
        groups = env.ref("base.group_user") + env.ref(group)
        return (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        "name": f"{NAME} {group} {number}",
                        "login": f"lm_{group}_{number}",
                        "group_ids": [Command.set(groups.ids)],
                    }
                    for number in range(count)
                ]
            )
            .ids
        )


def new_leads(count, **values):
    """Leads nobody owns, and no rule decides on."""
    with transaction() as env:
        leads = env["crm.lead"].create(
            [{"name": NAME, "user_id": False, "team_id": False, **values}] * count
        )
        env.cr.flush()
        env.cr.postcommit.clear()
        leads.assignment_pending = False
        return leads.ids


def new_pool(user_ids, lead_ids=(), **values):
    """A pool of these people in which these leads wait."""
    with transaction() as env:
        pool = env["lead.pool"].create(
            {
                "name": NAME,
                "member_ids": [Command.set(user_ids)],
                "wip_limit": 0,
                **values,
            }
        )
        pour(env, pool, lead_ids)
        return pool.id


def pour(env, pool, lead_ids):
    leads = env["crm.lead"].browse(lead_ids)
    leads._as_engine().assignment_pool_id = pool
    env["lead.pool.entry"]._enter([(lead_id, pool.id) for lead_id in lead_ids])


def new_rule(**values):
    with transaction() as env:
        return env["lead.assignment.rule"].create({"name": NAME, **values}).id


def new_capacity(user_id, **limits):
    with transaction() as env:
        return env["lead.assignment.capacity"].create({"user_id": user_id, **limits}).id


def owners(lead_ids):
    """Return the owner of each lead, False where there is none."""
    with transaction() as env:
        return {lead.id: lead.user_id.id for lead in env["crm.lead"].browse(lead_ids)}
