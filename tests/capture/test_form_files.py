"""Files that visitors send with a form, and what a captcha says of them."""

import io
import zipfile
from unittest.mock import patch

import requests
from lxml import html

from odoo.fields import Command
from odoo.tests import HttpCase

from odoo.addons.lead_management.models.capture.entry import lead_capture_rate
from odoo.addons.lead_management.models.capture.source import captcha
from odoo.addons.lead_management.tools.uploads import read_upload

from .capture_common import CaptureCase

PDF = b"%PDF-1.7 an offer"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
ATTACHMENT = "ir.attachment"
CSP = "Content-Security-Policy"


def make_zip(**parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/"), text)
    return data.getvalue()


class FormCase(CaptureCase, HttpCase):
    """A form that asks for a file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form.field_ids = [
            Command.create({"target": "file", "label": "Photo of the roof"})
        ]
        cls.path = f"/lead/form/{cls.form.token}"

    def _send_files(self, *files, **values):
        page = html.fromstring(self.url_open(self.path).content)
        data = {
            field.name: field.value for field in page.xpath("//input[@type='hidden']")
        }
        data |= {"contact_name": "Ada", "email_from": "ada@example.com", **values}
        return self.url_open(
            self.path,
            data=data,
            files=[("file", file) for file in files],
            allow_redirects=False,
        )

    def _entries(self):
        self.env.invalidate_all()
        entries = self.Entry.search([("source_id", "=", self.form.id)], order="id")
        entries.headers = {**(entries[:1].headers or {}), "seconds": 60}
        self.env.flush_all()
        self.Entry._run_due()
        self.env.invalidate_all()
        return entries

    def _files_of(self, record):
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.env[ATTACHMENT].search(domain, order="id")


class TestFormFiles(FormCase):
    def test_the_form_asks_for_files(self):
        page = html.fromstring(self.url_open(self.path).content)
        [field] = page.xpath("//input[@type='file']")
        self.assertIn(".pdf", field.get("accept"))
        form = page.xpath("//form")[0]
        self.assertEqual(form.get("enctype"), "multipart/form-data")
        self.assertIn("multipart/form-data", self.form.form_html)

    def test_files_belong_to_the_lead(self):
        answer = self._send_files(("roof.png", PNG), ("offer.pdf", PDF))
        self.assertEqual(answer.status_code, 303)
        entry = self.Entry.search([("source_id", "=", self.form.id)])
        self.assertEqual(entry.file_ids.mapped("name"), ["roof.png", "offer.pdf"])
        self.assertEqual(self._entries().state, "done")
        files = self._files_of(entry.lead_id)
        self.assertEqual(files.mapped("raw"), [PNG, PDF])
        self.assertEqual(files.mapped("mimetype"), ["image/png", "application/pdf"])
        self.assertIn("roof.png, offer.pdf", entry.lead_id.description)
        self.assertFalse(entry.file_ids)
        # whoever works on the lead sees them
        entry.lead_id.user_id = self.rep
        self.assertTrue(files.with_user(self.rep).mapped("name"))

    def test_a_known_person(self):
        lead = self._new_lead(email_from="ada@example.com", user_id=self.rep.id)
        self.env.flush_all()
        self._send_files(("offer.pdf", PDF))
        entry = self._entries()
        self.assertEqual((entry.state, entry.lead_id), ("attached", lead))
        self.assertEqual(self._files_of(lead).name, "offer.pdf")

    def test_twice_is_once_and_another_file_is_another_submission(self):
        page = html.fromstring(self.url_open(self.path).content)
        data = {
            field.name: field.value for field in page.xpath("//input[@type='hidden']")
        } | {"contact_name": "Ada", "email_from": "ada@example.com"}
        for content in (PDF, PDF, PDF + b"2"):
            files = [("file", ("offer.pdf", content))]
            answer = self.url_open(
                self.path, data=data, files=files, allow_redirects=False
            )
            self.assertEqual(answer.status_code, 303)
        entries = self.Entry.search([("source_id", "=", self.form.id)])
        self.assertEqual([len(entry.file_ids) for entry in entries], [1, 1])

    def test_suspected_spam_keeps_its_files(self):
        self._send_files(("offer.pdf", PDF), contact_url="http://x")
        entry = self._entries()
        self.assertEqual(entry.state, "quarantined")
        self.assertEqual(entry.with_user(self.manager).file_ids.raw, PDF)
        entry.with_user(self.manager).action_replay()
        self.Entry._run_due()
        self.env.invalidate_all()
        self.assertEqual(self._files_of(entry.lead_id).raw, PDF)

    def test_what_is_not_taken_is_told(self):
        for name, content in (
            ("page.html", b"<script>alert(1)</script>"),
            ("photo.png", b"<svg onload=alert(1)>"),
            ("run.pdf", b"MZ\x90\x00"),
            ("macro.docx", make_zip(word__document="", **{"word__vbaProject.bin": ""})),
            ("empty.pdf", b""),
        ):
            answer = self._send_files((name, content))
            self.assertEqual(answer.status_code, 422, name)
            self.assertIn("cannot be sent here", answer.text)
        self.assertFalse(self.Entry.search([("source_id", "=", self.form.id)]))

    def test_too_much(self):
        answer = self._send_files(("a.pdf", PDF + b"0" * 11 * 2**20))
        self.assertEqual(answer.status_code, 422)
        self.assertIn("10 MB", answer.text)
        answer = self._send_files(*[(f"{n}.pdf", PDF) for n in range(6)])
        self.assertEqual(answer.status_code, 422)
        answer = self._send_files(("a.pdf", PDF + b"0" * 26 * 2**20))
        self.assertEqual(answer.status_code, 413)
        # a form that asks for none takes none
        self.form.field_ids.filtered(lambda line: line.target == "file").unlink()
        answer = self._send_files(("a.pdf", PDF + b"0" * 2**20))
        self.assertEqual(answer.status_code, 413)
        answer = self._send_files(("a.pdf", PDF))
        self.assertEqual(answer.status_code, 303)
        self.assertFalse(self._entries().lead_id.message_attachment_count)

    def test_nobody_fills_the_disk(self):
        with patch.object(lead_capture_rate, "MOST_OF_ONE", 2 * len(PDF) + 5):
            for number in range(3):
                answer = self._send_files(
                    ("a.pdf", PDF + b"%d" % number), email_from=f"a{number}@example.com"
                )
        self.assertEqual(answer.status_code, 429)
        entries = self.Entry.search([("source_id", "=", self.form.id)])
        self.assertEqual(len(entries), 2)

    def test_a_required_file_and_another_mistake(self):
        self.form.field_ids[-1].is_required = True
        self.assertIn("Please choose a file.", self._send_files().text)
        answer = self._send_files(("a.pdf", PDF), email_from="ada@")
        self.assertIn("Please choose the file again.", answer.text)

    def test_forgotten_with_the_person_and_the_retention(self):
        self._send_files(("a.pdf", PDF), contact_url="http://x")
        entry = self._entries()
        files = entry.file_ids
        entry._erase()
        self.assertFalse(files.exists())
        self._send_files(("b.pdf", PDF), contact_url="http://x")
        entry = self._entries() - entry
        files = entry.file_ids
        self.assertTrue(files)
        entry.unlink()
        self.assertFalse(files.exists())

    def test_office_documents(self):
        docx = make_zip(**{"[Content_Types].xml": "", "word__document.xml": ""})
        self.assertIn("wordprocessingml", read_upload("a.docx", docx).mimetype)
        odt = make_zip(mimetype="application/vnd.oasis.opendocument.text")
        self.assertEqual(read_upload("x", odt).name, "x.odt")
        evil = make_zip(mimetype="text/html")
        self.assertIsNone(read_upload("a.odt", evil))
        self.assertIsNone(read_upload("a.docx", docx[:40]))


class TestCaptcha(FormCase):
    """A captcha is a sign: whatever it says, nothing is lost."""

    def setUp(self):
        super().setUp()
        set_param = self.env["ir.config_parameter"].set_param
        set_param("recaptcha_public_key", "the-site")
        set_param("recaptcha_private_key", "the-secret")
        self.patch(captcha.Captcha, "_is_installed", lambda *__: True)

    def _answer(self, **answer):
        """Let the service answer so; return what it was asked."""
        calls = []

        def post(url, data, timeout):
            calls.append(data)
            if not answer:
                raise requests.ConnectionError
            response = requests.Response()
            response.json = lambda: answer
            return response

        self.patch(captcha.requests, "post", post)
        return calls

    def _send(self, **values):
        self._send_files(lm_captcha="token", **values)
        return self._entries()

    def test_the_page_loads_it(self):
        answer = self.url_open(self.path)
        page = html.fromstring(answer.content)
        [script] = page.xpath("//script")
        self.assertEqual(script.get("data-key"), "the-site")
        self.assertTrue(script.get("data-script").endswith("render=the-site"))
        self.assertIn("script-src 'self' https", answer.headers[CSP])
        self.assertNotIn("the-secret", answer.text)
        self.assertNotIn("<script", self.form.form_html)

    def test_without_captcha_there_is_no_script(self):
        self.env["ir.config_parameter"].set_param("recaptcha_private_key", False)
        answer = self.url_open(self.path)
        self.assertNotIn("<script", answer.text)
        self.assertNotIn("script-src", answer.headers[CSP])

    def test_a_person(self):
        calls = self._answer(success=True, score=0.9, action="lead_form")
        entry = self._send()
        self.assertEqual(entry.state, "done", entry.reason)
        self.assertEqual(calls[0]["response"], "token")
        self.assertNotIn("captcha_token", entry.headers)
        self.Entry._check_captchas(entry.ids)
        self.assertEqual(len(calls), 1)

    def test_a_robot(self):
        self._answer(success=True, score=0.1, action="lead_form")
        entry = self._send()
        self.assertEqual(entry.state, "quarantined")
        self.assertIn("captcha failed", entry.reason)
        entry.with_user(self.manager).action_replay()
        self.Entry._run_due()
        self.env.invalidate_all()
        self.assertEqual(entry.state, "done")

    def test_a_token_of_another_page(self):
        self._answer(success=True, score=0.9, action="login")
        self.assertEqual(self._send().state, "quarantined")

    def test_an_outage_sets_aside_and_loses_nothing(self):
        self._answer()
        entry = self._send()
        self.assertEqual(entry.state, "quarantined")
        self.assertIn("did not answer", entry.reason)

    def test_our_own_mistake_is_an_outage(self):
        self._answer(success=False, **{"error-codes": ["invalid-input-secret"]})
        self.assertIn("did not answer", self._send().reason)

    def test_without_scripts(self):
        calls = self._answer(success=False)
        self._send_files(lm_captcha="")
        entry = self._entries()
        self.assertEqual((entry.state, calls), ("done", []))
        self.assertEqual(entry.headers["captcha"], "captcha_missing")
