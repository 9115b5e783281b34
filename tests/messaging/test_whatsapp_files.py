import json
import pathlib
from unittest.mock import patch

from .whatsapp_common import WhatsappCase
from .whatsapp_fakes import graph_error

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00"
    b"\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02"
    b"\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)


class TestWhatsappFiles(WhatsappCase):
    """Pictures, documents and recordings that leads send."""

    def _receive_file(self, kind="image", key="wamid.file", **data):
        data = {"id": "65463453", "mime_type": "image/png", **data}
        return self._receive(self._message(key, type=kind, **{kind: data}))

    def setUp(self):
        super().setUp()
        self.graph.media.clear()
        self.graph.add_media("65463453", PNG, "image/png")

    def test_picture(self):
        event = self._receive_file(caption="Our house")
        post = self._last_post(self.lead)
        self.assertEqual(event.state, "done")
        self.assertIn("Our house", post.body)
        self.assertEqual(post.attachment_ids.raw, PNG)
        self.assertEqual(post.attachment_ids.mimetype, "image/png")
        self.assertEqual(post.attachment_ids.res_id, self.lead.id)

    def test_document_and_recording(self):
        self.graph.add_media("8", b"%PDF-1.4 x", "application/pdf")
        self._receive_file(
            "document", "wamid.1", id="8", mime_type="application/pdf", filename="../A"
        )
        name = self._last_post(self.lead).attachment_ids.name
        self.assertTrue(name.endswith(".pdf"))
        self.assertNotIn("/", name)
        self.graph.add_media("9", b"OggS....", "audio/ogg")
        self._receive_file(
            "audio", "wamid.2", id="9", mime_type="audio/ogg; codecs=opus"
        )
        self.assertEqual(self._last_post(self.lead).attachment_ids.raw, b"OggS....")

    def test_what_a_browser_would_run_is_not_kept(self):
        for number, mimetype in enumerate(
            ("text/html", "image/svg+xml", "application/x-msdownload", "", "x" * 300)
        ):
            event = self._receive_file(
                "document", f"wamid.{number}", mime_type=mimetype, filename="a.html"
            )
            self.assertEqual(event.state, "done")
            self.assertFalse(event.mail_message_id.attachment_ids)
            self.assertIn("was not saved", event.mail_message_id.body)
        self.assertFalse(self.graph.calls)

    def test_name_does_not_change_the_type(self):
        self.graph.add_media("8", b"<script>alert(1)</script>", "application/pdf")
        event = self._receive_file(
            "document", id="8", mime_type="application/pdf", filename="evil.html"
        )
        attachment = event.mail_message_id.attachment_ids
        self.assertTrue(attachment.name.endswith(".pdf"))
        self.assertNotIn("html", attachment.mimetype)

    def test_large_file(self):
        for key, more in (
            ("wamid.1", {"file_size": 99 * 1024**2}),
            ("wamid.2", {"file_size": "99999999999"}),
        ):
            self.graph.add_media("65463453", PNG, "image/png", **more)
            event = self._receive_file(key=key)
            self.assertEqual(event.state, "done")
            self.assertIn("larger than", event.mail_message_id.body)
            self.assertFalse(event.mail_message_id.attachment_ids)

    def test_size_that_is_a_lie(self):
        self.graph.add_media("65463453", b"x" * 17 * 1024**2, "image/png", file_size=9)
        event = self._receive_file()
        for __ in range(3):
            event._process()
        self.assertEqual(event.state, "done")
        self.assertFalse(event.mail_message_id.attachment_ids)

    def test_other_content_than_promised(self):
        self.graph.add_media("65463453", PNG, "image/png", sha256="0" * 64)
        event = self._receive_file()
        self.assertEqual(event.state, "pending")
        for __ in range(3):
            event._process()
        self.assertFalse(event.mail_message_id.attachment_ids)

    def test_token_goes_to_meta_only(self):
        for key, url in (
            ("wamid.1", "https://evil.example.com/x"),
            ("wamid.2", "http://127.0.0.1:1/x"),
            ("wamid.3", "http://169.254.169.254/latest"),
            ("wamid.4", "https://fbsbx.com.evil.com/"),
            ("wamid.5", "file:///etc/passwd"),
            ("wamid.6", "not a url"),
        ):
            self.graph.calls.clear()
            self.graph.add_media("65463453", PNG, "image/png", url=url)
            event = self._receive_file(key=key)
            self.assertEqual(event.state, "done")
            self.assertFalse(event.mail_message_id.attachment_ids)
            self.assertEqual(len(self.graph.calls), 1)

    def test_file_that_comes_later(self):
        self.graph.misbehave((500, b"x", {}), "close")
        event = self._receive_file(caption="Look")
        self.assertEqual((event.state, event.attempts), ("pending", 1))
        event._process()
        self.assertEqual((event.state, event.attempts), ("pending", 2))
        event._process()
        self.assertEqual(event.state, "done")
        self.assertEqual(event.mail_message_id.attachment_ids.raw, PNG)

    def test_file_that_never_comes(self):
        """The words are not lost with it."""
        self.graph.misbehave(*[(503, b"x", {})] * 3)
        event = self._receive_file(caption="Look")
        for __ in range(2):
            event._process()
        self.assertEqual(event.state, "done")
        self.assertIn("Look", event.mail_message_id.body)
        self.assertIn("could not be downloaded", event.mail_message_id.body)

    def test_expired_file(self):
        self.graph.misbehave((400, graph_error(100, "expired"), {}))
        event = self._receive_file()
        self.assertEqual(event.state, "done")
        self.assertIn("could not be downloaded", event.mail_message_id.body)

    def test_redirect_of_a_file(self):
        self.graph.misbehave(None, (302, b"", {"Location": self.graph.url + "/x"}))
        event = self._receive_file()
        self.assertEqual(len(self.graph.calls), 2)
        self.assertFalse(event.mail_message_id.attachment_ids)

    def test_half_a_file(self):
        self.graph.misbehave(None, "half")
        event = self._receive_file()
        self.assertEqual(event.state, "pending")
        event._process()
        self.assertEqual(event.mail_message_id.attachment_ids.raw, PNG)


class TestWhatsappFixtures(WhatsappCase):
    """Payloads as Meta posts them, from the documentation and a public project."""

    def test_samples(self):
        folder = pathlib.Path(__file__).parents[1] / "data" / "whatsapp_payloads"
        files = sorted(folder.glob("*.json"))
        self.assertTrue(files)
        for path in files:
            samples = json.loads(path.read_text())
            samples = {"": samples} if "entry" in samples else samples
            for name, payload in samples.items():
                with self.subTest(path.name, sample=name):
                    value = payload["entry"][0]["changes"][0]["value"]
                    number = self.account.phone_number_id
                    value["metadata"]["phone_number_id"] = number
                    events = self._store(payload)
                    self.assertIn(events[:1].kind or "message", ("message", "status"))
                    with patch.object(
                        self.registry["lead.whatsapp.event"],
                        "_is_too_old",
                        lambda *a: False,
                    ):
                        for event in events:
                            event._process()
                    self.assertNotIn("failed", events.mapped("state"))
                    self.assertFalse(any(events.mapped("error")))
