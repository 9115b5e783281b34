import io
import json
from datetime import timedelta

from openpyxl import load_workbook

from odoo import fields
from odoo.tests import HttpCase

from .timeline_common import TimelineCase


class TestDossier(TimelineCase):
    def _get(self, user=None, lead=None):
        self.env.flush_all()
        return (lead or self.lead).with_user(user or self.rep)._get_dossier()

    def test_a_lost_lead_explains_itself(self):
        self._live()
        self.lead.with_user(self.rep).action_set_lost(
            lost_reason_id=self.env["crm.lost.reason"].create({"name": "Price"}).id
        )
        self.commit()
        dossier = self._get()
        story = " ".join(dossier["story"])
        self.assertIn("Captured on", story)
        self.assertIn("First contact after 0 min: Call: Reached", story)
        self.assertIn("with Budget: Yes", story)
        self.assertIn("Lost at Qualified", story)
        self.assertIn("Reason: Price", story)
        points = dict(dossier["turning_points"])
        self.assertIn("Can you match 11,200?", points["Last reply"])
        self.assertIn("→ Qualified", points["Last move forward"])
        self.assertEqual([file["name"] for file in dossier["documents"]], ["offer.txt"])
        self.assertTrue(dossier["documents"][0]["checksum"])
        self.assertFalse(dossier["left_out"])

    def test_nothing_is_invented(self):
        dossier = self._get()
        self.assertEqual(len(dossier["story"]), 3, dossier["story"])
        self.assertIn("Nobody has contacted the lead yet.", dossier["story"])
        self.assertEqual(dossier["turning_points"], [])

    def test_the_longest_silence(self):
        start = fields.Datetime.now() - timedelta(days=40)
        for days in (0, 3, 19):
            self._call(self.lead, date=start + timedelta(days=days))
        self.commit()
        silence = dict(self._get()["turning_points"])["Longest silence"]
        self.assertIn("21 d", silence)

    def test_what_rights_leave_out_is_counted(self):
        self._new_event(self.lead, privacy="private", name="Secret merger")
        self.assertFalse(self._get()["left_out"])
        dossier = self._get(self.manager)
        self.assertEqual(dossier["left_out"], ["private meetings (time only): 1"])
        self.assertNotIn("Secret", json.dumps(dossier, default=str))

    def test_it_is_printed(self):
        self._live()
        report = self.env["ir.actions.report"].with_user(self.rep)
        html, kind = report._render_qweb_html(
            "lead_management.lead_dossier_report", self.lead.ids
        )
        self.assertEqual(kind, "html")
        text = html.decode()
        for words in ("Kiln trial", "Turning points", "offer.txt", "SHA-1"):
            self.assertIn(words, text)


class TestDossierFiles(TimelineCase, HttpCase):
    def _download(self, kind, user):
        self.authenticate(user.login, user.login.ljust(8, "x"))
        return self.url_open(f"/lead/dossier/{self.lead.id}/{kind}")

    def test_files(self):
        self.lead.name = "=HYPERLINK(1)"
        self._live()
        found = json.loads(self._download("json", self.rep).content)
        self.assertEqual(found["lead"], "=HYPERLINK(1)")
        self.assertTrue(found["rows"])
        book = load_workbook(io.BytesIO(self._download("xlsx", self.rep).content))
        self.assertEqual(len(book["Timeline"]["A"]), len(found["rows"]) + 1)
        self.assertEqual(book["Summary"]["B1"].data_type, "s")
        labels = [cell.value for cell in book["Summary"]["A"]]
        self.assertIn(found["verified"][0][0], labels)

    def test_who_may_not_read_the_lead_learns_nothing(self):
        for kind in ("json", "xlsx"):
            response = self._download(kind, self.rep_2)
            self.assertEqual(response.status_code, 404)
            self.assertNotIn("Kiln", response.text)
        self.assertEqual(self._download("html", self.rep).status_code, 404)
