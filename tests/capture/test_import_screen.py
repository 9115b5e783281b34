import csv
import io

from odoo.addons.lead_management.tests.common import LeadManagementCase

COLUMNS = ["name", "expected_revenue", "date_deadline", "stage_id"]
GOOD = [
    ["Chairs", "1,250.50", "12/31/2030", "Open"],
    ["Desks", "$ 99", "", "Contacted"],
    ["Lamps", "", "01/02/2030", "Customer"],
]


class TestImportScreen(LeadManagementCase):
    """A CSV file as the import screen sends it, in parts if it is long."""

    def _import(self, rows, columns=COLUMNS, model="crm.lead", dryrun=False, **options):
        text = io.StringIO()
        csv.writer(text).writerows([columns, *rows])
        wizard = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .create(
                {
                    "res_model": model,
                    "file": text.getvalue().encode(),
                    "file_type": "text/csv",
                    "file_name": "leads.csv",
                }
            )
        )
        return wizard.with_context(tracking_disable=True).execute_import(
            list(columns),
            list(columns),
            {
                "quoting": '"',
                "separator": ",",
                "encoding": "utf-8",
                "has_headers": True,
                "date_format": "%m/%d/%Y",
                "datetime_format": "",
                "float_thousand_separator": ",",
                "float_decimal_separator": ".",
                "skip": 0,
                "limit": 2000,
                **options,
            },
            dryrun=dryrun,
        )

    def _import_in_parts(self, rows, limit, columns=COLUMNS):
        """Send one part after the other, as the screen does."""
        results = []
        skip = 0
        while not results or skip:
            results.append(self._import(rows, columns, skip=skip, limit=limit))
            skip = results[-1]["nextrow"]
        return results

    def _leads(self, *results):
        ids = [lead_id for result in results for lead_id in result["ids"]]
        return self.env["crm.lead"].browse(ids)

    def test_good_file(self):
        result = self._import(GOOD)
        self.assertFalse(result["messages"])
        leads = self._leads(result)
        self.assertEqual(leads.mapped("expected_revenue"), [1250.5, 99, 0])
        self.assertEqual(leads[0].date_deadline.isoformat(), "2030-12-31")
        self.assertEqual(leads[2].won_status, "won")

    def test_what_cannot_be_read_is_reported_by_row(self):
        bad = [
            ["Sofas", "a lot", "", "Open"],
            ["Beds", "10", "31/31/2030", "Open"],
            ["Rugs", "10", "", "Opne"],
        ]
        result = self._import([GOOD[0], *bad, *GOOD[1:]])
        self.assertEqual(
            self._leads(result).mapped("name"), ["Chairs", "Desks", "Lamps"]
        )
        summary, *messages = result["messages"]
        self.assertEqual(summary["type"], "warning")
        self.assertIn("not imported twice", summary["message"])
        # the title is row 1 of the file, Chairs row 2
        self.assertEqual(
            [(item["record"], item["field"]) for item in messages],
            [(3, "expected_revenue"), (4, "date_deadline"), (5, "stage_id")],
        )
        for row, message in zip((3, 4, 5), messages, strict=True):
            self.assertIn(f"Row {row}, ", message["message"])
        # the screen adds one to ``from`` and shows the name of that row
        self.assertEqual(result["name"][messages[0]["rows"]["from"]], "Sofas")

    def test_testing_imports_nothing(self):
        before = self.env["crm.lead"].search_count([])
        result = self._import([*GOOD, ["Sofas", "a lot", "", ""]], dryrun=True)
        summary, message = result["messages"]
        self.assertIn("all others can", summary["message"])
        self.assertIn("Row 5, ", message["message"])
        self.assertEqual(self.env["crm.lead"].search_count([]), before)
        self.assertEqual(len(self._import(GOOD)["ids"]), 3)

    def test_parts_go_on_after_a_bad_row(self):
        rows = [[f"Lead {number}", "10", "", "Open"] for number in range(10)]
        for last_of_its_part in (3, 9):
            rows[last_of_its_part][3] = "Opne"
        results = self._import_in_parts(rows, limit=4)
        self.assertEqual([len(result["ids"]) for result in results], [3, 4, 1])
        records = [
            item["record"]
            for result in results
            for item in result["messages"]
            if "record" in item
        ]
        self.assertEqual(records, [5, 11])

    def test_parts_of_a_file_sent_again(self):
        rows = [[f"Lead {number}", "10", "", "Open"] for number in range(10)]
        first = self._leads(*self._import_in_parts(rows, limit=4))
        again = self._leads(*self._import_in_parts(rows, limit=4))
        self.assertEqual(len(first), 10)
        self.assertEqual(again, first)

    def test_same_row_in_two_parts_is_one_lead(self):
        rows = [[f"Lead {number % 5}", "10", "", "Open"] for number in range(10)]
        results = self._import_in_parts(rows, limit=5)
        self.assertEqual(len(set(self._leads(*results))), 5)

    def test_external_id_in_two_parts(self):
        columns = ["id", "name"]
        rows = [[f"file.{number}", f"Lead {number}"] for number in range(6)]
        rows[5] = ["file.1", "Somebody else"]
        results = self._import_in_parts(rows, limit=4, columns=columns)
        self.assertEqual(len(self._leads(*results)), 5)
        self.assertIn("Row 7, External ID", results[1]["messages"][1]["message"])
        self.assertIn("row 3", results[1]["messages"][1]["message"])

    def test_without_title_row(self):
        result = self._import([["Sofas", "x", "", ""]], COLUMNS, has_headers=False)
        records = [item["record"] for item in result["messages"] if "record" in item]
        # the names of the columns are a row here, and a bad one
        self.assertEqual(set(records), {1, 2})

    def test_other_models_are_as_in_odoo(self):
        result = self._import(
            [["Anna", "north"]], ["name", "partner_latitude"], model="res.partner"
        )
        self.assertNotIn("ids", result)
        self.assertTrue(result["messages"][0]["not_matching_error"])
