"""What the chatter is told of messages when telling it does not work."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from odoo.addons.lead_management.models.messaging.outbox import sender
from odoo.addons.lead_management.models.messaging.outbox.lead_message_chatter import (
    LeadMessage as Chatter,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase

LOGGER = "odoo.addons.lead_management.models.messaging.outbox.lead_message_chatter"


class TestPosting(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.message"].search([]).unlink()
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "user_id": cls.rep.id,
                    "email_from": f"a{number}@example.com",
                }
                for number in range(3)
            ]
        )

    def setUp(self):
        super().setUp()
        messages = (
            self.env["lead.message"]
            .with_user(self.rep)
            ._queue(
                [
                    {"lead_id": lead.id, "channel": "email", "body": "<p>Hi</p>"}
                    for lead in self.leads
                ]
            )
        )
        self.messages = messages.sudo()
        self.messages._move("sending")
        self.messages._move("sent", sent_date=fields.Datetime.now())
        self.env.flush_all()

    def _failing(self, error, lead):
        """Let the chatter of one lead fail."""
        hook = type(self.env["crm.lead"])._message_post_after_hook

        def fail(record, *args, **kwargs):
            if record == lead:
                raise error
            return hook(record, *args, **kwargs)

        return patch.object(
            type(self.env["crm.lead"]), "_message_post_after_hook", fail
        )

    def _post(self):
        self.env.flush_all()
        count = self.env["lead.message"]._post_done(10)
        self.env.flush_all()
        return count

    def test_errors_of_the_database_go_up(self):
        for error in (
            OperationalError("gone"),
            SerializationFailure("somebody else was faster"),
            InterfaceError("closed"),
            ConcurrencyError("again"),
        ):
            with (
                self.subTest(error=error),
                self._failing(error, self.leads[1]),
                self.assertRaises(type(error)),
                self.env.cr.savepoint(),
            ):
                self._post()
            self.messages.invalidate_recordset()
            self.assertFalse(any(self.messages.mapped("is_posted")))
        self._post()
        self.assertTrue(all(self.messages.mapped("is_posted")))

    def test_what_could_not_be_posted_is_posted_later(self):
        with (
            self._failing(ValueError("an addon of somebody"), self.leads[1]),
            mute_logger(LOGGER),
        ):
            self.assertEqual(self._post(), 3)
        self.assertEqual(self.messages.mapped("is_posted"), [True, False, True])
        self.assertEqual(len(self.messages.mail_message_id), 2)
        failed = self.messages[1]
        self.assertFalse(failed.mail_message_id, "it left no trace")
        self.assertEqual(self._post(), 0, "not at once")
        failed.post_next -= timedelta(hours=1)
        self.assertEqual(self._post(), 1)
        self.assertTrue(failed.is_posted and failed.mail_message_id)
        self.assertEqual(self._post(), 0)

    def test_it_waits_longer_each_time(self):
        waits = []
        with (
            self._failing(ValueError("an addon of somebody"), self.leads[1]),
            mute_logger(LOGGER),
        ):
            for _attempt in range(3):
                self._post()
                waits.append(self.messages[1].post_next - fields.Datetime.now())
                self.messages[1].post_next = False
                self.env.flush_all()
        self.assertEqual(waits, sorted(waits))
        self.assertGreater(waits[-1], 5 * waits[0])

    def test_the_sender_tries_again_what_somebody_else_kept_it_from(self):
        errors = [SerializationFailure("faster"), ConcurrencyError("faster")]
        post = Chatter._post_done

        def fail(messages, limit):
            if errors:
                raise errors.pop()
            return post(messages, limit)

        worker = sender.Sender(Registry(get_db_name()))
        with (
            self.enter_registry_test_mode(),
            patch.object(Chatter, "_post_done", fail),
            patch.object(sender.time, "sleep"),
        ):
            worker._post()
        self.messages.invalidate_recordset()
        self.assertFalse(errors)
        self.assertTrue(all(self.messages.mapped("is_posted")))
