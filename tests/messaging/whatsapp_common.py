"""Two companies on WhatsApp, and a Meta that misbehaves on command."""

import hashlib
import hmac
import json
import time
from unittest.mock import patch

from odoo.addons.lead_management.models.base import graph
from odoo.addons.lead_management.models.messaging.provider.provider import PROVIDERS
from odoo.addons.lead_management.tests.common import LeadManagementCase

from .whatsapp_fakes import (
    APP_SECRET,
    BUSINESS_ACCOUNT_ID,
    PHONE_NUMBER_ID,
    TOKEN,
    FakeGraph,
)

NUMBER = "+33612345678"
SENDER = NUMBER[1:]
PHONE_NUMBER_ID_B = "206540352242922"


class WhatsappCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.graph = FakeGraph().__enter__()
        cls.addClassCleanup(cls.graph.close)
        cls.classPatch(graph, "FAKE_HOSTS", {"127.0.0.1"})
        # a test sees what times out within a second, and not in twenty
        cls.classPatch(graph, "READ_TIMEOUT", 1)
        cls.classPatch(graph, "TOTAL_TIMEOUT", 2)
        cls.account = cls._new_account(cls.company, PHONE_NUMBER_ID, APP_SECRET)
        cls.account_b = cls._new_account(cls.company_b, PHONE_NUMBER_ID_B, "other app")
        cls.lead = cls._new_lead(name="Ann's lead", phone=NUMBER, contact_name="Ann")

    def setUp(self):
        super().setUp()
        self.graph.scripts.clear()
        self.graph.calls.clear()
        self.graph.accepted.clear()

    @classmethod
    def _new_account(cls, company, phone_number_id, app_secret, **values):
        return cls.env["lead.whatsapp.account"].create(
            {
                "name": f"WhatsApp of {company.name}",
                "company_id": company.id,
                "phone_number_id": phone_number_id,
                "business_account_id": BUSINESS_ACCOUNT_ID,
                "access_token": TOKEN,
                "app_secret": app_secret,
                "base_url": cls.graph.url,
                "state": "connected",
                **values,
            }
        )

    # ------------------------------------------------------------
    # Out
    # ------------------------------------------------------------

    def _new_message(self, lead=None, **values):
        """A message that is let in, past the gate: that one has tests of its own."""
        lead = lead or self.lead
        gate = self.registry["lead.message.gate"]
        with patch.object(gate, "_decide", _let_all_in):
            return self.env["lead.message"]._queue(
                [{"lead_id": lead.id, "channel": "whatsapp", "body": "Hello", **values}]
            )

    def _open_window(self, number=NUMBER, account=None, hours_ago=1):
        contact = self.env["lead.whatsapp.contact"]._get_locked(
            account or self.account, number[1:], "Ann"
        )
        contact.last_date = self._ago(hours=hours_ago)

    def _ago(self, **delta):
        from odoo import fields

        return fields.Datetime.subtract(fields.Datetime.now(), **delta)

    def _send(self, message):
        provider = PROVIDERS.get("whatsapp", "whatsapp_cloud")(self.env)
        try:
            return provider.send(message)
        finally:
            provider.close()

    # ------------------------------------------------------------
    # In
    # ------------------------------------------------------------

    def _envelope(self, *, messages=(), statuses=(), name="Ann Smith", **more):
        """What Meta posts."""
        value = {
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": "15550783881",
                "phone_number_id": more.get("phone_number_id", PHONE_NUMBER_ID),
            },
        }
        if messages:
            value["contacts"] = [
                {"profile": {"name": name}, "wa_id": one.get("from")}
                for one in messages
            ]
            value["messages"] = list(messages)
        if statuses:
            value["statuses"] = list(statuses)
        change = {"field": "messages", "value": value}
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": BUSINESS_ACCOUNT_ID, "changes": [change]}],
        }

    def _message(self, key="wamid.in.1", sender=SENDER, **content):
        content = content or {"type": "text", "text": {"body": "Hello there"}}
        return {
            "from": sender,
            "id": key,
            "timestamp": str(int(time.time())),
            **content,
        }

    def _status(self, reference, status, **more):
        return {
            "id": reference,
            "status": status,
            "timestamp": str(int(time.time())),
            "recipient_id": SENDER,
            **more,
        }

    def _sign(self, body, secret=APP_SECRET):
        return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    def _store(self, payload, account=None):
        """Take up a payload as the webhook does, and return the events."""
        Event = self.env["lead.whatsapp.event"].sudo()
        last = Event.search([], limit=1).id
        Event._store(account or self.account, json.dumps(payload).encode())
        return Event.search([("id", ">", last or 0)], order="id")

    def _work_in(self, payload, account=None):
        events = self._store(payload, account)
        for event in events:
            event._process()
        return events

    def _receive(self, *messages, **options):
        return self._work_in(self._envelope(messages=messages, **options))

    def _last_post(self, lead):
        return lead.message_ids.filtered(
            lambda one: one.message_type == "whatsapp_message"
        )[:1]


def _let_all_in(gate, rows):
    from odoo.addons.lead_management.models.messaging.gate.lead_message_gate import (
        Decision,
    )

    gate._complete(rows)
    return [Decision("send")] * len(rows)
