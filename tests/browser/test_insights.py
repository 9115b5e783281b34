import io
import json
import zipfile

from odoo.tests import HttpCase

from ..insights.common import InsightCase


class TestInsightsTour(InsightCase, HttpCase):
    """How we did and why, in the browser, on a laptop and on a phone."""

    browser_size = "1366x768"

    def test_two_clicks_from_login(self):
        self._start("lead_management_insights_two_clicks", "")

    def test_manager_asks_why(self):
        self._start("lead_management_insights", "lead-insights")

    def test_manager_asks_why_on_a_phone(self):
        self.browser_size, self.touch_enabled = "390x844", True
        self._start("lead_management_insights", "lead-insights")

    def test_rep_looks_at_the_stages(self):
        self._start("lead_management_stage_conversion", "lead-stages", self.rep)

    def _start(self, tour, path, user=None):
        self.env.flush_all()
        login = (user or self.manager).login
        self.start_tour(f"/odoo/{path}", tour, login=login, timeout=120)

    def test_the_report_as_a_file(self):
        self.authenticate(self.manager.login, self.manager.login.ljust(8, "x"))
        options = json.dumps({"kind": "month"})
        response = self.url_open(f"/lead/insights/xlsx?options={options}")
        self.assertEqual(response.status_code, 200)
        with zipfile.ZipFile(io.BytesIO(response.content)) as book:
            texts = book.read("xl/sharedStrings.xml").decode()
        self.assertIn("Leads Created", texts)
        self.assertIn("Stage Conversion", texts)

    def test_a_file_of_nonsense_is_not_found(self):
        self.authenticate(self.rep.login, self.rep.login.ljust(8, "x"))
        for options in ("x", "[]", '{"kind": "age"}', "7", "[" * 3000):
            response = self.url_open(f"/lead/insights/xlsx?options={options}")
            self.assertEqual(response.status_code, 404, options[:20])
