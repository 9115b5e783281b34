"""Rows of files that failed are downloaded, corrected and imported again."""

import csv
import io

from odoo.exceptions import AccessError
from odoo.tests import HttpCase

from odoo.addons.lead_management.models.capture.door.door import Item

from .capture_common import CaptureCase


class TestFailedRows(CaptureCase, HttpCase):
    def _fail(self, number, company=None, **row):
        source = self.Source._get_own("import", company or self.company)
        return self.Entry._store_inside(
            source,
            Item(f"row {number}", {"name": f"Lead {number}", **row}),
            state="parked",
            outcome=[["error", {"text": "No such country"}]],
        )

    def test_download(self):
        self._fail(1, country_id="Nowhere", phone="+32 470 12 34 56")
        self._fail(2, contact_name='=HYPERLINK("http://x")')
        self._fail(3, company=self.company_b)
        self._store(self.form, {"values": self._person()})
        self.authenticate(self.manager.login, self.manager.login)
        answer = self.url_open("/lead/capture/rows")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        self.assertEqual([row["name"] for row in rows], ["Lead 1", "Lead 2"])
        self.assertIn("No such country", rows[0]["Reason"])
        self.assertEqual(rows[0]["phone"], "+32 470 12 34 56")
        self.assertTrue(rows[1]["contact_name"].startswith("'="))
        summary = self.Entry.with_user(self.manager).action_inbox_summary()
        self.assertEqual(summary["rows"], 2)

    def test_for_managers_alone(self):
        self._fail(1)
        with self.assertRaises(AccessError):
            self.Entry.with_user(self.rep)._write_failed_rows()
        self.authenticate(self.rep.login, self.rep.login)
        self.assertEqual(self.url_open("/lead/capture/rows").status_code, 403)
        self.authenticate(None, None)
        answer = self.url_open("/lead/capture/rows", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
