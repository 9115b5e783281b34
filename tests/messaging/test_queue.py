"""What gets into the outbox, as what, and how many statements it takes."""

from odoo.exceptions import AccessError, UserError

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestQueue(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_lead(email_from="Ada <ada@example.com>")

    def _queue(self, *values_list, user=None):
        messages = self.env["lead.message"].with_user(user or self.rep)
        return messages._queue(
            [
                {
                    "lead_id": self.lead.id,
                    "channel": "email",
                    "subject": "Hello",
                    "body": "<p>Good day</p>",
                    **values,
                }
                for values in values_list or [{}]
            ]
        )

    def test_a_rep_queues_a_message_to_the_own_lead(self):
        message = self._queue()
        self.assertEqual(message.state, "queued")
        self.assertEqual(message.recipient, "ada@example.com")
        self.assertEqual(message.user_id, self.rep)
        self.assertEqual(message.company_id, self.lead.company_id)
        self.assertTrue(message.queued_date)

    def test_not_to_leads_of_others(self):
        with self.assertRaises(AccessError):
            self._queue(user=self.rep_2)
        with self.assertRaises(AccessError):
            self._queue(user=self.rep_b)

    def test_nobody_writes_the_outbox_by_hand(self):
        message = self._queue()
        for user in (self.rep, self.leader, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                message.with_user(user).write({"state": "sent"})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                message.with_user(user).create(
                    {"lead_id": self.lead.id, "channel": "sms", "recipient": "+1"}
                )

    def test_without_address_it_is_held_back(self):
        message = self._queue({"channel": "sms"})
        self.assertEqual(message.state, "skipped")
        self.assertTrue(message.hold_reason)

    def test_a_key_gets_in_once(self):
        first = self._queue({"key": "a"})
        again = self._queue({"key": "b", "body": "Other"}, {"key": "a"}, {"key": "a"})
        self.assertEqual(again[1], first)
        self.assertEqual(len(set(again.ids)), 2)
        self.assertEqual(self.env["lead.message"].search_count([("key", "=", "a")]), 1)

    def test_attachments(self):
        file = self.env["ir.attachment"].with_user(self.rep).create({"name": "F"})
        message = self._queue({"attachment_ids": file.ids})
        self.assertEqual(message.attachment_ids, file)
        hidden = self.env["ir.attachment"].create(
            {"name": "H", "res_model": "res.company", "res_id": self.company_b.id}
        )
        with self.assertRaises(AccessError):
            self._queue({"attachment_ids": hidden.ids})

    def test_hostile_text(self):
        message = self._queue({"subject": "A\r\nBcc: x@y.z\x00", "body": "a\x00b"})
        self.assertEqual(message.subject, "A Bcc: x@y.z")
        self.assertEqual(message.body, "ab")

    def test_states_follow_the_table(self):
        message = self._queue().sudo()
        with self.assertRaises(UserError):
            message._move("delivered")
        message._move("sending")
        message._move("sent")
        with self.assertRaises(UserError):
            message._move("queued")
