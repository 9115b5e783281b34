"""What the settings count, and what comes with the addon."""

from odoo.modules.module import Manifest

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestSettings(LeadManagementCase):
    def test_what_is_switched_off_is_counted_as_such(self):
        for model, on, off in (
            ("lead.sla", "sla_count", "sla_off_count"),
            (
                "lead.followup.policy",
                "followup_policy_count",
                "followup_policy_off_count",
            ),
        ):
            with self.subTest(model=model):
                Model = self.env[model].with_context(active_test=False)
                rules = Model.search([])
                self.assertTrue(rules)
                rules.active = False
                settings = self.env["res.config.settings"].create({})
                self.assertEqual((settings[on], settings[off]), (0, len(rules)))
                rules[0].active = True
                settings = self.env["res.config.settings"].create({})
                self.assertEqual((settings[on], settings[off]), (1, len(rules) - 1))

    def test_no_app_comes_along_that_is_empty(self):
        """Dashboards have nothing to show of leads yet."""
        needed, todo = set(), ["lead_management"]
        while todo:
            name = todo.pop()
            needed.add(name)
            todo += set(Manifest.for_addon(name)["depends"]) - needed
        self.assertNotIn("spreadsheet_dashboard", needed)
