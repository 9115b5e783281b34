"""The ready-made education with two hundred leads, and servers that really listen."""

from collections import Counter

from odoo import fields

from ..assignment.committed import NAME
from ..messaging.service import WENT_OUT
from ..messaging.whatsapp_fakes import (
    APP_SECRET,
    BUSINESS_ACCOUNT_ID,
    PHONE_NUMBER_ID,
    TOKEN,
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


def prepare(env, url):
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


def make_due(env):
    """Let the days pass that people wait for."""
    env.flush_all()
    env.cr.execute(
        "UPDATE lead_enrollment SET due = now() AT TIME ZONE 'UTC'"
        " - interval '1 minute' WHERE state = 'waiting'"
    )
    # what the contact was told is days ago
    env.cr.execute(
        "UPDATE lead_message SET queued_date = queued_date - interval '5 days'"
    )
    env.invalidate_all()


def reply(env, smtp, number):
    """Let somebody answer the last mail that the server took for them."""
    email = f"edu{number}@example.com"
    reference = [ref for to, ref in smtp.accepted if to == email][-1]
    env["mail.thread"].message_process(
        "crm.lead", REPLY.format(email=email, reference=reference)
    )


def count(smtp, iap, meta):
    """Return how many messages each person got, by any server."""
    texts = Counter(number for number, __ in iap.accepted)
    chats = Counter(f"+{message['to']}" for message in meta.accepted)
    mails = smtp.recipients
    # the salesperson is told of replies, too
    mails.pop("admin@example.com", None)
    return mails + texts + chats


def check_books(env, runs, received):
    """Compare the books: who is in it, the outbox, the servers and the report."""
    stopped = len(REPLIES) + len(OPTOUTS)
    assert Counter(runs.mapped("reason")) == {
        "reply": len(REPLIES),
        "optout": len(OPTOUTS),
        "finished": COUNT - stopped,
    }
    messages = env["lead.message"].search([("enrollment_id", "in", runs.ids)])
    sent = messages.filtered(lambda message: message.state in WENT_OUT)
    by_run = Counter(message.enrollment_id.id for message in sent)
    finished = runs.filtered(lambda run: run.reason == "finished")
    assert {by_run[run.id] for run in finished} == {5}
    # the servers got what we say, each once
    assert Counter(sent.mapped("recipient")) == received
    # the report adds up to the ledger
    [numbers] = env["lead.sequence.report"]._read_group(
        [("sequence_id", "=", runs.sequence_id.id)],
        [],
        ["enrollments:sum", "sent:sum", "replied:sum", "opted_out:sum"],
    )
    assert numbers == (len(runs.ledger_ids), len(sent), len(REPLIES), len(OPTOUTS))
    return sent
