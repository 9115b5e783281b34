"""Three weeks of the ready-made education, against servers that really listen.

Mails go to an SMTP server, messages to a Graph API and to Odoo's service for texts, all
on this machine; replies come in as mails. The books of the servers are those of ours.
"""

from collections import Counter
from unittest.mock import patch

import pytest

from odoo import fields

from odoo.addons.lead_management.models.base import graph

from ..assignment.committed import NAME, transaction
from ..messaging.service import WENT_OUT, in_service
from ..messaging.whatsapp_fakes import (
    APP_SECRET,
    BUSINESS_ACCOUNT_ID,
    PHONE_NUMBER_ID,
    TOKEN,
    FakeGraph,
)

COUNT = 200
REPLIES, OPTOUTS = range(0, 12), range(12, 18)
EDUCATION = "lead_management.lead_sequence_education"
REPLY = """From: {email}
To: sales@example.com
Subject: Re: {reference}
Message-Id: <reply-{email}>
In-Reply-To: {reference}
References: {reference}
Content-Type: text/plain

Please call me.
"""


@pytest.fixture
def world():
    with (
        in_service() as service,
        FakeGraph() as meta,
        patch.object(graph, "FAKE_HOSTS", {"127.0.0.1"}),
    ):
        service.reset()
        service.meta = meta
        with transaction() as env:
            before = _prepare(env, meta.url)
        try:
            yield service
        finally:
            with transaction() as env:
                _clean(env, before)
            service.reset()


def _prepare(env, url):
    """Set the world up; return what is put back afterwards."""
    company = env.company
    caps = company.message_cap_day, company.message_cap_week
    company.message_cap_day = company.message_cap_week = 0
    # templates tell how to reach the salesperson
    person = env.ref("base.user_admin").partner_id
    contact = {"phone": person.phone, "email": person.email}
    person.write({"phone": "+3222902490", "email": "admin@example.com"})
    sequence = env.ref(EDUCATION)
    names = (
        *("trigger", "window_start", "window_end", "window_weekend"),
        *("grace_days", "pace", "is_on", "on_date"),
    )
    before = {name: sequence[name] for name in names}
    sequence.write(
        {
            "trigger": "hand",
            "window_start": 0,
            "window_end": 24,
            "window_weekend": True,
            "grace_days": 0,
            "pace": 60000,
        }
    )
    account = env["lead.whatsapp.account"].create(
        {
            "name": NAME,
            "company_id": company.id,
            "phone_number_id": PHONE_NUMBER_ID,
            "business_account_id": BUSINESS_ACCOUNT_ID,
            "access_token": TOKEN,
            "app_secret": APP_SECRET,
            "base_url": url,
            "state": "connected",
        }
    )
    # the admin says the fourth thing on WhatsApp, else by a text message
    step = env.ref("lead_management.lead_sequence_step_education_s4")
    before_step = {
        "template_id": step.template_id.id,
        "fallback_id": step.fallback_id.id,
    }
    step.template_id = env["lead.message.template"].create(
        {
            "name": NAME,
            "channel": "whatsapp",
            "user_id": False,
            "whatsapp_body": "Hello {{ object.contact_name }}, have you seen it?",
        }
    )
    text = "lead_management.lead_message_template_meeting_request_sms"
    step.fallback_id = env.ref(text)
    stage = env["crm.stage"].search([("stage_type", "=", "nurturing")], limit=1)
    leads = env["crm.lead"].create(
        [
            {
                "name": NAME,
                "user_id": env.ref("base.user_admin").id,
                "stage_id": stage.id,
                "contact_name": f"Person {number}",
                "partner_name": f"Company {number}",
                "email_from": f"edu{number}@example.com",
                "phone": f"+3247100{number:04}",
            }
            for number in range(COUNT)
        ]
    )
    for lead in leads:
        env["lead.consent"]._record(lead, "given", text="In a test", how="form")
    for lead in leads[::2]:  # who wrote lately may be written to
        known = env["lead.whatsapp.contact"]._get_locked(
            account, lead.phone_sanitized[1:], lead.contact_name
        )
        known.last_date = fields.Datetime.now()
    return caps, contact, before_step, before


def _clean(env, before):
    caps, contact, before_step, values = before
    env.ref("base.user_admin").partner_id.write(contact)
    env.company.message_cap_day, env.company.message_cap_week = caps
    sequence = env.ref(EDUCATION)
    env["lead.enrollment"].search([("sequence_id", "=", sequence.id)]).unlink()
    sequence.write({name: value for name, value in values.items() if name != "is_on"})
    env.flush_all()
    env.cr.execute(
        "UPDATE lead_sequence SET is_on = FALSE, version_id = NULL WHERE id = %s",
        sequence.ids,
    )
    env.cr.execute(
        "UPDATE lead_sequence_version SET state = 'draft', active_date = NULL"
        " WHERE sequence_id = %s",
        sequence.ids,
    )
    env.invalidate_all()
    env["crm.lead"].search([("name", "=", NAME)]).unlink()
    env.ref("lead_management.lead_sequence_step_education_s4").write(before_step)
    env["lead.message.template"].search([("name", "=", NAME)]).unlink()
    accounts = env["lead.whatsapp.account"].search([("name", "=", NAME)])
    env["lead.whatsapp.contact"].search([("account_id", "in", accounts.ids)]).unlink()
    accounts.unlink()


def _live(service):
    """Let a few days pass: what is due is done and sent, and done with."""
    with transaction() as env:
        env["lead.enrollment"]._run_due()
    service.send()
    with transaction() as env:
        env["lead.enrollment"]._run_due()
    _make_due()


def _make_due():
    """Let the days pass that people wait for."""
    with transaction() as env:
        env.cr.execute(
            "UPDATE lead_enrollment SET due = now() AT TIME ZONE 'UTC'"
            " - interval '1 minute' WHERE state = 'waiting'"
        )
        # what the contact was told is days ago
        env.cr.execute(
            "UPDATE lead_message SET queued_date = queued_date - interval '5 days'"
        )


def _reply(service, number):
    """Let somebody answer the last mail that the server took for them."""
    email = f"edu{number}@example.com"
    reference = [ref for to, ref in service.smtp.accepted if to == email][-1]
    with transaction() as env:
        env["mail.thread"].message_process(
            "crm.lead", REPLY.format(email=email, reference=reference)
        )


def _count(service):
    """Return how many messages each person got, by any server."""
    texts = Counter(number for number, __ in service.iap.accepted)
    chats = Counter(f"+{message['to']}" for message in service.meta.accepted)
    mails = service.smtp.recipients
    # the salesperson is told of replies, too
    mails.pop("admin@example.com", None)
    return mails + texts + chats


def test_two_hundred_leads_in_three_weeks(world):
    service = world
    with transaction() as env:
        sequence = env.ref(EDUCATION)
        sequence.action_switch_on()
        leads = env["crm.lead"].search([("name", "=", NAME)], order="id")
        runs = sequence._enroll(leads, user=env.ref("base.user_admin"))
        assert len(runs) == COUNT
        run_ids, sequence_id = runs.ids, sequence.id
    _make_due()
    _live(service)
    assert len(service.smtp.accepted) == COUNT
    for number in REPLIES:
        _reply(service, number)
    with transaction() as env:
        leads = env["crm.lead"].search([("name", "=", NAME)], order="id")
        for lead in leads[OPTOUTS.start : OPTOUTS.stop]:
            env["lead.consent"]._record(lead, "withdrawn")
    stopped = [*REPLIES, *OPTOUTS]
    emails = [f"edu{number}@example.com" for number in stopped]
    at_stop = {email: _count(service)[email] for email in emails}
    for __ in range(7):
        _live(service)

    # everyone's story is right
    with transaction() as env:
        runs = env["lead.enrollment"].browse(run_ids)
        reasons = Counter(runs.mapped("reason"))
        assert reasons == {
            "reply": len(REPLIES),
            "optout": len(OPTOUTS),
            "finished": COUNT - len(stopped),
        }
        messages = env["lead.message"].search([("enrollment_id", "in", run_ids)])
        sent = messages.filtered(lambda message: message.state in WENT_OUT)
        by_run = Counter(message.enrollment_id.id for message in sent)
        finished = runs.filtered(lambda run: run.reason == "finished")
        assert {by_run[run.id] for run in finished} == {5}
        # nothing after a stop
        assert {email: _count(service)[email] for email in emails} == at_stop
        # the servers got what we say, each once
        assert Counter(sent.mapped("recipient")) == _count(service)
        assert len({ref for __, ref in service.smtp.accepted}) == len(
            service.smtp.accepted
        )
        assert service.meta.accepted and service.iap.accepted
        # the report adds up to the ledger
        [(steps, mails, replies)] = env["lead.sequence.report"]._read_group(
            [("sequence_id", "=", sequence_id)],
            [],
            ["enrollments:sum", "sent:sum", "replied:sum"],
        )
        assert (steps, mails) == (len(runs.ledger_ids), len(sent))
        assert replies == len(REPLIES)
