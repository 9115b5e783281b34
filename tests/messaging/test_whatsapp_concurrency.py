"""WhatsApp with real transactions that commit: several workers, the same person."""

import json
import time

import pytest

from odoo import SUPERUSER_ID

from ..assignment.committed import committing, in_parallel, request, transaction

NAME = "Concurrency test of WhatsApp"
PHONE_NUMBER_ID = "906540352242922"
SENDER = "34699000111"
WORKERS = 6


def _clean_up():
    with transaction() as env:
        Account = env["lead.whatsapp.account"].with_context(active_test=False)
        Account.search([("phone_number_id", "=", PHONE_NUMBER_ID)]).unlink()
        leads = env["crm.lead"].with_context(active_test=False)
        leads.search([("phone_sanitized", "=", f"+{SENDER}")]).unlink()
        env["lead.consent"].search([("phone_sanitized", "=", f"+{SENDER}")]).unlink()


@pytest.fixture
def account_id():
    with committing():
        _clean_up()
        with transaction() as env:
            account = env["lead.whatsapp.account"].create(
                {
                    "name": NAME,
                    "phone_number_id": PHONE_NUMBER_ID,
                    "access_token": "x",
                    "app_secret": "x",
                }
            )
            account_id = account.id
        yield account_id
        _clean_up()


def _body(*keys):
    value = {
        "metadata": {"phone_number_id": PHONE_NUMBER_ID},
        "contacts": [{"wa_id": SENDER, "profile": {"name": NAME}}],
        "messages": [
            {
                "from": SENDER,
                "id": key,
                "timestamp": str(int(time.time())),
                "type": "text",
                "text": {"body": f"Message {key}"},
            }
            for key in keys
        ],
    }
    change = {"field": "messages", "value": value}
    return json.dumps({"entry": [{"id": "1", "changes": [change]}]}).encode()


def _store_in(env, account_id, body):
    account = env["lead.whatsapp.account"].browse(account_id)
    return env["lead.whatsapp.event"]._store(account, body)


def _store(account_id, body):
    """Store what the webhook gets, as a request does."""
    return request(SUPERUSER_ID, _store_in, account_id, body)


def _work(_worker):
    with transaction() as env:
        env["lead.whatsapp.event"]._cron_process()


def _get_events(env, account_id):
    return env["lead.whatsapp.event"].search([("account_id", "=", account_id)])


def test_the_same_call_many_times_at_once(account_id):
    body = _body("wamid.1", "wamid.2")
    stored = in_parallel(lambda _: _store(account_id, body), range(WORKERS))
    assert sum(stored) == 2
    with transaction() as env:
        assert len(_get_events(env, account_id)) == 2


def test_workers_at_once_make_one_lead_and_lose_nothing(account_id):
    keys = [f"wamid.{number}" for number in range(20)]
    _store(account_id, _body(*keys))
    deadline = time.monotonic() + 60
    waiting = True
    while waiting and time.monotonic() < deadline:
        in_parallel(_work, range(WORKERS), workers=WORKERS)
        with transaction() as env:
            events = _get_events(env, account_id)
            waiting = events.filtered(lambda one: one.state == "pending")
            waiting.next_try = False
            waiting = bool(waiting)
    with transaction() as env:
        events = _get_events(env, account_id)
        assert set(events.mapped("state")) == {"done"}
        lead = env["crm.lead"].search([("phone_sanitized", "=", f"+{SENDER}")])
        assert len(lead) == 1
        posts = lead.message_ids.filtered(
            lambda one: one.message_type == "whatsapp_message"
        )
        assert len(posts) == len(keys)
        assert {key for key in keys for post in posts if f" {key}<" in post.body} == {
            *keys
        }
