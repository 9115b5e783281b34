import json
import shutil
import subprocess
import unittest

from lxml import html

from odoo.tests import HttpCase

from odoo.addons.lead_management.models.capture.door.api import MOST_ROWS

from .capture_common import CaptureCase


class TestApi(CaptureCase, HttpCase):
    """What programs post, and what they are answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls._new_source("api")
        cls.key = cls.source.action_new_key()["params"]["message"]
        cls.path = f"/lead/api/{cls.source.token}"

    def _post(self, payload, key=None, **headers):
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self.url_open(
            self.path,
            data=body,
            method="POST",
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.key if key is None else key}",
                **headers,
            },
        )

    def _results(self, payload, **headers):
        answer = self._post(payload, **headers)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.env.invalidate_all()
        return answer.json()["results"]

    def test_a_result_per_row(self):
        self._new_lead(email_from="known@example.com")
        rows = [
            {"email": "new@example.com", "name": "Ann"},
            {"email": "known@example.com"},
            {"email": "nonsense"},
            {"email": "new@example.com", "name": "Ann"},
            "text",
        ]
        results = self._results({"leads": rows})
        self.assertEqual(
            [row["status"] for row in results],
            ["created", "attached", "invalid", "duplicate", "invalid"],
        )
        self.assertIn("nonsense", results[2]["reason"])
        entry = self.Entry.browse(results[0]["id"])
        self.assertEqual(entry.lead_id.contact_name, "Ann")

    def test_one_lead_needs_no_list(self):
        [result] = self._results({"email": "one@example.com"})
        self.assertEqual(result["status"], "created")

    def test_a_request_sent_again_is_answered_the_same(self):
        header = {"Idempotency-Key": "order 7"}
        rows = [{"email": "a@example.com"}, {"email": "b@example.com"}]
        first = self._results(rows, **header)
        self.assertEqual(first, self._results(rows, **header))
        self.assertEqual(len(self.source.entry_ids), 2)
        other = self._results([{"email": "c@example.com"}], **header)
        self.assertEqual(other[0]["status"], "duplicate")

    def test_own_numbers_are_never_taken_twice(self):
        [first] = self._results([{"id": 7, "email": "a@example.com"}])
        [again] = self._results([{"id": 7, "email": "a@example.com"}])
        self.assertEqual(first, again)
        [other] = self._results([{"id": 7, "email": "b@example.com"}])
        self.assertEqual(other["status"], "duplicate")

    def test_a_wrong_key_is_kept_and_refused(self):
        for key in ("", "wrong", self.key + "x", self.key[:-1]):
            answer = self._post({"email": f"{len(key)}@example.com"}, key)
            self.assertEqual(answer.status_code, 403)
            self.assertNotIn("results", answer.json())
        self.env.invalidate_all()
        entries = self.source.entry_ids
        self.assertEqual({*entries.mapped("state")}, {"quarantined"})
        self.assertFalse(entries.lead_id)

    def test_bodies_that_are_none(self):
        deep = b'{"a":' * 50 + b"1" + b"}" * 50
        for body in (b"", b"x", b"[]", b"{" * 500, deep, b"\xff", b'{"leads": 1}'):
            self.assertEqual(self._post(body).status_code, 400, body[:20])
        rows = [{"email": "a@example.com"}] * (MOST_ROWS + 1)
        self.assertEqual(self._post(rows).status_code, 400)
        self.assertEqual(self._post(b"x" * 70_000).status_code, 413)
        self.assertFalse(self.source.entry_ids)

    def test_nul_and_halves_of_characters(self):
        body = b'{"email": "a@example.com", "name": "A\\u0000n\\ud800n"}'
        [result] = self._results(body)
        self.assertEqual(result["status"], "created")
        lead = self.Entry.browse(result["id"]).lead_id
        self.assertEqual(lead.contact_name, "Ann")

    def _read_page(self):
        return html.fromstring(self.url_open(self.path).content)

    @unittest.skipUnless(shutil.which("curl"), "there is no curl")
    def test_the_curl_of_the_documentation_works_as_it_stands(self):
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())
        self.source._map("your_city", "city")
        self.source._map("street's name", "street")
        page = self._read_page()
        self.assertNotIn(self.key, page.text_content())
        key, command = (part.text_content() for part in page.xpath("//pre"))
        script = f"{key.replace('your key', self.key)}\n{command}"
        bash = [shutil.which("bash"), "-ec", script]
        options = {"capture_output": True, "text": True, "timeout": 60}
        with self.allow_requests(all_requests=True):
            answers = [subprocess.run(bash, **options) for __ in range(2)]  # noqa: S603
        self.env.invalidate_all()
        first, again = (json.loads(one.stdout)["results"] for one in answers)
        self.assertEqual(first, again)
        self.assertEqual(first[0]["status"], "created")
        lead = self.Entry.browse(first[0]["id"]).lead_id
        self.assertEqual((lead.city, lead.street), ("Brussels", "12 St James's Square"))
        self.assertEqual(len(self.source.entry_ids), 1)

    def test_the_documentation_tells_nothing_of_anybody(self):
        self._results([{"email": "a@example.com", "badge": "+32 470 99 99 99"}])
        self.source._map("badge", "phone")
        self.assertEqual(self.source.field_ids.example, "+32 470 99 99 99")
        text = self._read_page().text_content()
        self.assertIn("badge", text)
        self.assertNotIn("99 99", text)

    def test_who_sees_the_documentation(self):
        for path in ("/lead/api/x", f"/lead/api/{self.form.token}"):
            self.assertEqual(self.url_open(path).status_code, 404)
