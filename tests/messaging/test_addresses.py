"""An address changes while a message waits: where it goes, and whose link it has."""

import re
from ast import literal_eval
from urllib.parse import urlsplit

from odoo.addons.lead_management.models.messaging.provider.provider_email import (
    EmailProvider,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase

WRONG, RIGHT = "bob@example.com", "ada@example.com"
WORKER = 7


class TestAddresses(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.message"].search([]).unlink()
        cls.lead = cls._new_lead(email_from=WRONG, phone="+33 6 12 34 56 78")

    def _queue(self, **values):
        return self._queue_message(self.lead, **{"purpose": "launch", **values})

    def _claim(self):
        self.env.flush_all()
        return self.env["lead.message"]._claim(WORKER, 10)

    def _get_mail(self, message):
        provider = EmailProvider(self.env)
        provider.prepare(message)
        return provider._new_mail(message)

    def _get_visitor(self, mail):
        """Return whom the links of a mail are for; all are for the same one."""
        in_header = literal_eval(mail.headers)["List-Unsubscribe"]
        (in_footer,) = re.findall(r'href="([^"]+)"', str(mail.body_html))
        visitor = self._read_link(in_header.strip("<>").removesuffix("/one-click"))
        # the texts of two links differ, even for one person
        footer = self._read_link(in_footer)
        self.assertEqual(
            (footer.email, footer.phone, footer.partner_id),
            (visitor.email, visitor.phone, visitor.partner_id),
            "the footer is for somebody else",
        )
        return visitor

    def _read_link(self, link):
        token = urlsplit(link).path.rsplit("/", 1)[1]
        return self.env["lead.consent"]._read_token(token)

    def test_what_waits_goes_to_the_address_that_is_right(self):
        message = self._queue()
        self.assertEqual(message.recipient, WRONG)
        self.lead.with_user(self.rep).email_from = RIGHT
        self.assertEqual(self._claim(), message.ids)
        self.assertEqual(message.recipient, RIGHT)
        self.assertEqual(self._get_visitor(self._get_mail(message)).email, RIGHT)

    def test_a_no_at_the_new_address_counts(self):
        message = self._queue()
        self.env["mail.blacklist"].create({"email": RIGHT})
        self.lead.email_from = RIGHT
        self.assertFalse(self._claim())
        self.assertEqual(message.state, "skipped")
        self.assertIn(RIGHT, message.hold_reason)

    def test_an_address_that_was_removed_gets_nothing(self):
        message = self._queue()
        self.lead.email_from = False
        self.assertFalse(self._claim())
        self.assertEqual(message.state, "skipped")
        self.assertFalse(message.recipient)

    def test_numbers_follow_as_well(self):
        message = self._queue(channel="sms", purpose="thank_you", body="Hi")
        self.lead.phone = "+33 6 98 76 54 32"
        self.assertEqual(self._claim(), message.ids)
        self.assertEqual(message.recipient, "+33698765432")

    def test_what_failed_is_sent_again_to_the_right_address(self):
        message = self._queue()
        self._claim()
        message._move("failed", error="no such user")
        self.lead.email_from = RIGHT
        message.with_user(self.rep).action_resend()
        self._claim()
        self.assertEqual((message.state, message.recipient), ("sending", RIGHT))

    def test_the_link_is_of_the_recipient_whoever_the_lead_is_by_now(self):
        message = self._queue()
        self._claim()
        # between the claim and the server
        self.lead.email_from = RIGHT
        visitor = self._get_visitor(self._get_mail(message))
        self.assertEqual(visitor.email, WRONG)
        self.assertFalse(visitor.phone or visitor.partner_id, "that is another person")

    def test_an_address_chosen_for_one_message_stays(self):
        message = self._queue(recipient="office@example.com")
        self.lead.email_from = RIGHT
        self._claim()
        self.assertEqual(message.recipient, "office@example.com")
        visitor = self._get_visitor(self._get_mail(message))
        self.assertEqual(visitor.email, "office@example.com")
        self.assertFalse(visitor.phone)

    def test_after_a_merge_it_goes_to_the_lead_that_stays(self):
        message = self._queue()
        other = self._new_lead(email_from=RIGHT)
        (other + self.lead).with_user(self.manager).merge_opportunity()
        lead = message.exists().lead_id
        self.assertTrue(lead)
        self._claim()
        self.assertEqual(message.recipient, lead.email_normalized)
        self.assertEqual(
            self._get_visitor(self._get_mail(message)).email, lead.email_normalized
        )
