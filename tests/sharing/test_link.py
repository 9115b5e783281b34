"""A partner without an account: a signed link, a page, two buttons."""

import re
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import SECRETS, SharingCase

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@tagged("-at_install", "post_install")
class TestLink(SharingCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.recipient_ids = [Command.set(cls.partner_link.ids)]

    def setUp(self):
        super().setUp()
        self.lead = self._new_secret_lead()
        self.share = self._offer(self.lead)
        self.path = f"/lead/offer/{self.share._get_token()}"
        self.env.cr.flush()

    def _get(self, path=None):
        return self.url_open(path or self.path)

    def _post(self, path=None, files=None, **values):
        page = self._get(self.path)
        found = TOKEN.search(page.text)
        values["csrf_token"] = found.group(1) if found else ""
        result = self.url_open(path or self.path, data=values, files=files)
        self.share.invalidate_recordset()
        return result

    def test_the_mail_tells_nothing(self):
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn("nordfit@example.com", mail.email_to)
        self.assertIn("/lead/offer/", mail.body_html)
        self.assertNotIn("anzibar", f"{mail.subject} {mail.body_html}")

    def test_reading_changes_nothing(self):
        before = self.share.event_ids.ids
        page = self._get()
        self.assertEqual(page.status_code, 200)
        for secret in SECRETS.values():
            self.assertNotIn(secret, page.text)
        self.assertIn("Wisconsin", page.text)
        self.assertIn("8% of the won amount", page.text)
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(self.share.event_ids.ids, before)
        self.assertEqual(self.share.state, "offered")

    def test_accepted_worked_on_and_won(self):
        page = self._post(answer="accept")
        self.assertEqual(self.share.state, "accepted")
        self.assertIn(SECRETS["contact_name"], page.text)
        self.assertIn(SECRETS["email_from"], page.text)
        self._post(answer="accept")
        page = self._post(status="contacted")
        self.assertIn("Saved.", page.text)
        self.assertEqual(self.share.mirror_stage, "contacted")
        self.assertRegex(page.text, r'value="contacted"\s+aria-pressed="true"')
        self.assertTrue(self.share.first_touch)
        self._post(status="won", amount="$5,000.00")
        self.assertEqual((self.share.state, self.share.value), ("won", 5000))
        commission = self.env["lead.share.commission"].search(
            [("share_id", "=", self.share.id)]
        )
        self.assertEqual(commission.amount, 400)
        page = self._get()
        self.assertIn("400.00", page.text)
        self._post(answer="dispute", note="Known before")
        commission.invalidate_recordset()
        self.assertEqual(
            (commission.state, commission.note), ("disputed", "Known before")
        )
        self._post(
            f"{self.path}/file",
            note="<b>See</b> the file",
            files={"file": ("report.pdf", b"%PDF-1.4 x", "application/pdf")},
        )
        kinds = self.share.event_ids.mapped("kind")
        self.assertEqual(kinds.count("accept"), 1)
        self.assertLessEqual({"note", "file", "status"}, set(kinds))
        note = self.lead.message_ids[0]
        self.assertEqual(note.attachment_ids.name, "report.pdf")
        self.assertNotIn("<b>See", note.body)

    def test_declined(self):
        self._post(answer="decline")
        self.assertEqual(self.share.state, "declined")
        self.assertEqual(self._get().status_code, 404)

    def test_no_post_without_its_token(self):
        page = self.url_open(self.path, data={"answer": "accept"})
        self.share.invalidate_recordset()
        self.assertEqual(page.status_code, 400)
        self.assertEqual(self.share.state, "offered")

    def test_dead_links_answer_all_the_same(self):
        token = self.share._get_token()
        unknown = self._get("/lead/offer/x").text
        cases = [f"{token}x", token[:-2], "x" * 600, f"{token[:30]}A{token[31:]}"]
        for case in cases:
            answer = self._get(f"/lead/offer/{case}")
            self.assertEqual((answer.status_code, answer.text), (404, unknown))
        self.share.term = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        self.assertEqual(self._get().text, unknown)
        self.share.term = fields.Datetime.now() + timedelta(hours=1)
        self.contact.email = "other@example.com"
        self.env.flush_all()
        self.assertEqual(self._get().text, unknown)

    def test_recalled_and_erased(self):
        self._post(answer="accept")
        self.share._recall("Please")
        self.env.flush_all()
        page = self._get()
        self.assertIn("This lead was recalled", page.text)
        self._post(answer="erased")
        self.assertEqual(self.share.state, "erased")
        self.assertFalse(self.share.data)
        self.assertEqual(self._get().status_code, 404)

    def test_what_is_kept_by_law_is_still_corrected(self):
        self._post(answer="accept")
        self.share._recall("Please")
        self.env.flush_all()
        self._post(answer="keep", note="Invoices, 10 years")
        self.assertEqual(self.share.state, "kept")
        self.lead.with_user(self.rep).phone = "+32470111111"
        self.env.flush_all()
        page = self._get()
        self.assertIn("+32470111111", page.text)
        self.assertNotIn('name="status"', page.text)

    def test_files_are_checked(self):
        self._post(answer="accept")
        for name, content in (
            ("a.exe", b"x"),
            ("a.pdf", b"x" * (5 * 1024 * 1024 + 1)),
        ):
            self._post(f"{self.path}/file", files={"file": (name, content)})
        self.assertNotIn("file", self.share.event_ids.mapped("kind"))
        big = self.url_open(
            f"{self.path}/file", data={}, files={"file": ("b.pdf", b"x" * (6 << 20))}
        )
        self.assertEqual(big.status_code, 413)

    def test_not_too_often(self):
        """Each try counts, also those that change nothing; an hour later it is over."""
        for __ in range(20):
            self.assertEqual(self._post(status="nonsense").status_code, 200)
        self.assertEqual(self._post(answer="accept").status_code, 429)
        self.assertEqual(self._post(f"{self.path}/file").status_code, 404)
        self.assertEqual(self._get().status_code, 200)
        self.share.tries_since = fields.Datetime.now() - timedelta(minutes=61)
        self.env.flush_all()
        self.assertEqual(self._post(answer="accept").status_code, 200)

    def test_what_the_person_does_not_want(self):
        self._post(answer="accept")
        Consent = self.env["lead.consent"]
        Consent._record(self.lead, "withdrawn", purpose="marketing", channel="email")
        self.env.flush_all()
        self.assertIn("Email: News and offers", self._get().text)

    def test_reminded_once(self):
        self.share.date = fields.Datetime.now() - timedelta(days=30)
        before = self.env["mail.mail"].search_count([])
        self.share._remind_due()
        self.share._remind_due()
        self.assertEqual(self.env["mail.mail"].search_count([]), before + 1)
