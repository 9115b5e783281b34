from odoo.tests import HttpCase, tagged

from .common import LeadManagementCase


@tagged("standard", "post_install", "-at_install")
class TestTours(LeadManagementCase, HttpCase):
    def test_rep_works_the_pipeline(self):
        self._new_score_rule([("phone", "!=", False)], 75, name="Phone is known")
        lead = self._new_lead(name="Tour lead", phone="+1 555 0100")
        self.start_tour(
            "/odoo/lead-pipeline", "lead_management_pipeline", login=self.rep.login
        )
        self.assertEqual(lead.stage_id.stage_type, "contacted")
        self.assertEqual(lead.won_status, "pending")

    def test_manager_writes_a_rule(self):
        self.start_tour(
            "/odoo/lead-pipeline", "lead_management_rules", login=self.manager.login
        )
        rule = self.env["lead.score.rule"].search([("name", "=", "Tour rule")])
        self.assertEqual(rule.points, 33)


@tagged("standard", "post_install", "-at_install")
class TestJavaScript(HttpCase):
    def test_unit_tests(self):
        """Run the unit tests of the components, in ``static/tests``."""
        suite_id = 0
        for character in "@lead_management":
            suite_id = ((suite_id << 5) - suite_id + ord(character)) & 0xFFFFFFFF
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={suite_id:08x}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
