import re

from lxml import html

from odoo.fields import Command
from odoo.tests import HttpCase

from odoo.addons.lead_management.models.capture.door import form as door

from .capture_common import CaptureCase

FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9"}


class TestFormPage(CaptureCase, HttpCase):
    """What a visitor sees and sends: nobody is logged in, and nothing is scripted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.question = cls._new_qualifier(
            "Budget", "yes_no", question="Is there a budget?"
        )
        cls.when = cls._new_qualifier(
            "When", "choice", [("This month", 5), ("Later", 0)]
        )
        cls.form.write(
            {
                "consent_text": "I agree to receive emails.",
                "field_ids": [
                    Command.create({"qualifier_id": cls.question.id}),
                    Command.create({"qualifier_id": cls.when.id}),
                ],
            }
        )
        cls.path = f"/lead/form/{cls.form.token}"
        cls.yes = cls.question.option_ids[0]

    def _open(self, path=None, **options):
        answer = self.url_open(path or self.path, **options)
        return answer, html.fromstring(answer.content)

    def _fill(self, page, **values):
        """Return what a browser would send."""
        data = {
            field.name: field.value for field in page.xpath("//input[@type='hidden']")
        }
        return {
            **data,
            "contact_name": "Ada",
            "email_from": "ada@example.com",
            **values,
        }

    def _post(self, data, path=None, **options):
        return self.url_open(
            path or self.path, data=data, allow_redirects=False, **options
        )

    def _entry(self):
        self.env.invalidate_all()
        self.Entry._run_due()
        self.env.invalidate_all()
        return self.Entry.search([("source_id", "=", self.form.id)])

    def _wait(self, seconds=60):
        """Let as much time pass on the page."""
        now = door.time.time
        self.patch(door.time, "time", lambda: now() + seconds)

    def test_two_fields_of_a_kind_are_two(self):
        labels = ("Which roof?", "Which day?")
        lines = [Command.create({"target": "note", "label": text}) for text in labels]
        self.form.field_ids = lines
        answer, page = self._open()
        asked = [
            page.xpath(f"//label[contains(., '{text}')]/following::*[@name][1]/@name")[0]
            for text in labels
        ]
        self.assertEqual(asked[0], "note")
        self._wait()
        data = self._fill(page, **dict(zip(asked, ("Flat", "Monday"), strict=True)))
        self.assertEqual(self._post(data).status_code, 303)
        notes = self._entry().lead_id.description
        self.assertIn("Which roof?: Flat<", notes)
        self.assertIn("Which day?: Monday<", notes)

    def test_a_visitor_sends_the_form(self):
        answer, page = self._open()
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("session_id", answer.cookies)
        self.assertFalse(page.xpath("//script"))
        self.assertIn("Is there a budget?", page.text_content())
        self._wait()
        name = f"question_{self.question.id}"
        data = self._fill(page, **{name: "yes", "lm_consent": "1"})
        sent = self._post(data)
        self.assertEqual(sent.status_code, 303)
        thanks, page = self._open(sent.headers["Location"])
        self.assertIn("Thank you", page.text_content())
        entry = self._entry()
        self.assertEqual(entry.state, "done", entry.reason)
        lead = entry.lead_id
        answer = lead.qualifier_answer_ids
        self.assertEqual(answer.qualifier_id, self.question)
        self.assertEqual(answer.option_id, self.yes)
        self.assertEqual(answer.source, "form")
        consent = self.env["lead.consent"].search([("lead_id", "=", lead.id)])
        self.assertEqual(consent.text, "I agree to receive emails.")
        self.assertEqual(consent.email_normalized, "ada@example.com")
        self.assertEqual((consent.state, consent.how), ("given", "form"))

    def test_consent_is_never_ticked_beforehand_nor_given_by_others(self):
        __, page = self._open()
        self.assertFalse(page.xpath("//input[@type='checkbox'][@checked]"))
        self._wait()
        self._post(self._fill(page, lm_consent="1", lm_shown="I owe you 1000 Euro"))
        entry = self._entry()
        self.assertTrue(entry.lead_id)
        domain = [("lead_id", "=", entry.lead_id.id)]
        self.assertFalse(self.env["lead.consent"].search(domain))

    def test_a_form_does_not_bring_back_what_was_withdrawn(self):
        self.env["lead.consent"].create(
            {
                "email_normalized": "ada@example.com",
                "state": "withdrawn",
                "company_id": self.company.id,
            }
        )
        __, page = self._open()
        self._wait()
        self._post(self._fill(page, lm_consent="1"))
        domain = [("lead_id", "=", self._entry().lead_id.id)]
        self.assertFalse(self.env["lead.consent"].search(domain))

    def test_twenty_clicks_are_one_lead(self):
        __, page = self._open()
        self._wait()
        data = self._fill(page)
        answers = {self._post(data).headers["Location"] for __ in range(20)}
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(self._entry()), 1)

    def test_what_is_missing_is_told_and_nothing_is_lost(self):
        self.form.field_ids[0].is_required = True
        __, page = self._open()
        data = self._fill(page, email_from="ada@", contact_name="", phone="12")
        answer = self._post(data)
        self.assertEqual(answer.status_code, 422)
        page = html.fromstring(answer.content)
        self.assertEqual(len(page.xpath("//p[@class='error']")), 2)
        self.assertEqual(page.xpath("//input[@name='phone']")[0].value, "12")
        self.assertFalse(self._entry())

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.form.with_context(lang="fr_FR").consent_text = "J'accepte."
        answer, page = self._open(headers=FRENCH)
        self.assertEqual(page.get("lang"), "fr-FR")
        self.assertIn("J'accepte.", page.text_content())
        self._wait()
        self._post(self._fill(page, lm_consent="1"))
        lead = self._entry().lead_id
        self.assertEqual(lead.lang_id.code, "fr_FR")
        consent = self.env["lead.consent"].search([("lead_id", "=", lead.id)])
        self.assertEqual(consent.text, "J'accepte.")

    def test_campaigns_are_kept(self):
        campaign = self.env["utm.campaign"].create({"name": "Health 2026"})
        path = (
            f"{self.path}?utm_campaign=health+2026&utm_source=nobody&page=https://x.y"
        )
        __, page = self._open(path)
        self._wait()
        self._post(self._fill(page))
        touch = self._entry().lead_id.campaign_touch_ids
        self.assertEqual(touch.campaign_id, campaign)
        self.assertEqual(touch.page, "https://x.y")
        self.assertEqual(touch.utm["utm_source"], "nobody")
        self.assertFalse(self.env["utm.source"].search([("name", "=", "nobody")]))

    def test_the_snippet_works_on_any_page(self):
        snippet = html.fromstring(self.form.form_html)
        self.assertEqual(snippet.get("action"), self.form.form_url)
        data = self._fill(snippet, lm_consent="1")
        self.assertEqual(self._post(data).status_code, 303)
        lead = self._entry().lead_id
        self.assertTrue(lead)
        self.assertTrue(self.env["lead.consent"].search([("lead_id", "=", lead.id)]))

    def test_hostile_visitors(self):
        __, page = self._open()
        self._wait()
        lead = self.env["crm.lead"]
        data = {name: "7" for name in lead._fields} | self._fill(page, phone="\x00'\"")
        self.assertEqual(self._post(data).status_code, 303)
        made = self._entry().lead_id
        self.assertFalse(made.user_id or made.tag_ids)
        self.assertEqual(made.company_id, self.company)
        big = self._post({"contact_name": "x" * 70_000})
        self.assertEqual(big.status_code, 413)
        for path in ("/lead/form/x", f"{self.path}x", "/lead/form/%00"):
            self.assertEqual(self.url_open(path).status_code, 404, path)
        hook = self._new_source("google")
        self.assertEqual(self.url_open(f"/lead/form/{hook.token}").status_code, 404)
        self.form.active = False
        self.assertEqual(self.url_open(self.path).status_code, 404)

    def test_redirect_to_the_configured_page_only(self):
        self.form.redirect_url = "https://www.example.com/thanks"
        __, page = self._open()
        sent = self._post(self._fill(page, redirect_url="https://evil.example"))
        self.assertEqual(sent.headers["Location"], "https://www.example.com/thanks")

    def test_preview(self):
        text = str(self.form.form_preview)
        self.assertIn("Is there a budget?", text)
        self.assertTrue(re.search(r"disabled", text))
        self.assertIn("/report/barcode/", str(self.form.form_qr))
