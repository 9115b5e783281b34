"""Records that people may change call methods that keep their names and harm nobody."""

import re

from odoo.exceptions import AccessError
from odoo.modules.module import load_script
from odoo.tests import new_test_user
from odoo.tools import file_path

from odoo.addons.lead_management.tests.common import LeadManagementCase

SCRIPT = "lead_management/migrations/19.0.1.6.0/post-actions.py"
# Shipped after the script was written, and so with its name.
CALL = re.compile(r"(\w+)\(\)$")


class TestAutomated(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = load_script(file_path(SCRIPT), "post-actions")
        cls.shipped = {
            name: cls.env.ref(f"lead_management.{name}")
            for name in cls._get_names("ir.actions.server") | cls._get_names("ir.cron")
        }

    @classmethod
    def _get_names(cls, model):
        """Return the names of records that an update of the addon leaves alone."""
        data = cls.env["ir.model.data"].search(
            [
                ("module", "=", "lead_management"),
                ("model", "=", model),
                ("noupdate", "=", True),
                # made by Odoo beside each job
                ("name", "not like", "%_ir_actions_server"),
            ]
        )
        return set(data.mapped("name"))

    def _get_calls(self):
        """Return the records whose methods shipped records call, with their names."""
        lead = self._new_lead()
        for record in self.shipped.values():
            if record.state == "code":
                name = CALL.search(record.code).group(1)
                on_model = record.code.startswith("model.")
                yield (self.env[record.model_name] if on_model else lead), name

    def test_shipped_records_call_nothing_private(self):
        codes = {name: record.code or "" for name, record in self.shipped.items()}
        self.assertLess(15, len(codes))
        self.assertFalse({name for name, code in codes.items() if "._" in code})

    def test_each_says_what_it_does(self):
        for records, name in self._get_calls():
            self.assertTrue(getattr(records, name).__doc__, name)

    def test_nobody_calls_them_over_rpc(self):
        portal = new_test_user(self.env, "lm_visitor", groups="base.group_portal")
        for records, name in self._get_calls():
            for user in (self.rep, self.leader, self.manager, portal):
                method = getattr(records.with_user(user), name)
                with self.subTest(method=name, user=user.login):
                    with self.assertRaises(AccessError):
                        method()

    def test_administrators_run_them(self):
        admin = self.env.ref("base.user_admin")
        lead = self._new_lead(user_id=self.rep.id).with_user(admin)
        lead.action_auto_qualify()
        self.env.cr.flush()
        self.assertEqual(lead.stage_id, self._stage("qualified"))

    def test_what_was_shipped_is_written_anew(self):
        texts = self.script.get_texts()
        self.assertEqual(
            {name: now for name, (__, now) in texts.items()},
            {
                name: record.code.strip()
                for name, record in self.shipped.items()
                if record.state == "code" and name in texts  # what was there before
            },
        )
        for variant in (0, -1):
            for name, (before, __) in texts.items():
                self.shipped[name].code = before[variant]
            self.env.flush_all()
            self.script.migrate(self.env.cr, "19.0.1.5.0")
            self.env.invalidate_all()
            for name, (__, now) in texts.items():
                self.assertEqual(self.shipped[name].code, now)

    def test_what_somebody_changed_stays(self):
        action = self.shipped["action_server_hot_notify"]
        action.code = "records.lead_id._score_notify_hot()\nlog('told')"
        self.env.flush_all()
        self.script.migrate(self.env.cr, "19.0.1.5.0")
        self.env.invalidate_all()
        self.assertIn("told", action.code)
