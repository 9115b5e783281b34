"""Sources, and what comes in there."""

import json

from odoo.fields import Command

from odoo.addons.lead_management.models.capture.entry.lead_capture_entry_store import (
    Call,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase

KEY = "the key of the source"


class CaptureCase(LeadManagementCase):
    """A source of each kind in company A, and a form in company B."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Source = cls.env["lead.capture.source"]
        cls.Entry = cls.env["lead.capture.entry"]
        lines = [*cls.Source._prepare_form_fields()]
        lines.append(Command.create({"target": "description"}))
        cls.form = cls._new_source("form", field_ids=lines, team_id=cls.team.id)

    @classmethod
    def _new_source(cls, kind, **values):
        values = {"name": f"Source {kind}", "kind": kind, "secret": KEY, **values}
        return cls.env["lead.capture.source"].create(values)

    def _store(self, source, *payloads, is_wrong=False, **facts):
        """Keep payloads as the doors do, and return their entries."""
        door = source._get_door()
        items = [
            item
            for payload in payloads
            for item in door.split(payload, json.dumps(payload).encode())
        ]
        call = Call("203.0.113.7", facts, is_wrong)
        ids = self.Entry._store(source, items, call)
        return self.Entry.browse(ids)

    def _send(self, source, *payloads, **facts):
        """Keep payloads and process them."""
        if source.kind == "form":
            facts = {"seconds": 60, **facts}
            payloads = [{"values": payload} for payload in payloads]
        entries = self._store(source, *payloads, **facts)
        self.Entry._run_due()
        self.env.invalidate_all()
        return entries

    def _person(self, number=1, **values):
        return {
            "contact_name": f"Person {number}",
            "email_from": f"person{number}@example.com",
            **values,
        }
