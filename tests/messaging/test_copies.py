"""A copy of the database sends nothing, and says why."""

import json
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.modules import get_module_path

from odoo.addons.lead_management.models.messaging.gate import (
    lead_message_sending_block as block,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestCopies(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_lead(email_from="ada@example.com")
        cls.message = cls._queue()
        cls.parameters = cls.env["ir.config_parameter"]

    @classmethod
    def _queue(cls, **values):
        return cls.env["lead.message"]._queue(
            [{"lead_id": cls.lead.id, "channel": "email", "body": "B", **values}]
        )

    def test_a_copy_keeps_silent_until_somebody_says_it_is_none(self):
        self.parameters.set_param("database.uuid", "another")
        self._run_cron("messages")
        self.assertEqual(self.message.state, "queued")
        late = self._queue(body="C", override_reason="I want it")
        self.assertEqual(late.state, "skipped")
        self.assertIn("copy", late.hold_reason)
        settings = self.env["res.config.settings"].create({})
        self.assertIn("copy", settings.message_silence)
        settings.action_set_in_service()
        self._run_cron("messages")
        self.assertEqual(self.message.state, "sent")

    def _copied(self, **parts):
        """Let the database be one that another one was made from."""
        gate = self.env["lead.message.gate"]
        known = json.dumps({**gate._get_fingerprint(), **parts})
        self.parameters.set_param(block.FINGERPRINT_PARAMETER, known)
        return gate._get_silence()

    def test_what_no_copy_carries_along_tells_a_raw_copy(self):
        fingerprint = self.env["lead.message.gate"]._get_fingerprint()
        self.assertEqual(set(fingerprint), {"oid", "system"})
        self.assertFalse(self._copied())
        for name in fingerprint:
            with self.subTest(name=name):
                self.assertIn("copy", self._copied(**{name: "1"}))
        self._run_cron("messages")
        self.assertEqual(self.message.state, "queued")
        self.assertEqual(self._queue(body="C").state, "skipped")
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.message_is_copy)
        settings.action_set_in_service()
        self._run_cron("messages")
        self.assertEqual(self.message.state, "sent")
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.message_is_copy)

    def test_what_the_database_user_may_not_know_is_not_compared(self):
        self.assertFalse(self._copied(system=None))
        self.assertTrue(self._copied(system=None, oid="1"))

    def test_an_update_adopts_the_database_that_has_no_fingerprint_yet(self):
        gate = self.env["lead.message.gate"]
        self.parameters.set_param(block.FINGERPRINT_PARAMETER, False)
        self.assertFalse(gate._get_silence())
        gate.init()
        self.assertTrue(self.parameters.get_param(block.FINGERPRINT_PARAMETER))
        # a copy that is updated stays one
        self._copied(oid="1")
        gate.init()
        self.assertTrue(gate._get_silence())

    def test_an_update_does_not_wake_up_a_copy_known_as_one(self):
        gate = self.env["lead.message.gate"]
        self.parameters.set_param(block.FINGERPRINT_PARAMETER, False)
        self.parameters.set_param("database.uuid", "another")
        gate.init()
        self.assertIn("copy", gate._get_silence())

    def test_only_administrators_say_what_is_live(self):
        self._copied(oid="1")
        for user in (self.rep, self.manager):
            settings = self.env["res.config.settings"].with_user(user)
            with self.assertRaises(AccessError):
                settings.browse().action_set_in_service()

    def test_a_test_database_keeps_silent(self):
        self.parameters.set_param("database.is_neutralized", "True")
        self._run_cron("messages")
        self.assertEqual(self.message.state, "queued")
        self.assertEqual(self._queue(body="C").state, "skipped")

    def test_neutralizing_cancels_what_waits(self):
        path = Path(get_module_path("lead_management"), "data", "neutralize.sql")
        self.env.flush_all()
        self.env.cr.execute(path.read_text())
        self.env.invalidate_all()
        self.assertEqual(self.message.state, "cancelled")

    def test_the_scheduled_action_that_is_off_is_told_of(self):
        self.env.ref("lead_management.ir_cron_messages").active = False
        settings = self.env["res.config.settings"].create({})
        self.assertIn("deactivated", settings.message_silence)
