"""The dashboards of leads, as their spreadsheets ask for numbers."""

import base64
import json
import runpy
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.lead_management.tests.common import LeadManagementCase

SCRIPT = Path(__file__).resolve().parents[2] / "script" / "make-dashboards"
NAMES = ("leads", "my_leads")


@tagged("standard")
class TestDashboards(LeadManagementCase):
    def _get_spreadsheet(self, name):
        dashboard = self.env.ref(
            f"lead_management_dashboard.spreadsheet_dashboard_{name}"
        )
        return json.loads(base64.b64decode(dashboard.spreadsheet_binary_data))

    def _get_sources(self, spreadsheet):
        """Return model, domain, context, fields to group by and measures."""
        for pivot in spreadsheet["pivots"].values():
            yield (
                pivot["model"],
                pivot["domain"],
                pivot["context"],
                [row["fieldName"] for row in pivot["rows"]],
                [measure["id"] for measure in pivot["measures"]],
                pivot["fieldMatching"],
            )
        for sheet in spreadsheet["sheets"]:
            for figure in sheet["figures"]:
                data = figure["data"]
                if data["type"] == "scorecard":
                    continue
                meta, search = data["metaData"], data["searchParams"]
                measures = [meta["measure"]]
                yield (
                    meta["resModel"],
                    search["domain"],
                    search["context"],
                    search["groupBy"],
                    measures,
                    data["fieldMatching"],
                )

    def test_who_has_which(self):
        for user, names in (
            (self.rep, {"My Leads"}),
            (self.leader, {"My Leads"}),
            (self.manager, {"Leads", "My Leads"}),
        ):
            found = self.env["spreadsheet.dashboard"].with_user(user).search([])
            self.assertEqual({*found.mapped("name")} & {"Leads", "My Leads"}, names)
            ours = found.filtered(
                lambda dashboard: dashboard.name in ("Leads", "My Leads")
            )
            self.assertFalse(ours._dashboard_is_empty(), "no invented numbers")

    def test_each_source_can_be_read_and_filtered(self):
        self._new_lead(user_id=self.rep.id).action_set_lost()
        for name in NAMES:
            for (
                model,
                domain,
                context,
                groupby,
                measures,
                matching,
            ) in self._get_sources(self._get_spreadsheet(name)):
                self.assertFalse(context["active_test"], "lost leads count")
                Model = self.env[model].with_user(self.rep).with_context(**context)
                Model.formatted_read_group(domain, groupby, measures)
                for field in matching.values():
                    value = "2026-01-01" if field["type"] == "datetime" else 1
                    operator = ">=" if field["type"] == "datetime" else "="
                    Model.search_count([*domain, (field["chain"], operator, value)])

    def test_numbers_compare_with_something(self):
        """Odoo compares all time, and ranges of one's own, with themselves."""
        for name in NAMES:
            [period] = [
                one
                for one in self._get_spreadsheet(name)["globalFilters"]
                if one["type"] == "date"
            ]
            self.assertEqual(period["defaultValue"], "last_30_days")

    def test_it_holds_no_names_of_leads(self):
        for name in NAMES:
            spreadsheet = self._get_spreadsheet(name)
            self.assertFalse(spreadsheet["lists"])
            for source in self._get_sources(spreadsheet):
                self.assertLessEqual(
                    {*source[3]},
                    {"source_id", "user_id", "stage_id", "create_date:week"},
                )

    def test_the_spreadsheets_are_what_the_script_writes(self):
        make = runpy.run_path(str(SCRIPT))["make"]
        for name in NAMES:
            self.assertEqual(self._get_spreadsheet(name), make(name == "my_leads"))
