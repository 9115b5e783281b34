"""What becomes of messages: reports, answers, bounces, and what people decide."""

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from odoo.addons.lead_management.models.messaging.provider.provider import SendResult
from odoo.addons.lead_management.models.messaging.provider.provider_email import (
    EmailProvider,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase

ANSWER = """From: Ada <ada@example.com>
To: catchall@example.com
Subject: Re: Hello
Message-Id: <answer@example.com>
In-Reply-To: {reference}
References: {reference}
{more}Content-Type: text/plain

Yes, please.
"""
BOUNCE = """From: MAILER-DAEMON@example.com
To: bounce@example.com
Subject: Undelivered
Message-Id: <bounce@example.com>
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

It came back.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; ada@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} {text}

--B
Content-Type: text/rfc822-headers

Message-ID: {reference}
To: ada@example.com

--B--
"""


class TestStatus(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_lead(email_from="ada@example.com", phone="+32470123456")

    def _queue(self, **values):
        return self._queue_message(self.lead, **{"body": "<p>B</p>", **values})

    def _sent(self, result="sent", **values):
        message = self._queue(**values)
        if result != "sent":
            self.patch(
                EmailProvider, "send", lambda *__: SendResult(result, error="No")
            )
        self._run_cron("messages")
        self.assertEqual(message.state, result)
        return message

    def _status(self, message, status, **values):
        return self.env["lead.message"]._set_status(
            message.provider, message.provider_ref, status, **values
        )

    def test_a_status_never_leads_back(self):
        message = self._sent()
        for status, state in (
            ("delivered", "delivered"),
            ("delivered", "delivered"),
            ("sent", "delivered"),
            ("read", "read"),
            ("delivered", "read"),
            ("failed", "read"),
            ("replied", "replied"),
            ("read", "replied"),
        ):
            self._status(message, status)
            self.assertEqual(message.state, state)
        self.assertTrue(message.delivered_date and message.read_date)

    def test_a_status_of_a_message_that_is_not_known_is_kept(self):
        self.env["lead.message"]._set_status("odoo_email", "<x@y.z>", "read")
        self.env["lead.message"]._set_status("odoo_email", "<x@y.z>", "delivered")
        message = self._sent()
        message.provider_ref = "<x@y.z>"
        self._run_cron("messages")
        self.assertEqual(message.state, "read")
        self.assertFalse(self.env["lead.message.status"].search([]))

    def test_what_is_sent_is_one_contact(self):
        self._sent()
        touch = self.env["lead.touch"].search([("lead_id", "=", self.lead.id)])
        self.assertEqual((touch.channel, touch.direction), ("email", "out"))
        self.assertEqual(touch.user_id, self.rep)

    def test_an_answer_lands_on_the_lead(self):
        message = self._sent()
        self._receive(ANSWER, message)
        self.assertEqual(message.state, "replied")
        answer = self.lead.message_ids.filtered(
            lambda one: one.message_id == "<answer@example.com>"
        )
        self.assertTrue(answer)

    def test_an_answer_to_what_was_in_doubt(self):
        message = self._sent("unknown")
        self.assertFalse(message.mail_message_id)
        self._receive(ANSWER, message)
        self.assertEqual(message.state, "replied")
        self.assertEqual(message.mail_message_id.message_id, message.provider_ref)

    def test_nobody_is_at_the_desk(self):
        message = self._sent()
        self._receive(ANSWER, message, more="Auto-Submitted: auto-replied\n")
        self.assertEqual(message.state, "sent")

    def _receive(self, source, message, more="", **values):
        source = source.format(reference=message.provider_ref, more=more, **values)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process("crm.lead", source)
        self.env.flush_all()

    def test_bounces(self):
        for action, status, text, state, dead in (
            ("delayed", "4.2.2", "mailbox full", "sent", False),
            ("failed", "5.2.2", "mailbox full", "failed", False),
            ("failed", "5.1.1", "no such user", "failed", True),
        ):
            with self.subTest(status=status):
                message = self._sent(body=status)
                self._receive(BOUNCE, message, action=action, status=status, text=text)
                self.assertEqual(message.state, state)
                activities = self.lead.activity_ids
                self.assertEqual(bool(activities), dead)

    def test_what_people_decide(self):
        message = self._sent("unknown")
        as_rep = message.with_user(self.rep)
        with self.assertRaises(UserError):
            as_rep.action_send_now()
        with self.assertRaises(AccessError):
            message.with_user(self.rep_2).action_mark_sent()
        with self.assertRaises(AccessError):
            message.with_user(self.manager_b).action_resend()
        as_rep.action_mark_sent()
        self.assertEqual(message.state, "sent")
        self.assertTrue(message.mail_message_id)
        with self.assertRaises(UserError):
            as_rep.action_resend()
        waiting = self._queue(body="W")
        waiting.with_user(self.manager).action_cancel()
        self.assertEqual(waiting.state, "cancelled")
        waiting.with_user(self.manager).action_resend()
        self.assertEqual(waiting.state, "queued")

    def test_failures_are_noted_on_the_lead(self):
        message = self._sent("failed")
        self.assertTrue(message.is_posted)
        self.assertIn("could not be sent", self.lead.message_ids[0].body)
        self.assertFalse(message.mail_message_id)

    @mute_logger(
        "odoo.addons.lead_management.models.messaging.outbox.lead_message_send"
    )
    def test_a_poisoned_message_is_set_aside(self):
        """Whatever its provider raises: the others go, and it is tried three times."""
        send = EmailProvider.send
        poisoned = self._queue(body="Poison")

        def poison(provider, message):
            if message == poisoned:
                raise KeyError("poison")
            return send(provider, message)

        self.patch(EmailProvider, "send", poison)
        for attempt in range(3):
            other = self._queue(body=f"Other {attempt}", override_reason="Test")
            self.env.cr.execute("UPDATE lead_message SET next_try = NULL")
            self.env.invalidate_all()
            self._run_cron("messages")
            self.assertEqual(other.state, "sent")
        self.assertEqual((poisoned.state, poisoned.attempts), ("failed", 3))

    @mute_logger(
        "odoo.addons.lead_management.models.messaging.outbox.lead_message_send"
    )
    def test_what_cannot_even_be_claimed(self):
        claim = EmailProvider.claim
        poisoned, other = self._queue(body="Poison"), self._queue(body="Other")

        def poison(provider, messages):
            if poisoned in messages:
                raise KeyError("poison")
            return claim(provider, messages)

        self.patch(EmailProvider, "claim", poison)
        self._run_cron("messages")
        self.assertEqual((poisoned.state, other.state), ("failed", "sent"))

    def test_a_merge_takes_the_messages_along(self):
        message = self._sent()
        other = self._new_lead(email_from="ada@example.com", probability=99)
        merged = (self.lead + other).merge_opportunity()
        self.assertEqual(message.exists().lead_id, merged)
