"""The page of preferences, as whoever has the link: over HTTP, without a login."""

import base64
import re

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import hash_sign

from odoo.addons.lead_management.models.messaging.gate import lead_consent_page
from odoo.addons.lead_management.tests.common import LeadManagementCase

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@tagged("standard", "post_install", "-at_install")
class TestPreferences(HttpCase, LeadManagementCase):
    def setUp(self):
        super().setUp()
        self.lead = self._new_lead(
            email_from="ada@example.com",
            phone="+32470123456",
            company_id=self.company.id,
        )
        self.url = self._path(self.lead)
        self.consents = self.env["lead.consent"]

    def _path(self, lead):
        return "/lead/preferences/" + lead._get_preference_url().rsplit("/", 1)[1]

    def _mine(self):
        self.env.invalidate_all()
        return self.consents.search([("email_normalized", "=", "ada@example.com")])

    def _post(self, path, data, **kwargs):
        return self.url_open(path, data=data, allow_redirects=False, **kwargs)

    def _save(self, **values):
        page = self.url_open(self.url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        return self._post(self.url, {"csrf_token": token, **values})

    def _decide(self, lead=None, **values):
        row = {
            "lead_id": (lead or self.lead).id,
            "channel": "email",
            "user_id": self.rep.id,
            "body": "B",
            **values,
        }
        return self.env["lead.message.gate"]._decide([row])[0]

    def test_looking_changes_nothing(self):
        for path in (self.url, f"{self.url}/one-click", f"{self.url}?nothing=1"):
            for method in ("GET", "HEAD"):
                response = self.url_open(path, method=method)
                self.assertEqual(response.status_code, 200)
        self.assertFalse(self._mine())
        page = self.url_open(self.url)
        self.assertIn("a…@example.com", page.text)
        self.assertNotIn("ada@example.com", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")

    def test_choosing_is_recorded_with_what_was_shown(self):
        response = self._save(marketing_email="1", service_email="1", service_sms="1")
        self.assertEqual(response.status_code, 303)
        records = self._mine()
        # by default there is no advertising by phone, so nothing else has changed
        self.assertEqual(
            {(one.purpose, one.channel, one.state) for one in records},
            {("service", "whatsapp", "withdrawn")},
        )
        self.assertEqual(records.how, "page")
        self.assertTrue(records.text and records.ip)
        self.assertEqual(self._decide(channel="whatsapp").code, "consent")
        self.assertEqual(self._decide().outcome, "send")
        self._save(marketing_email="1", service_email="1", service_whatsapp="1")
        self.assertEqual(self._decide(channel="whatsapp").outcome, "send")
        self.assertEqual(self._decide(channel="sms").code, "consent")
        self.assertEqual(len(self._mine()), 3)

    def test_nothing_any_more(self):
        self._save(nothing="1", marketing_email="1")
        for channel in ("email", "sms", "whatsapp"):
            self.assertEqual(self._decide(channel=channel).code, "consent")

    @mute_logger("odoo.http")
    def test_nobody_posts_from_elsewhere(self):
        response = self._post(self.url, {"nothing": "1"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._mine())

    def test_one_click(self):
        response = self._post(f"{self.url}/one-click", ONE_CLICK)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._mine().how, "one_click")
        self.assertEqual(self._decide().code, "consent")
        self.assertEqual(self._decide(channel="sms").outcome, "send")
        response = self._post(f"{self.url}/one-click", {"other": "1"})
        self.assertEqual(response.status_code, 404)
        self.assertEqual(len(self._mine()), 1)

    def test_the_link_outlives_the_lead(self):
        other = self._new_lead(email_from="ada@example.com", company_id=self.company.id)
        self.lead.unlink()
        self._post(f"{self.url}/one-click", ONE_CLICK)
        self.assertEqual(self._decide(other).code, "consent")

    def test_other_links_all_get_the_same_answer(self):
        token = self.url.rsplit("/", 1)[1]
        answers = set()
        for bad in ("x", "AA", token[:-2], f"{token}A", "é", "%00", "1" * 3000):
            with self.subTest(token=bad[:20]):
                response = self.url_open(f"/lead/preferences/{bad}")
                self.assertEqual(response.status_code, 404)
                answers.add(response.text)
                response = self._post(f"/lead/preferences/{bad}/one-click", ONE_CLICK)
                self.assertEqual(response.status_code, 404)
                answers.add(response.text)
        self.assertEqual(len(answers), 1)
        self.assertFalse(self._mine())

    def _record_elsewhere(self, count, state, **values):
        """Rows as they come from one network address, of other people."""
        self.consents.create(
            [
                {
                    "email_normalized": f"p{number}@example.com",
                    "state": state,
                    "how": "page",
                    "ip": "127.0.0.1",
                    **values,
                }
                for number in range(count)
            ]
        )

    def test_a_withdrawal_is_never_refused(self):
        self.patch(lead_consent_page, "PERSON_LIMIT", 3)
        self.patch(lead_consent_page, "ADDRESS_LIMIT", 5)
        self._record_elsewhere(6, "given")
        self._record_elsewhere(6, "withdrawn", how="one_click")
        mine = {"email_normalized": "ada@example.com", "company_id": self.company.id}
        self._record_elsewhere(4, "given", **mine)
        response = self._post(f"{self.url}/one-click", ONE_CLICK)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._mine()[0].state, "withdrawn")
        self.assertEqual(self._decide().code, "consent")
        self.assertEqual(self._save(nothing="1").status_code, 303)
        self.assertEqual(self._decide(channel="sms").code, "consent")

    def test_withdrawing_again_adds_nothing(self):
        for __ in range(3):
            response = self._post(f"{self.url}/one-click", ONE_CLICK)
            self.assertEqual(response.status_code, 200)
        self.assertEqual(len(self._mine()), 1)
        for __ in range(3):
            self._save(nothing="1")
        self.assertEqual(len(self._mine()), 2)
        # what was given since is withdrawn by another row
        self._save(marketing_email="1")
        self._post(f"{self.url}/one-click", ONE_CLICK)
        self.assertEqual(self._decide(purpose="launch").code, "consent")
        self.assertEqual(len(self._mine()), 4)

    def test_giving_is_limited_and_says_so(self):
        self.patch(lead_consent_page, "PERSON_LIMIT", 3)
        self._save(nothing="1")
        mine = {"email_normalized": "ada@example.com", "channel": "email"}
        self._record_elsewhere(3, "given", **mine, purpose="service")
        count = len(self._mine())
        response = self._save(marketing_email="1", service_email="1")
        self.assertEqual(response.status_code, 303)
        self.assertEqual(len(self._mine()), count)
        self.assertEqual(self._decide(purpose="launch").code, "consent")
        page = self.url_open(response.headers["Location"])
        self.assertIn("in an hour", page.text)
        self.assertNotIn("Saved.", page.text)

    def test_what_is_not_wanted_counts_though_the_rest_must_wait(self):
        self.patch(lead_consent_page, "PERSON_LIMIT", 0)
        response = self._save(service_email="1", marketing_sms="1")
        self.assertIn("later", response.headers["Location"])
        self.assertEqual(self._decide(purpose="launch").code, "consent")
        self.assertEqual(self._decide(channel="sms").code, "consent")
        self.assertEqual(self._decide().outcome, "send")

    def test_the_link_tells_nobody_who_it_is(self):
        token = self.url.rsplit("/", 1)[1]
        read = base64.urlsafe_b64decode(f"{token}===")
        for secret in (b"ada", b"example", b"32470", b"null"):
            self.assertNotIn(secret, read)
        self.assertLess(len(token), 200)
        self.assertNotEqual(token, self.lead._get_preference_url().rsplit("/", 1)[1])

    def test_links_sent_before_still_work_and_lead_to_new_ones(self):
        values = [self.company.id, "ada@example.com", "+32470123456", False]
        old = hash_sign(self.env(su=True), "lead_management.preferences", values)
        shown = self.url_open(f"/lead/preferences/{old}")
        self.assertEqual(shown.status_code, 200)
        self.assertIn("a…@example.com", shown.text)
        self.assertNotIn(old, shown.url)
        self.assertNotIn(old, shown.text)
        response = self._post(f"/lead/preferences/{old}/one-click", ONE_CLICK)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._decide().code, "consent")
        shortened = self.url_open(f"/lead/preferences/{old[:-4]}")
        self.assertEqual(shortened.status_code, 404)

    def test_a_name_that_is_code_is_text(self):
        self.company.name = "<script>alert(1)</script>"
        page = self.url_open(self.url)
        self.assertNotIn("<script>alert", page.text)
