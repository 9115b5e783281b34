"""What platforms of advertisements post, and what they tell when they are asked."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase

from odoo.addons.lead_management.models.base import graph
from odoo.addons.lead_management.models.capture.door.meta import MetaDoor

from .capture_common import KEY, CaptureCase
from .platform_fakes import FakePlatform

DATA = Path(__file__).parents[1] / "data"
EXPIRED = {"error": {"code": 190, "message": "The access token has expired"}}
LIMIT = {"error": {"code": 80005, "message": "Too many calls"}}


def _read(name):
    return json.loads((DATA / name).read_text())


def _hmac(secret, body):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class HookCase(CaptureCase, HttpCase):
    kind = None
    values = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.platform = FakePlatform()
        cls.addClassCleanup(cls.platform.close)
        cls.classPatch(graph, "FAKE_HOSTS", {"127.0.0.1"})
        cls.classPatch(graph, "READ_TIMEOUT", 1)
        cls.source = cls._new_source(
            cls.kind, access_token="token", base_url=cls.platform.url, **cls.values
        )
        cls.path = f"/lead/hook/{cls.source.token}"

    def setUp(self):
        super().setUp()
        self.platform.scripts.clear()
        self.platform.calls.clear()
        self.platform.answers = self._answers()

    def _answers(self):
        return {}

    def _sign(self, body, secret=KEY):
        return {}

    def _post(self, payload, headers=None):
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        headers = self._sign(body) if headers is None else headers
        answer = self.url_open(
            self.path,
            data=body,
            method="POST",
            headers={"Content-Type": "application/json", **headers},
        )
        self.env.invalidate_all()
        return answer.status_code

    def _run(self):
        self.source.entry_ids.filtered("next_try").next_try = False
        self.env.flush_all()
        self.Entry._run_due()
        self.env.invalidate_all()
        return self.source.entry_ids


class TestGoogle(HookCase):
    kind = "google"

    def _payload(self, name="full_name.json", **values):
        payload = _read(f"google_lead_webhook/{name}")
        real = {"lead_id": "lead 7", "is_test": False, "google_key": KEY}
        return {**payload, **real, **values}

    def test_each_fixture_is_a_lead(self):
        names = sorted(path.name for path in (DATA / "google_lead_webhook").iterdir())
        for name in names:
            email = f"{name}@example.com".replace("_", ".")
            payload = self._payload(name, lead_id=name)
            for column in payload["user_column_data"]:
                if column.get("column_id") in ("EMAIL", "WORK_EMAIL"):
                    column["string_value"] = email
                if column.get("column_id") in ("PHONE_NUMBER", "WORK_PHONE"):
                    column["string_value"] = f"+1650555{1000 + names.index(name)}"
            self.assertEqual(self._post(payload), 200)
        entries = self._run()
        self.assertEqual(len(entries), len(names))
        for entry in entries:
            self.assertEqual(entry.state, "done", f"{entry.reason} {entry.payload}")
            self.assertTrue(entry.lead_id.contact_name)
            self.assertNotIn(KEY, entry.payload)

    def test_own_questions_are_told_and_mapped(self):
        self._post(self._payload())
        lead = self._run().lead_id
        self.assertIn("SERVICE: Roofing", lead.description)
        self.assertIn("SERVICE", self.source.field_ids.mapped("key"))

    def test_twenty_posts_are_one_lead(self):
        for __ in range(20):
            self.assertEqual(self._post(self._payload()), 200)
        self.assertEqual(len(self._run()), 1)

    def test_the_button_may_be_pressed_twice(self):
        payload = {**_read("google_lead_webhook/full_name.json"), "google_key": KEY}
        for __ in range(2):
            self.assertEqual(self._post(payload), 200)
        entries = self._run()
        self.assertEqual(entries.mapped("state"), ["test", "test"])
        self.assertFalse(entries.lead_id)

    def test_a_wrong_key_is_refused_and_kept(self):
        for key in ("wrong", "", None, 7, [KEY]):
            payload = self._payload(lead_id=f"lead {key}", google_key=key)
            self.assertEqual(self._post(payload), 403)
        entries = self._run()
        self.assertEqual({*entries.mapped("state")}, {"quarantined"})
        entries[0].action_replay()
        self.assertEqual(self._run()[0].state, "done")

    def test_bodies_that_are_none(self):
        for body in (b"", b"[]", b"null", b"{", b'{"google_key": "' + b"x" * 100):
            self.assertIn(self._post(body), (400, 403))
        self.assertEqual(self._post(b"x" * 70_000), 413)
        self.assertFalse(self.source.entry_ids)

    def _read_file(self, text, user=None):
        dialog = self.env["lead.capture.file"].with_user(user or self.manager)
        dialog = dialog.create(
            {
                "source_id": self.source.id,
                "content": base64.b64encode(text.encode("utf-16")),
            }
        )
        message = dialog.action_read()["params"]["message"]
        self.env.invalidate_all()
        return message

    def test_three_days_without_webhook(self):
        """What was downloaded there is read once; what came already is known."""
        for number in range(5):
            self._post(self._payload(lead_id=f"lead {number}"))
        head = "Lead ID\tCampaign ID\tGCLID\tFull name\tUser email\tYour fleet\n"
        lines = [
            f"lead {n}\t77\tg{n}\tPerson {n}\tf{n}@example.com\t{n} trucks"
            for n in range(30)
        ]
        text = head + "\n".join(lines)
        self.assertEqual(self._read_file(text), "Leads in the file: 30, new: 25")
        self.assertEqual(self._read_file(text), "Leads in the file: 30, new: 0")
        entries = self._run()
        self.assertEqual(len(entries), 30)
        self.assertLessEqual({*entries.mapped("state")}, {"done", "attached"})
        lead = self.env["crm.lead"].search([("email_from", "=", "f9@example.com")])
        self.assertEqual(lead.contact_name, "Person 9")
        self.assertIn("Your fleet: 9 trucks", lead.description)
        self.assertNotIn("77", lead.description)

    def test_files_that_are_none(self):
        for text in ("", "Name\nAnn", "Lead ID\n\n", "\x00" * 50):
            with self.assertRaises(UserError):
                self._read_file(text)
        for user in (self.rep, self.manager_b):
            with self.assertRaises(AccessError):
                self._read_file("Lead ID\n7", user)
        self.assertFalse(self.source.entry_ids)


class TestMeta(HookCase):
    kind = "meta"
    values = {"external_ids": "100, 200"}

    def _answers(self):
        lead = _read("meta_lead_ads/lead_object.json")
        return {
            "/v23.0/233370042045345": {**lead, "campaign_name": "Spring"},
            "/v23.0/100/leads": self._page,
            "/v23.0/200/leads": {"data": []},
        }

    def _page(self, params):
        """Three pages of leads, each with its cursor."""
        number = int(params.get("after", 0))
        leads = [
            {
                "id": f"{number}{n}",
                "created_time": f"2026-11-2{number}T08:49:14+0000",
                "field_data": [
                    {"name": "email", "values": [f"m{number}{n}@example.com"]}
                ],
            }
            for n in range(3)
        ]
        more = {"next": "https://x"} if number < 2 else {}
        return {
            "data": leads,
            "paging": {"cursors": {"after": str(number + 1)}, **more},
        }

    def _sign(self, body, secret=KEY):
        return {"X-Hub-Signature-256": f"sha256={_hmac(secret, body)}"}

    def _one(self):
        return _read("meta_lead_ads/webhook_one.json")

    def test_challenge(self):
        good = {
            "hub.mode": "subscribe",
            "hub.verify_token": self.source.verify_token,
            "hub.challenge": "1158201444",
        }
        answer = self.url_open(self.path, params=good)
        self.assertEqual((answer.status_code, answer.text), (200, "1158201444"))
        for bad in (
            {"hub.verify_token": "wrong"},
            {"hub.mode": "other"},
            {"hub.challenge": "<script>"},
        ):
            answer = self.url_open(self.path, params={**good, **bad})
            self.assertEqual(answer.status_code, 403)

    def test_an_id_is_read_and_a_lead(self):
        self.assertEqual(self._post(self._one()), 200)
        entry = self._run()
        self.assertEqual(entry.state, "done", entry.reason)
        self.assertEqual(entry.lead_id.email_normalized, "joe@example.com")
        self.assertIn("car_make: Honda", entry.lead_id.description)
        self.assertEqual(entry.lead_id.campaign_touch_ids.utm["utm_campaign"], "Spring")
        [(path, params, headers)] = self.platform.calls
        self.assertEqual(headers["Authorization"], "Bearer token")
        self.assertNotIn("token", json.dumps(params))

    def test_twenty_posts_and_several_changes(self):
        payload = self._one()
        change = payload["entry"][0]["changes"][0]
        payload["entry"][0]["changes"] = [change, change]
        for __ in range(10):
            self.assertEqual(self._post(payload), 200)
        self.assertEqual(len(self._run()), 1)

    def test_a_thousand_changes_at_once(self):
        value = {"leadgen_id": "1", "page_id": "2" * 15, "form_id": "3" * 15}
        changes = [
            {"field": "leadgen", "value": {**value, "leadgen_id": str(number)}}
            for number in range(1000)
        ]
        page = {"object": "page", "entry": [{"id": "2", "changes": changes}]}
        self.assertGreater(len(json.dumps(page)), 64 * 1024)
        self.assertEqual(self._post(page), 200)
        self.assertEqual(len(self.source.entry_ids), 1000)
        self.assertEqual(self._post(b"x" * 1_100_000), 413)

    def test_a_wrong_signature_is_counted_and_not_kept(self):
        body = json.dumps(self._one()).encode()
        right = self._sign(body)["X-Hub-Signature-256"]
        for signature in ("", "sha256=", right[7:], right[:-1], right + "0"):
            headers = {"X-Hub-Signature-256": signature}
            self.assertEqual(self._post(body, headers), 403)
        self.assertFalse(self.source.entry_ids)
        rate = self.env["lead.capture.rate"].search(
            [("source_id", "=", self.source.id), ("who", "=", "")]
        )
        self.assertEqual(rate.forged, 5)

    def test_the_graph_is_down_and_nothing_is_lost(self):
        self._post(self._one())
        self.platform.misbehave(
            "close", (500, {}, {}), (400, LIMIT, {}), (200, b"", {})
        )
        for number in range(1, 5):
            entry = self._run()
            self.assertEqual((entry.state, entry.tries), ("retry", number))
        self.assertEqual(self._run().state, "done")

    def test_a_silent_platform_keeps_nobody_waiting(self):
        """It is asked once for all that wait for it, after what needs no platform."""
        for number in range(5):
            payload = self._one()
            payload["entry"][0]["changes"][0]["value"]["leadgen_id"] = str(number)
            self._post(payload)
        form = self._store(self.form, {"values": self._person()}, seconds=60)
        order, fetch, run = [], MetaDoor.fetch, type(self.Entry)._run_once
        self.patch(
            MetaDoor,
            "fetch",
            lambda door, payload: order.append("asked") or fetch(door, payload),
        )
        self.patch(
            type(self.Entry),
            "_run_once",
            lambda entries, ids: order.append("processed") or run(entries, ids),
        )
        self.platform.misbehave(*["close"] * 5)
        entries = self._run()
        self.assertEqual(form.state, "done")
        self.assertEqual(entries.mapped("state"), ["retry"] * 5)
        self.assertEqual(order, ["processed", "asked"])

    def test_a_lead_the_platform_does_not_know_stops_no_other(self):
        payload = self._one()
        payload["entry"][0]["changes"][0]["value"]["leadgen_id"] = "404404"
        self._post(payload)
        self._post(self._one())
        self.assertEqual(sorted(self._run().mapped("state")), ["done", "retry"])

    def test_an_expired_token_asks_to_be_connected_again(self):
        self._post(self._one())
        self.platform.misbehave((401, EXPIRED, {}))
        entry = self._run()
        self.assertEqual(entry.state, "retry")
        self.assertTrue(self.source.is_disconnected)
        self.assertEqual(self.source.health, "reconnect")
        self.assertIn("expired", self.source.health_text)
        self.assertEqual(len(self.source.activity_ids), 1)
        self.source.access_token = "new"
        self.assertFalse(self.source.is_disconnected or self.source.activity_ids)
        self.assertEqual(self._run().state, "done")

    def test_what_was_not_told_is_read_once(self):
        self._post(self._one())
        self.Entry._run_due()
        for __ in range(2):
            self.source.backfill_try = False
            self.env.flush_all()
            self.Source._backfill_due()
            self.env.invalidate_all()
        entries = self._run()
        self.assertEqual(len(entries), 10)
        self.assertEqual({*entries.mapped("state")}, {"done"})
        self.assertEqual(len(entries.lead_id), 10)

    def test_the_date_until_which_all_is_known_passes_no_failure(self):
        before = fields.Datetime.now() - timedelta(days=3)
        self.source.backfill_date = before
        self.env.flush_all()
        for script in ((500, {}, {}), (400, LIMIT, {})):
            self.source.backfill_try = False
            self.env.flush_all()
            self.platform.misbehave(script)
            self.Source._backfill_due()
            self.env.invalidate_all()
            self.assertEqual(self.source.backfill_date, before)
        asked = json.loads(self.platform.calls[0][1]["filtering"])[0]["value"]
        self.assertLess(asked, int((before - timedelta(hours=23)).timestamp()))


class TestLinkedin(HookCase):
    kind = "linkedin"
    values = {"external_ids": "522529623"}

    def _page(self, params):
        """120 responses of an account, in pages."""
        start, count = int(params["start"]), int(params["count"])
        return {
            "elements": [
                {
                    "id": f"miss-{number}",
                    "submittedAt": number,
                    "versionedLeadGenFormUrn": self._payload()["leadGenForm"],
                    "formResponse": {
                        "answers": [self._answer(3, f"l{number}@example.com")]
                    },
                }
                for number in range(start, min(start + count, 120))
            ]
        }

    def test_three_days_without_webhook(self):
        """What was not told is read from there, page by page, and nothing twice."""
        before = fields.Datetime.now() - timedelta(days=3)
        self.source.backfill_date = before
        self._post(self._payload(number="miss-7"))
        self.platform.answers["/rest/leadFormResponses/miss-7"] = self._page(
            {"start": 7, "count": 1}
        )["elements"][0]
        self._run()
        for script in ((500, {}, {}), None, None):
            if script:
                self.platform.misbehave(script)
            self.source.backfill_try = False
            self.env.flush_all()
            self.Source._backfill_due()
            self.env.invalidate_all()
            if script:
                self.assertEqual(self.source.backfill_date, before)
        entries = self._run()
        self.assertEqual(len(entries), 120)
        self.assertEqual({*entries.mapped("state")}, {"done"})
        self.assertEqual(len(entries.lead_id), 120)
        self.assertGreater(self.source.backfill_date, before)
        asked = [one for path, one, __ in self.platform.calls if "q" in one]
        owner = "(sponsoredAccount:urn:li:sponsoredAccount:522529623)"
        self.assertEqual(asked[0]["owner"], owner)
        first = int((before - timedelta(hours=24)).timestamp() * 1000)
        self.assertIn(f"(start:{first},", asked[0]["submittedAtTimeRange"])

    def _answers(self):
        return {
            "/rest/leadFormResponses": self._page,
            "/rest/leadFormResponses/abc-1": {
                "submittedAt": 1,
                "formResponse": {
                    "answers": [
                        self._answer(1, "Ann"),
                        self._answer(2, "Roe"),
                        self._answer(3, "ann@example.com"),
                        self._answer(4, "Ten trucks"),
                    ]
                },
            },
            "/rest/leadForms/77": {
                "content": {
                    "questions": [
                        {"questionId": 1, "predefinedField": "FIRST_NAME"},
                        {"questionId": 2, "predefinedField": "LAST_NAME"},
                        {"questionId": 3, "predefinedField": "EMAIL"},
                        {"questionId": 4, "name": "What do you need?"},
                    ]
                }
            },
        }

    def _answer(self, number, text):
        return {
            "questionId": number,
            "answerDetails": {"textQuestionAnswer": {"answer": text}},
        }

    def _sign(self, body, secret=KEY):
        return {"X-LI-Signature": _hmac(secret, b"hmacsha256=" + body)}

    def _payload(self, action="CREATED", number="abc-1"):
        return {
            "type": "LEAD_ACTION",
            "leadGenFormResponse": f"urn:li:leadGenFormResponse:{number}",
            "leadGenForm": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:77,1)",
            "leadAction": action,
            "occurredAt": 1,
        }

    def test_challenge(self):
        answer = self.url_open(self.path, params={"challengeCode": "890e4665"})
        self.assertEqual(
            answer.json(),
            {
                "challengeCode": "890e4665",
                "challengeResponse": _hmac(KEY, b"890e4665"),
            },
        )
        self.assertEqual(self.url_open(self.path).status_code, 403)

    def test_a_response_is_read_and_a_lead(self):
        self.assertEqual(self._post(self._payload()), 200)
        self.assertEqual(self._post(self._payload()), 200)
        entry = self._run()
        self.assertEqual(entry.state, "done", entry.reason)
        self.assertEqual(entry.lead_id.contact_name, "Ann Roe")
        self.assertIn("What do you need?: Ten trucks", entry.lead_id.description)
        self.assertIn("LinkedIn-Version", self.platform.calls[0][2])

    def test_deleted_is_an_erasure(self):
        self._post(self._payload())
        self._run()
        self.assertEqual(self._post(self._payload("DELETED")), 200)
        entries = self._run()
        self.assertEqual(entries.mapped("state"), ["erased", "erased"])
        self.assertFalse(any(entry.payload or entry.person for entry in entries))

    def test_not_signed(self):
        body = json.dumps(self._payload()).encode()
        for headers in ({}, {"X-LI-Signature": _hmac(KEY, body)}):
            self.assertEqual(self._post(body, headers), 403)
        self.assertFalse(self.source.entry_ids)


class TestTiktok(HookCase):
    kind = "tiktok"

    def _sign(self, body, secret=KEY, moment=None):
        moment = str(int(moment or time.time()))
        signature = _hmac(secret, f"{moment}.".encode() + body)
        return {"TikTok-Signature": f"t={moment},s={signature}"}

    def _payload(self, number="7"):
        return {
            "event": "lead",
            "data": {
                "lead_id": number,
                "field_data": [
                    {"field_name": "Name", "field_value": "Ann Roe"},
                    {"field_name": "Email", "field_value": "ann@example.com"},
                    {"field_name": "Size", "field_value": "12"},
                ],
            },
        }

    def test_a_lead(self):
        for __ in range(20):
            self.assertEqual(self._post(self._payload()), 200)
        entry = self._run()
        self.assertEqual(entry.state, "done", entry.reason)
        self.assertEqual(entry.lead_id.contact_name, "Ann Roe")
        self.assertIn("Size: 12", entry.lead_id.description)

    def test_a_shape_nobody_has_seen_waits_for_a_person(self):
        odd = {"event": "x", "inner": [{"answers": {"q1": ["Bob"], "q2": "+32470112233"}}]}
        for payload in (odd, odd, [["y"]]):
            self.assertEqual(self._post(payload), 200)
        entries = self._run()
        self.assertEqual(entries.mapped("state"), ["parked", "parked"])
        self.assertEqual(self._post([]), 400)
        entry = entries.filtered(lambda entry: "inner" in entry.payload)
        line = self.source.field_ids.filtered(lambda line: line.key.endswith("q2"))
        line.target = "phone"
        entry.action_replay()
        self._run()
        self.assertEqual((entry.state, entry.lead_id.phone[:3]), ("done", "+32"))

    def test_what_is_sent_again_for_three_days_with_the_signature_of_then(self):
        body = json.dumps(self._payload()).encode()
        old = self._sign(body, moment=time.time() - 72 * 3600)
        for headers in (old, old, None):
            self.assertEqual(self._post(body, headers), 200)
        self.assertEqual(len(self._run().lead_id), 1)

    def test_old_and_wrong_signatures(self):
        body = json.dumps(self._payload()).encode()
        for headers in (
            {},
            self._sign(body, "wrong"),
            self._sign(body, moment=time.time() - 4 * 86400),
            self._sign(body, moment=time.time() + 4 * 86400),
            self._sign(body + b" "),
            {"TikTok-Signature": "t=x,s=y"},
        ):
            self.assertEqual(self._post(body, headers), 403)
        self.assertFalse(self.source.entry_ids)
