"""The outbox as in service: transactions that commit, servers that listen."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import modules
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.base.models import ir_mail_server
from odoo.addons.lead_management.models.messaging.outbox.sender import Sender

from ..assignment.committed import NAME, committing, transaction
from .fakes import FakeIap, FakeSmtp

# What lasts seconds in service and must not in tests.
SMTP_TIMEOUT = 2
WENT_OUT = ("sent", "delivered", "read", "replied")


@contextmanager
def in_service():
    """Let the outbox send to fake servers; nothing else is in it."""
    smtp, iap = FakeSmtp().start(), FakeIap().start()
    with (
        committing(),
        patch.object(ir_mail_server, "SMTP_TIMEOUT", SMTP_TIMEOUT),
        # in its tests Odoo connects to no mail server and sends no text message
        patch.object(modules.module, "current_test", None),
    ):
        with transaction() as env:
            others = env["ir.mail_server"].search([])
            others.active = False
            server = env["ir.mail_server"].create(
                {
                    "name": NAME,
                    "smtp_host": "127.0.0.1",
                    "smtp_port": smtp.port,
                    "smtp_encryption": "none",
                }
            )
            env["ir.config_parameter"].set_param("sms.endpoint", iap.url)
            companies = env["res.company"].search([])
            companies.message_quiet_on = False
            env["iap.account"].get("sms")
        try:
            yield Service(smtp, iap, server.id)
        finally:
            smtp.stop()
            iap.stop()
            with transaction() as env:
                env["ir.mail_server"].browse(server.id).unlink()
                others.with_env(env).active = True
                companies.with_env(env).message_quiet_on = True
                env["ir.config_parameter"].set_param("sms.endpoint", False)


class Service:
    """The outbox and the servers around it."""

    def __init__(self, smtp, iap, server_id):
        self.smtp, self.iap, self.server_id = smtp, iap, server_id

    def reset(self):
        """Forget all messages."""
        for fake in (self.smtp, self.iap):
            fake.actions, fake.default, fake.accepted = {}, [], []
            fake.victim = fake.on_accept = None
            fake.connections = 0
            if not fake.server:
                fake.start()
        with transaction() as env:
            env["crm.lead"].search([("name", "=", NAME)]).unlink()
            for model in ("lead.message.outage", "lead.message.status", "sms.tracker"):
                env[model].search([]).unlink()
            env["lead.consent"].search([]).unlink()

    def queue(self, count, channel="email", **values):
        """Queue as many messages, each to a lead of its own.

        :return: their recipients, in order
        """
        with transaction() as env:
            leads = env["crm.lead"].create(
                [
                    {
                        "name": NAME,
                        "user_id": env.ref("base.user_admin").id,
                        "email_from": f"a{number}@example.com",
                        "phone": f"+3247000{number:04}",
                    }
                    for number in range(count)
                ]
            )
            env.cr.flush()
            env.cr.postcommit.clear()
            messages = env["lead.message"]._queue(
                [
                    {
                        "lead_id": lead.id,
                        "channel": channel,
                        "subject": f"Hello {lead.id}",
                        "body": f"Good day {lead.id}",
                        "purpose": "follow_up",
                        **values,
                    }
                    for lead in leads
                ]
            )
            return messages.mapped("recipient")

    def send(self, batch_size=100, seconds=120):
        """Send what is due, as the cron does, in this process."""
        return Sender(Registry(get_db_name()), batch_size).run(seconds)

    def make_due(self):
        """Let the time pass that messages wait for."""
        with transaction() as env:
            env.cr.execute(
                "UPDATE lead_message SET next_try = now() AT TIME ZONE 'UTC' "
                "- interval '1 second' WHERE state IN ('queued', 'retry')"
            )
            env.cr.execute(
                "UPDATE lead_message_outage SET next_try = "
                "now() AT TIME ZONE 'UTC' - interval '1 second'"
            )

    def states(self):
        """Return the state of the message to each recipient."""
        with transaction() as env:
            messages = env["lead.message"].search([("lead_id.name", "=", NAME)])
            return {message.recipient: message.state for message in messages}

    def read(self, recipient, *names):
        with transaction() as env:
            message = env["lead.message"].search(
                [("recipient", "=", recipient), ("lead_id.name", "=", NAME)]
            )
            values = [message[name] for name in names]
            return values[0] if len(values) == 1 else values

    def balance(self, recipients):
        """Compare the books: nothing lost, nothing doubled, nothing made up."""
        states = self.states()
        assert set(states) == set(recipients)
        accepted = self.smtp.recipients + self.iap.recipients
        assert not [one for one, count in accepted.items() if count > 1], "doubled"
        for recipient, state in states.items():
            if state in WENT_OUT:
                assert accepted[recipient] == 1, f"lost: {recipient}"
            elif state not in ("unknown", "sending"):
                assert not accepted[recipient], f"{recipient} is {state}"
        return states
