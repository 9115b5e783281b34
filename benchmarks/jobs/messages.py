"""Messages: into the outbox, and out of it."""

import os
import socketserver
import sys
import threading
import time
from unittest.mock import patch

from harness.job import Goal, Job, job
from harness.lead_rows import insert_leads
from harness.transactions import really

from odoo import modules, sql_db

NAME = "Bench message"
TEMPLATE = {
    "name": NAME,
    "subject": "{{ object.contact_name }}: what we do",
    "body_html": "<p>Good day <t t-out='object.contact_name'/>,</p><p>we are good.</p>",
    "email_to": "{{ object.email_from }}",
    "auto_delete": False,
}
NUMBER = 1_000


class WithLeads(Job):
    """Leads with an address of their own."""

    dirty = ("crm_lead", "lead_message", "mail_message", "mail_mail")
    number = NUMBER

    def rows(self, variant):
        return self.number

    def prepare(self, env, side, variant=""):
        ids = insert_leads(env, self.number, side != "peer", start=self.leads)
        env.cr.execute(
            "UPDATE crm_lead SET email_from = 'bench' || id || '@example.com', "
            "email_normalized = 'bench' || id || '@example.com' WHERE id = ANY(%s)",
            [ids],
        )
        env.invalidate_all()
        env["res.company"].search([]).write(
            {"message_quiet_on": False} if side != "peer" else {}
        )
        model_id = env["ir.model"]._get_id("crm.lead")
        template = env["mail.template"].create({**TEMPLATE, "model_id": model_id})
        return env["crm.lead"].browse(ids), template


@job(
    "message-queue",
    "render and queue 1,000 e-mails",
    Goal(peer=1 / 3),
)
class Queue(WithLeads):
    """Odoo's own: a template sent to one lead after the other, into its queue."""

    def ours(self, env, prepared, variant=""):
        leads, template = prepared
        subjects = template._render_field("subject", leads.ids)
        bodies = template._render_field("body_html", leads.ids)
        messages = env["lead.message"]._queue(
            [
                {
                    "lead_id": lead_id,
                    "channel": "email",
                    "purpose": "follow_up",
                    "subject": subjects[lead_id],
                    "body": bodies[lead_id],
                }
                for lead_id in leads.ids
            ]
        )
        assert set(messages.mapped("state")) == {"queued"}

    def peer(self, env, prepared, variant=""):
        leads, template = prepared
        for lead in leads:
            template.send_mail(lead.id)

    def floor(self, env, prepared, variant=""):
        leads, __ = prepared
        env.cr.execute(
            """
            INSERT INTO lead_message (lead_id, channel, purpose, state, key, body)
            SELECT id, 'email', 'custom', 'queued', id::text, 'Good day'
            FROM unnest(%s) AS id
            """,
            [leads.ids],
        )


@job("message-queue-10000", "queue 10,000 e-mails, rendered", Goal(floor=30))
class Queue10000(WithLeads):
    number = 10_000

    def ours(self, env, prepared, variant=""):
        leads, __ = prepared
        env["lead.message"]._queue(
            [
                {
                    "lead_id": id_,
                    "channel": "email",
                    "purpose": "follow_up",
                    "subject": "S",
                    "body": f"B{id_}",
                }
                for id_ in leads.ids
            ]
        )

    floor = Queue.floor


class Sink(socketserver.ThreadingTCPServer):
    """A mail server that takes everything."""

    daemon_threads = True

    def __init__(self):
        self.recipients = []
        super().__init__(("127.0.0.1", 0), SinkHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class SinkHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 sink\r\n")
        while line := self.rfile.readline():
            command = line[:4].upper()
            if command == b"RCPT":
                self.server.recipients.append(line)
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
            if command == b"QUIT":
                return


@job("message-send", "send 600 e-mails to a mail server on this machine")
class Send(WithLeads):
    """Transactions that commit, as in production; the chatter is told as well.

    ``peer`` is Odoo's own queue of mails, which neither claims nor retries. Messages
    per second are printed beside the table.
    """

    number = 600
    variants = {"one worker": Goal(peer=3), "two workers": None}

    def __init__(self, leads):
        super().__init__(leads)
        self.sinks = {}

    def setup(self, env, addon):
        self.sinks[addon] = Sink()
        env["ir.mail_server"].search([]).active = False
        env["ir.mail_server"].create(
            {
                "name": NAME,
                "smtp_host": "127.0.0.1",
                "smtp_port": self.sinks[addon].server_address[1],
                "smtp_encryption": "none",
            }
        )

    def teardown(self, env, addon):
        servers = env["ir.mail_server"].search([("name", "=", NAME)])
        servers.unlink()
        sink = self.sinks.pop(addon, None)
        if sink:
            sink.shutdown()
            sink.server_close()
        self._clean(env)

    def _clean(self, env):
        env["crm.lead"].search([("email_from", "=like", "bench%@example.com")]).unlink()
        env["mail.template"].search([("name", "=", NAME)]).unlink()
        env["mail.mail"].search([("email_to", "=like", "bench%@example.com")]).unlink()

    def prepare(self, env, side, variant=""):
        self._clean(env)
        leads, template = super().prepare(env, side, variant)
        if side == "peer":
            template.send_mail_batch(leads.ids)
        else:
            Queue10000.ours(self, env, (leads, template))
        env.cr.commit()
        self.sinks[side != "peer"].recipients.clear()
        return leads

    def ours(self, env, leads, variant=""):
        workers = 2 if variant == "two workers" else 1
        self._measure(
            lambda: self._send_apart(env.registry, workers),
            self.sinks[True],
            f"ours, {variant}",
        )
        recipients = self.sinks[True].recipients
        assert len(set(recipients)) == self.number, "doubled"

    def peer(self, env, leads, variant=""):
        mails = env["mail.mail"].search(
            [("model", "=", "crm.lead"), ("res_id", "in", leads.ids)]
        )
        self._measure(lambda: mails.send(auto_commit=True), self.sinks[False], "peer")

    @staticmethod
    def _send_apart(registry, workers):
        """Send in so many processes, as a server with cron workers does."""
        from odoo.addons.lead_management.models.messaging.outbox.sender import Sender

        pids = []
        for __ in range(workers):
            if pid := os.fork():
                pids.append(pid)
                continue
            # the connections are the parent's: neither used nor closed
            kept = sql_db._Pool, registry._db
            sql_db._Pool = None
            registry._db = sql_db.db_connect(registry.db_name)
            Sender(registry, 50).run(120)
            os._exit(0 if kept else 1)
        for pid in pids:
            assert os.waitpid(pid, 0)[1] == 0, "a worker died"

    def _measure(self, send, sink, label):
        start = time.perf_counter()
        # in its tests Odoo sends no mail
        with really(), patch.object(modules.module, "current_test", None):
            send()
        seconds = time.perf_counter() - start
        assert len(sink.recipients) == self.number, len(sink.recipients)
        print(
            f"  {label}: {self.number / seconds:.0f} per second",
            file=sys.stderr,
            flush=True,
        )
