"""Databases from before lose the record rules that rows of leads had one by one."""

from odoo.modules.module import load_script
from odoo.tools import file_path

from odoo.addons.lead_management.tests.common import LeadManagementCase

SCRIPT = "lead_management/migrations/19.0.1.6.0/post-rows.py"
BEFORE = "19.0.1.5.0"


class TestRulesOfRows(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = load_script(file_path(SCRIPT), "post-rows")

    def _new_rule(self, name, domain, model="lead.touch", **values):
        rule = self.env["ir.rule"].create(
            {
                "name": name,
                "model_id": self.env["ir.model"]._get_id(model),
                "domain_force": domain,
                **values,
            }
        )
        self.env["ir.model.data"].create(
            {
                "module": "lead_management",
                "name": name,
                "model": "ir.rule",
                "res_id": rule.id,
                "noupdate": True,
            }
        )
        return rule

    def _migrate(self):
        self.env.flush_all()
        self.script.migrate(self.env.cr, BEFORE)
        self.env.invalidate_all()

    def _new_rules_of_touches(self, own_leads):
        return (
            self._new_rule("lead_touch_rule_personal", own_leads)
            + self._new_rule("lead_touch_rule_all", self.script.ALL_LEADS)
            + self._new_rule("lead_touch_rule_company", self.script.COMPANY_OF_LEAD)
        )

    def test_rules_nobody_changed_go(self):
        rules = self._new_rules_of_touches(self.script.OWN_LEADS)
        rules += self._new_rule("lead_message_rule_company", self.script.COMPANY)
        self._migrate()
        self.assertFalse(rules.exists())

    def test_changed_rules_stay_with_what_goes_with_them(self):
        """Without the rule for all leads, a leader would have only the own ones."""
        own, every, company = self._new_rules_of_touches("[('id', '>', 0)]")
        self._migrate()
        self.assertEqual((own + every + company).exists(), own + every)

    def test_rules_that_say_more_are_cut_to_their_part(self):
        for name, (before, after) in self.script.CUT.items():
            rule = self.env.ref(f"lead_management.{name}")
            self.assertEqual(rule.domain_force, after)
            rule.domain_force = before[0]
        self._migrate()
        for name, (__, after) in self.script.CUT.items():
            self.assertEqual(
                self.env.ref(f"lead_management.{name}").domain_force, after
            )

    def test_changed_rules_that_say_more_stay(self):
        rule = self.env.ref("lead_management.lead_pool_entry_rule_company")
        rule.domain_force = "[('id', '=', 0)]"
        self._migrate()
        self.assertEqual(rule.domain_force, "[('id', '=', 0)]")
