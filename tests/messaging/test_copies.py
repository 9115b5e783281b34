"""A copy of the database sends nothing, and says why."""

from pathlib import Path

from odoo.modules import get_module_path

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
        self.assertIn("off", settings.message_silence)
