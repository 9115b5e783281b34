import base64
import json
import time
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.lead_management.models.base import graph

from .whatsapp_common import NUMBER, SENDER, WhatsappCase
from .whatsapp_fakes import PHONE_NUMBER_ID, graph_error

TEMPLATE = {
    "name": "intro",
    "language": {"code": "fr"},
    "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ann"}]}],
}


class TestWhatsappSend(WhatsappCase):
    """What is sent, and what each answer of Meta means for the message."""

    def _send_one(self, *scripts, **values):
        self._open_window()
        message = self._new_message(**values)
        self.graph.misbehave(*scripts)
        return self._send(message)

    def _new_attachment(self, name="Offer.pdf", content=b"%PDF-1.4 x", **values):
        return self.env["ir.attachment"].create(
            {"name": name, "datas": base64.b64encode(content), **values}
        )

    # ------------------------------------------------------------
    # Accepted
    # ------------------------------------------------------------

    def test_text_within_the_window(self):
        result = self._send_one(body="Hello Ann, see https://example.com")
        [sent] = self.graph.accepted
        self.assertEqual(result.status, "sent")
        self.assertEqual(result.provider_ref, sent["reference"])
        self.assertEqual(sent["to"], SENDER)
        self.assertEqual(sent["type"], "text")
        self.assertEqual(sent["text"]["body"], "Hello Ann, see https://example.com")
        self.assertTrue(sent["text"]["preview_url"])
        method, path, __ = self.graph.calls[0]
        self.assertEqual((method, path), ("POST", f"/v23.0/{PHONE_NUMBER_ID}/messages"))

    def test_key_goes_along(self):
        self._open_window()
        message = self._new_message(key="our-key")
        self._send(message)
        self.assertEqual(
            self.graph.accepted[0]["biz_opaque_callback_data"], message.key
        )

    def test_special_characters(self):
        text = 'a < b & c "d" é 日本 🙂\nnew line'
        self._send_one(body=text)
        self.assertEqual(self.graph.accepted[0]["text"]["body"], text)

    def test_document_is_uploaded_once_for_a_batch(self):
        from odoo.addons.lead_management.models.messaging.provider.provider import (
            PROVIDERS,
        )

        self._open_window()
        attachment = self._new_attachment()
        provider = PROVIDERS.get("whatsapp", "whatsapp_cloud")(self.env)
        for number in range(3):
            message = self._new_message(
                body=f"Offer {number}", attachment_ids=attachment.ids
            )
            self.assertEqual(provider.send(message).status, "sent")
        provider.close()
        uploads = [call for call in self.graph.calls if call[1].endswith("/media")]
        self.assertEqual(len(uploads), 1)
        self.assertIn(b"%PDF-1.4 x", uploads[0][2])
        document = self.graph.accepted[2]["document"]
        self.assertEqual(document["caption"], "Offer 2")
        self.assertEqual(document["filename"], "Offer.pdf")
        self.assertTrue(document["id"])

    def test_file_by_link(self):
        attachment = self._new_attachment(
            datas=False, type="url", url="https://example.com/offer.pdf"
        )
        result = self._send_one(attachment_ids=attachment.ids)
        self.assertEqual(result.status, "sent")
        self.assertEqual(
            self.graph.accepted[0]["document"]["link"], "https://example.com/offer.pdf"
        )

    def test_two_files_are_refused_before_asking(self):
        files = self._new_attachment() + self._new_attachment("B.pdf")
        result = self._send_one(attachment_ids=files.ids)
        self.assertEqual((result.status, result.error_code), ("failed", "file"))
        self.assertFalse(self.graph.calls)

    def test_too_long_a_text_is_refused_before_asking(self):
        self.assertEqual(self._send_one(body="x" * 5000).error_code, "text")
        self.assertFalse(self.graph.calls)

    # ------------------------------------------------------------
    # The window
    # ------------------------------------------------------------

    def test_outside_the_window_nothing_is_sent(self):
        for hours_ago in (24, 25, 1000):
            self._open_window(hours_ago=hours_ago)
            result = self._send(self._new_message())
            self.assertEqual((result.status, result.error_code), ("failed", "window"))
            self.assertIn("24 hours", result.error)
        self.assertFalse(self.graph.calls)

    def test_window_is_one_of_an_account(self):
        self._open_window(account=self.account_b)
        self.assertEqual(self._send(self._new_message()).error_code, "window")

    def test_template_outside_the_window(self):
        result = self._send(self._new_message(whatsapp_template=TEMPLATE))
        self.assertEqual(result.status, "sent")
        self.assertEqual(self.graph.accepted[0]["type"], "template")
        self.assertEqual(self.graph.accepted[0]["template"], TEMPLATE)

    def test_template_within_the_window(self):
        """The same text, free of charge."""
        self._send_one(whatsapp_template=TEMPLATE)
        self.assertEqual(self.graph.accepted[0]["type"], "text")

    def _new_template(self, **values):
        return self.env["lead.message.template"].create(
            {
                "name": "T",
                "channel": "whatsapp",
                "whatsapp_body": "Hello",
                "whatsapp_template_name": "intro",
                **values,
            }
        )

    def test_changed_text_does_not_go_as_the_template(self):
        template = self._new_template()
        result = self._send(self._new_message(template_id=template.id))
        self.assertEqual((result.status, result.error_code), ("failed", "window"))
        self.assertIn("was changed", result.error)
        self.assertFalse(self.graph.calls)

    def test_template_with_a_document(self):
        attachment = self._new_attachment()
        template = self._new_template(
            whatsapp_header_type="document",
            attachment_ids=[Command.set(attachment.ids)],
        )
        message = self._new_message(template_id=template.id, whatsapp_template=TEMPLATE)
        self.assertEqual(self._send(message).status, "sent")
        header, body = self.graph.accepted[0]["template"]["components"]
        document = header["parameters"][0]["document"]
        self.assertEqual(document["filename"], "Offer.pdf")
        self.assertTrue(document["id"])
        self.assertEqual(body, TEMPLATE["components"][0])

    def test_template_without_its_document(self):
        template = self._new_template(whatsapp_header_type="document")
        message = self._new_message(template_id=template.id, whatsapp_template=TEMPLATE)
        self.assertEqual(self._send(message).error_code, "file")
        self.assertFalse(self.graph.calls)

    # ------------------------------------------------------------
    # Errors of Meta
    # ------------------------------------------------------------

    def test_errors_of_meta(self):
        cases = {
            # code: (status, dead number, the account is out of order)
            130429: ("retry", False, False),
            131056: ("retry", False, False),
            80007: ("retry", False, False),
            131016: ("retry", False, False),
            131047: ("failed", False, False),
            131026: ("failed", True, False),
            131049: ("failed", False, False),
            132001: ("failed", False, False),
            131009: ("failed", False, False),
            190: ("retry", False, True),
            10: ("retry", False, True),
            200: ("retry", False, True),
            1: ("unknown", False, False),
        }
        for code, (status, is_dead, is_broken) in cases.items():
            with self.subTest(code=code):
                self.account._set_connected()
                result = self._send_one((400, graph_error(code, "Because"), {}))
                self.assertEqual(result.status, status)
                self.assertEqual(result.error_code, str(code))
                self.assertEqual(result.is_dead_address, is_dead)
                self.assertEqual(self.account.state == "error", is_broken)
                self.assertIn("Because", result.error)
        self.assertFalse(self.graph.accepted)

    def test_expired_token_burns_no_message(self):
        """It is about the account: others wait as well, no attempt is counted."""
        result = self._send_one((401, graph_error(190), {}))
        self.assertEqual(result.status, "retry")
        self.assertEqual(result.server, self.account._get_server())
        self.assertEqual(self.account.state, "error")
        self.assertIn("access token", self.account.error)
        self.assertEqual(self._send_one().status, "sent")
        self.assertEqual(self.account.state, "connected")

    def test_missing_token(self):
        self.account.access_token = False
        result = self._send_one()
        self.assertEqual((result.status, result.server), ("retry", result.server))
        self.assertTrue(result.server)
        self.assertFalse(self.graph.calls)

    def test_retry_after(self):
        too_many = graph_error(130429)
        for header, seconds in (("120", 120), ("999999", 86400), ("soon", 30)):
            result = self._send_one((429, too_many, {"Retry-After": header}))
            self.assertEqual((result.status, result.retry_after), ("retry", seconds))
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 90))
        result = self._send_one((429, b"garbage", {"Retry-After": date}))
        self.assertEqual(result.status, "retry")
        self.assertAlmostEqual(result.retry_after, 90, delta=3)

    def test_limit_of_one_pair_holds_up_nobody_else(self):
        self.assertFalse(self._send_one((400, graph_error(131056), {})).server)
        self.assertTrue(self._send_one((400, graph_error(130429), {})).server)

    def test_error_in_an_answer_that_says_it_is_fine(self):
        result = self._send_one((200, graph_error(131026), {}))
        self.assertEqual((result.status, result.is_dead_address), ("failed", True))

    def test_who_wants_no_advertising_gets_none_any_more(self):
        self._send_one((400, graph_error(131050), {}))
        consent = self.env["lead.consent"].search([("phone_sanitized", "=", NUMBER)])
        self.assertEqual(consent.state, "withdrawn")
        self.assertEqual((consent.purpose, consent.channel), ("marketing", "whatsapp"))

    # ------------------------------------------------------------
    # What nobody knows
    # ------------------------------------------------------------

    def test_uncertain_is_never_sent_again_by_itself(self):
        def accept(then):
            def script(fake, *call):
                fake.answer(*call)
                return then

            return script

        cases = {
            "hang": "hang",
            "no answer": accept("close"),
            "half a body": "half",
            "garbage": (200, b"\xff\x00<html>", {}),
            "empty": (200, b"", {}),
            "no reference": (200, {"messages": []}, {}),
            "odd reference": (200, {"messages": [{"id": {"a": 1}}]}, {}),
            "a list": (200, [1], {}),
            "server error": (500, b"Internal Server Error", {}),
            "bad gateway": (502, {"odd": 1}, {}),
            "endless": (200, b"x" * 2 * 1024 * 1024, {}),
            "drip": "drip",
        }
        for name, script in cases.items():
            with self.subTest(name):
                self.assertEqual(self._send_one(script).status, "unknown")

    def test_refused_connection_is_tried_again(self):
        self.account.base_url = "http://127.0.0.1:9"
        result = self._send_one()
        self.assertEqual(result.status, "retry")
        self.assertEqual(result.server, self.account._get_server())

    def test_redirect_is_not_followed(self):
        target = f"{self.graph.url}/v23.0/{PHONE_NUMBER_ID}/messages"
        for status in (301, 302, 307, 308):
            self.graph.calls.clear()
            result = self._send_one((status, b"", {"Location": target}))
            self.assertEqual(result.status, "retry")
            self.assertEqual(len(self.graph.calls), 1)
        self.assertFalse(self.graph.accepted)
        self.assertEqual(self.account.state, "error")

    def test_private_network_is_not_called(self):
        self.account.base_url = "https://graph.example.com"
        private = [(2, 1, 6, "", ("10.0.0.7", 443))]
        with patch.object(graph.socket, "getaddrinfo", lambda *a, **k: private):
            result = self._send_one()
        self.assertEqual(result.status, "retry")
        self.assertIn("private network", result.error)

    def test_upload_that_fails_leaves_nothing_in_doubt(self):
        for script in ((500, b"x", {}), "close", "hang", (200, {}, {})):
            result = self._send_one(script, attachment_ids=self._new_attachment().ids)
            self.assertEqual(result.status, "retry")
        self.assertFalse(self.graph.accepted)

    def test_no_secret_in_what_people_read(self):
        for script in ((401, graph_error(190), {}), "close", (500, b"x", {})):
            result = self._send_one(script)
            self.assertNotIn(self.account.access_token, json.dumps(vars(result)))
