import json
import time
from unittest.mock import patch

from odoo.tests import HttpCase

from odoo.addons.lead_management.controllers import whatsapp as controller

from .whatsapp_common import PHONE_NUMBER_ID_B, WhatsappCase
from .whatsapp_fakes import APP_SECRET


class TestWhatsappWebhook(WhatsappCase, HttpCase):
    """What Meta, and everybody else, gets when they call: nobody is logged in."""

    def _address(self, account=None, token=None):
        token = token or (account or self.account).webhook_token
        return f"/lead_management/whatsapp/{token}"

    def _get(self, address=None, **params):
        names = {f"hub.{name}": value for name, value in params.items()}
        return self.url_open(address or self._address(), params=names)

    def _post(self, payload, address=None, secret=APP_SECRET, **headers):
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signature = {"X-Hub-Signature-256": self._sign(body, secret)}
        return self.url_open(
            address or self._address(),
            data=body,
            method="POST",
            headers={"Content-Type": "application/json", **signature, **headers},
        )

    def _events(self, account=None):
        domain = [("account_id", "=", (account or self.account).id)]
        self.env.invalidate_all()
        return self.env["lead.whatsapp.event"].search(domain, order="id")

    # ------------------------------------------------------------
    # Set up
    # ------------------------------------------------------------

    def test_challenge(self):
        token = self.account.verify_token
        answer = self._get(mode="subscribe", verify_token=token, challenge="1158201444")
        self.assertEqual((answer.status_code, answer.text), (200, "1158201444"))
        self.assertIn("text/plain", answer.headers["Content-Type"])
        self.assertNotIn("session_id", answer.cookies)

    def test_challenge_of_others(self):
        token = self.account.verify_token
        good = {"mode": "subscribe", "verify_token": token, "challenge": "1"}
        for bad in (
            {"verify_token": "wrong"},
            {"verify_token": ""},
            {"verify_token": self.account_b.verify_token},
            {"verify_token": token + "é"},
            {"mode": "unsubscribe"},
            {"challenge": "<script>alert(1)</script>"},
            {"challenge": "x" * 5000},
            {"challenge": ""},
        ):
            with self.subTest(bad):
                self.assertEqual(self._get(**{**good, **bad}).status_code, 403)
        unknown = self._address(token="x" * 43)
        self.assertEqual(self._get(unknown, **good).status_code, 403)

    def test_account_without_tokens_is_open_to_nobody(self):
        self.account.write({"verify_token": False, "app_secret": False})
        self.env.flush_all()
        for token in ("", "False", "None"):
            answer = self._get(mode="subscribe", verify_token=token, challenge="1")
            self.assertEqual(answer.status_code, 403)
        for secret in ("", "False", APP_SECRET):
            answer = self._post(
                self._envelope(messages=[self._message()]), secret=secret
            )
            self.assertEqual(answer.status_code, 403)

    # ------------------------------------------------------------
    # Signatures
    # ------------------------------------------------------------

    def test_signed(self):
        answer = self._post(self._envelope(messages=[self._message()]))
        self.assertEqual((answer.status_code, answer.text), (200, "ok"))
        event = self._events()
        self.assertEqual((event.kind, event.state), ("message", "pending"))
        self.assertEqual(event.key, "wamid.in.1")
        self.assertNotIn("session_id", answer.cookies)

    def test_not_signed(self):
        payload = self._envelope(messages=[self._message()])
        body = json.dumps(payload).encode()
        right = self._sign(body)
        for signature in (
            "",
            "sha256=",
            right.removeprefix("sha256="),
            right.upper(),
            right[:-1],
            right + "0",
            self._sign(body + b" "),
            self._sign(body, "wrong"),
            self._sign(body, "other app"),
            "sha1=" + right[7:],
            "sha256=" + "é" * 64,
        ):
            headers = {"X-Hub-Signature-256": signature.encode()}
            with self.subTest(signature):
                self.assertEqual(self._post(body, **headers).status_code, 403)
        missing = self.url_open(self._address(), data=body)
        self.assertEqual(missing.status_code, 403)
        self.assertFalse(self._events())

    def test_signature_of_another_account(self):
        payload = self._envelope(messages=[self._message()])
        answer = self._post(payload, self._address(self.account_b))
        self.assertEqual(answer.status_code, 403)
        self.assertFalse(self._events() + self._events(self.account_b))

    def test_unknown_address_answers_as_a_wrong_signature(self):
        payload = self._envelope(messages=[self._message()])
        wrong = self._post(payload, secret="wrong")
        for token in ("unknown", "x" * 5000, "%00", "'; DROP TABLE"):
            answer = self._post(payload, self._address(token=token))
            self.assertEqual(answer.status_code, 403)
            self.assertEqual(len(answer.text), len(wrong.text))

    def test_archived_account_takes_no_calls(self):
        self.account.active = False
        self.env.flush_all()
        payload = self._envelope(messages=[self._message()])
        self.assertEqual(self._post(payload).status_code, 403)

    def test_nothing_is_parsed_before_the_signature(self):
        Event = self.registry["lead.whatsapp.event"]
        with patch.object(Event, "_read_body", side_effect=AssertionError):
            answer = self._post(b'{"entry": []}', secret="wrong")
        self.assertEqual(answer.status_code, 403)

    def test_other_content_types(self):
        """The bytes count: a form is no way around the signature."""
        body = b"entry=1&messages=2"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self._post(body, secret="wrong", **form).status_code, 403)
        self.assertIn(self._post(body, **form).status_code, (200, 403))
        self.assertNotIn("pending", self._events().mapped("state"))

    def test_other_methods(self):
        for method in ("PUT", "DELETE", "PATCH"):
            answer = self.url_open(self._address(), method=method)
            self.assertIn(answer.status_code, (403, 405))

    # ------------------------------------------------------------
    # Bodies
    # ------------------------------------------------------------

    def test_huge_body(self):
        body = b" " * (controller.MAX_BODY + 1)
        self.assertEqual(self._post(body).status_code, 413)
        self.assertFalse(self._events())

    def test_huge_body_of_unknown_length(self):
        pieces = (b" " * 65_536 for __ in range(controller.MAX_BODY // 65_536 + 1))
        answer = self.url_open(self._address(), data=pieces)
        self.assertIn(answer.status_code, (403, 413))

    def test_odd_bodies_are_kept_to_look_at(self):
        for body in (
            b"",
            b"not json",
            b"\xff\xfe\x00",
            b"[" * 100_000,
            b"null",
            b"[]",
            b"7",
            b'{"entry": 7}',
            b'{"entry": [{"changes": [{"field": "messages", "value": 1}]}]}',
            b'{"entry": [{"changes": [{"field": ["messages"], "value": {}}]}]}',
            b'{"a": "\\u0000 \\ud800"}',
            '{"é": NaN}'.encode(),
        ):
            with self.subTest(body[:40]):
                before = len(self._events())
                self.assertEqual(self._post(body).status_code, 200)
                events = self._events()
                self.assertEqual(len(events), before + 1)
                self.assertIn(events[-1].state, ("ignored", "failed"))

    def test_nul_and_half_characters(self):
        text = "before\u0000 \ud83d after"
        message = self._message(type="text", text={"body": text})
        self.assertEqual(
            self._post(self._envelope(messages=[message])).status_code, 200
        )
        event = self._events()
        event._process()
        self.assertEqual(event.state, "done")
        self.assertIn("before", event.mail_message_id.body)
        self.assertIn("after", event.mail_message_id.body)

    # ------------------------------------------------------------
    # Repetitions
    # ------------------------------------------------------------

    def test_repetition_is_one_event(self):
        payload = self._envelope(messages=[self._message()])
        for __ in range(3):
            self.assertEqual(self._post(payload).status_code, 200)
        event = self._events()
        self.assertEqual(len(event), 1)
        event._process()
        posts = len(self.lead.message_ids)
        self.assertEqual(self._post(payload).status_code, 200)
        event._process()
        self.assertEqual(len(self._events()), 1)
        self.assertEqual(len(self.lead.message_ids), posts)

    def test_old_payload_that_is_posted_again(self):
        """Long after the event is forgotten, its age gives it away."""
        message = self._message()
        message["timestamp"] = str(int(time.time()) - 40 * 86400)
        self._post(self._envelope(messages=[message]))
        event = self._events()
        event._process()
        self.assertEqual(event.state, "ignored")
        self.assertFalse(self._last_post(self.lead))

    def test_many_at_once(self):
        messages = [self._message(f"wamid.{number}") for number in range(50)]
        statuses = [self._status(f"wamid.out.{n}", "read") for n in range(50)]
        payload = self._envelope(messages=messages, statuses=statuses)
        self.assertEqual(self._post(payload).status_code, 200)
        self.assertEqual(len(self._events()), 100)

    def test_storing_costs_the_same_for_one_and_many(self):
        counts = []
        Event = self.env["lead.whatsapp.event"].sudo()
        for size in (1, 200):
            messages = [self._message(f"wamid.{size}.{n}") for n in range(size)]
            body = json.dumps(self._envelope(messages=messages)).encode()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            Event._store(self.account, body)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # ------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------

    def test_numbers_of_one_app_share_a_webhook(self):
        self.account_b.app_secret = APP_SECRET
        self.env.flush_all()
        payload = self._envelope(
            messages=[self._message()], phone_number_id=PHONE_NUMBER_ID_B
        )
        self.assertEqual(self._post(payload).status_code, 200)
        self.assertFalse(self._events())
        self.assertEqual(len(self._events(self.account_b)), 1)

    def test_number_of_another_app_is_not_spoken_for(self):
        for number in (PHONE_NUMBER_ID_B, "999999999"):
            message = self._message(f"wamid.{number}")
            payload = self._envelope(messages=[message], phone_number_id=number)
            self.assertEqual(self._post(payload).status_code, 200)
        self.assertFalse(self._events(self.account_b))
        self.assertEqual(set(self._events().mapped("state")), {"ignored"})
