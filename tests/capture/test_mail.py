"""Letters to the mailbox of a source."""

from email.message import EmailMessage

from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from .capture_common import CaptureCase

ADF = """<?xml version="1.0" encoding="UTF-8"?><?adf version="1.0"?>
<adf><prospect status="new"><id sequence="1" source="Portal">{number}</id>
<requestdate>2026-11-29T10:00:00+01:00</requestdate>
<vehicle interest="buy"><year>2026</year><make>Volvo</make><model>FH</model></vehicle>
<customer><contact><name part="first">Ann</name><name part="last">Roe</name>
<email>ann{number}@example.com</email><phone type="voice">+32 470 12 34 {number}</phone>
</contact><comments>Please call me</comments></customer></prospect></adf>"""
EVIL = """<?xml version="1.0"?><!DOCTYPE adf [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<adf><prospect><customer><contact><name part="full">&x;</name>
<email>evil@example.com</email></contact></customer></prospect></adf>"""
PORTAL = "noreply@portal.example.org"


class TestMail(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias.domain"].search([]).unlink()
        domain = cls.env["mail.alias.domain"].create({"name": "own.example.net"})
        cls.company.alias_domain_id = domain
        cls.source = cls._new_source(
            "email", alias_name="trucks", portal_emails=PORTAL, team_id=cls.team.id
        )

    def _mail(
        self, text="Hello", sender="Ann Roe <ann@example.com>", files=(), **headers
    ):
        message = EmailMessage()
        message["From"] = sender
        message["To"] = "trucks@own.example.net"
        message["Subject"] = headers.pop("Subject", "Ten trucks")
        number = self.env["ir.sequence"].sudo().search_count([])
        self.number = getattr(self, "number", number) + 1
        message["Message-Id"] = headers.pop("Id", f"<{self.number}@example.com>")
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        for name, kind, content in files:
            message.add_attachment(content, subtype=kind, filename=name)
        return message.as_string()

    def _receive(self, *args, **options):
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(None, self._mail(*args, **options))
        self.env.flush_all()
        return self.Entry.search([("source_id", "=", self.source.id)], limit=1)

    def _count(self):
        return self.Entry.search_count([("source_id", "=", self.source.id)])

    def test_a_person_writes(self):
        entry = self._receive(
            "Please call 0470 12 34 56", files=[("a.txt", "plain", "x")]
        )
        lead = entry.lead_id
        self.assertEqual(entry.state, "done", entry.reason)
        self.assertEqual((lead.name, lead.contact_name), ("Ten trucks", "Ann Roe"))
        self.assertEqual(lead.email_normalized, "ann@example.com")
        self.assertEqual((lead.user_id.ids, lead.team_id), ([], self.team))
        message = lead.message_ids.filtered(lambda one: one.message_type == "email")
        self.assertIn("Please call", message.body)
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertEqual(self._receive("More").state, "attached")
        self.assertEqual(len(lead.message_ids.filtered("incoming_email_to")) >= 0, True)

    def test_the_same_letter_twice(self):
        for __ in range(2):
            self._receive(Id="<same@example.com>")
        self.assertEqual(self._count(), 1)

    def test_a_portal_writes_for_somebody(self):
        text = "New enquiry\nName: Bob Poe\nPhone: +32 470 00 00 01\nFleet: 12\n"
        entry = self._receive(
            text, sender=f"Portal <{PORTAL}>", Reply_To="Bob <bob@example.com>"
        )
        lead = entry.lead_id
        self.assertEqual(lead.contact_name, "Bob Poe")
        self.assertEqual(lead.email_normalized, "bob@example.com")
        self.assertEqual(lead.phone_sanitized, "+32470000001")
        self.assertIn("Fleet: 12", lead.description)
        self.assertIn("Fleet", self.source.field_ids.mapped("key"))
        self.assertFalse(lead.partner_id)

    def test_a_hundred_letters_of_a_portal(self):
        for number in range(100):
            entry = self._receive(
                f"Name: Person {number}\nEmail: p{number}@example.com",
                sender=PORTAL,
                Subject=f"Enquiry {number}",
            )
            self.assertEqual(entry.state, "done", entry.reason)
        self.assertEqual(self._count(), 100)
        leads = self.env["crm.lead"].search(
            [("capture_source_id", "=", self.source.id)]
        )
        self.assertEqual(len(leads), 100)

    def test_adf(self):
        inside = self._receive(ADF.format(number=11), sender=PORTAL)
        beside = self._receive(
            "See the file", PORTAL, [("lead.xml", "xml", ADF.format(number=12))]
        )
        for number, entry in ((11, inside), (12, beside)):
            self.assertEqual(entry.state, "done", entry.reason)
            lead = entry.lead_id
            self.assertEqual(lead.contact_name, "Ann Roe")
            self.assertEqual(lead.email_normalized, f"ann{number}@example.com")
            self.assertEqual(lead.phone_sanitized, f"+324701234{number}")
            self.assertIn("Vehicle: 2026 Volvo FH", lead.description)
        self._receive(ADF.format(number=11), sender=PORTAL)
        self.assertEqual(self._count(), 2)

    def test_adf_reads_nothing_else(self):
        entry = self._receive(EVIL, sender=PORTAL)
        self.assertNotIn("root:", entry.payload)
        self.assertNotIn("adf", entry.payload_shown.split('"text"')[0])

    def test_what_is_no_enquiry_is_set_aside(self):
        mails = {
            "automatic": {"Auto_Submitted": "auto-replied"},
            "colleague": {"sender": self.rep.email},
            "own_domain": {"sender": "somebody@own.example.net"},
        }
        for reason, options in mails.items():
            entry = self._receive(**options)
            self.assertEqual(entry.state, "ignored", reason)
            self.assertEqual(entry.outcome[0][0], reason)
            self.assertFalse(entry.lead_id)
        entry.with_user(self.manager).action_replay()
        self.Entry._run_due()
        self.env.invalidate_all()
        self.assertEqual(entry.state, "done", entry.reason)
        bodies = entry.lead_id.message_ids.mapped("body")
        self.assertTrue(any("Hello" in body for body in bodies))
        self.assertFalse(entry._get_mail())

    def test_an_error_loses_no_letter(self):
        self.patch(type(self.Entry), "_prepare_lead", lambda entry, reading: 1 / 0)
        with self.assertLogs("odoo.addons.lead_management", "WARNING"):
            entry = self._receive()
        self.assertEqual(entry.state, "retry")
        self.assertTrue(entry._get_mail())

    def test_hostile_letters(self):
        for sender in ("a@b", "a@example.com, b@example.com", '"=1+1" <c@example.com>'):
            entry = self._receive("\x01x", sender=sender)
            self.assertIn(entry.state, ("done", "parked"))
            if entry.lead_id.contact_name:
                self.assertFalse(entry.lead_id.contact_name.startswith("="))

    def test_names_of_mailboxes(self):
        with self.assertRaises(ValidationError):
            self.source.alias_name = "a b@c"
        self.source.with_user(self.manager).alias_name = "lorries"
        self.assertEqual(self.source.alias_id.alias_name, "lorries")
