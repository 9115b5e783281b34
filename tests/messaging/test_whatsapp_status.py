from itertools import permutations

from odoo.tools import mute_logger

from .whatsapp_common import NUMBER, WhatsappCase

OUTBOX = "odoo.addons.lead_management.models.messaging.outbox.sender"


class TestWhatsappStatus(WhatsappCase):
    """What Meta tells of messages that were sent: late, twice, in any order."""

    def _new_sent(self, reference="wamid.ours", **values):
        message = self._new_message(**values)
        message._move("sending")
        message._move("sent", provider_ref=reference)
        return message

    def _tell(self, reference, *statuses, **more):
        return [
            self._work_in(
                self._envelope(statuses=[self._status(reference, status, **more)])
            )
            for status in statuses
        ]

    def _fail(self, reference, code, **more):
        error = {"code": code, "title": "T", "error_data": {"details": "Because"}}
        return self._tell(reference, "failed", errors=[error], **more)

    # ------------------------------------------------------------
    # Order
    # ------------------------------------------------------------

    def test_any_order_ends_the_same(self):
        for number, order in enumerate(permutations(("sent", "delivered", "read"))):
            with self.subTest(order):
                message = self._new_sent(f"wamid.{number}")
                self._tell(message.provider_ref, *order)
                self.assertEqual(message.state, "read")
                self.assertTrue(message.delivered_date)
                self.assertTrue(message.read_date)

    def test_twice(self):
        message = self._new_sent()
        self._tell("wamid.ours", "delivered")
        date = message.delivered_date
        again = self._store(
            self._envelope(statuses=[self._status("wamid.ours", "delivered")])
        )
        self.assertFalse(again)
        self.assertEqual((message.state, message.delivered_date), ("delivered", date))

    def test_unknown_reference_is_kept(self):
        [event] = self._tell("wamid.later", "delivered")
        self.assertEqual(event.state, "done")
        message = self._new_sent("wamid.later")
        self.env["lead.message"]._apply_kept()
        self.assertEqual(message.state, "delivered")

    def test_odd_statuses(self):
        message = self._new_sent()
        for status in ("deleted", "warning", "", "cancelled", "queued"):
            [event] = self._tell("wamid.ours", status)
            self.assertEqual(event.state, "ignored")
        self.assertEqual(message.state, "sent")

    def test_answer_says_that_it_was_read(self):
        message = self._new_sent()
        self._receive(
            self._message(
                context={"id": "wamid.ours"}, type="text", text={"body": "Thanks"}
            )
        )
        self.assertEqual(message.state, "replied")
        self._tell("wamid.ours", "delivered")
        self.assertEqual(message.state, "replied")

    def test_answer_without_a_reference(self):
        older, newer = self._new_sent("wamid.1"), self._new_sent("wamid.2")
        self._receive(self._message())
        self.assertEqual((older.state, newer.state), ("sent", "replied"))

    # ------------------------------------------------------------
    # Answers that got lost
    # ------------------------------------------------------------

    def test_message_in_doubt_is_found_by_its_key(self):
        message = self._new_message()
        message._move("sending")
        message._move("unknown")
        self._tell("wamid.lost", "sent", biz_opaque_callback_data=message.key)
        self.assertEqual((message.state, message.provider_ref), ("sent", "wamid.lost"))
        self._tell("wamid.lost", "read")
        self.assertEqual(message.state, "read")

    def test_message_that_is_just_being_sent(self):
        """The status is faster than the answer: it waits, and nothing is sent twice."""
        message = self._new_message()
        message._move("sending")
        more = {"biz_opaque_callback_data": message.key}
        [event] = self._tell("wamid.fast", "delivered", **more)
        self.assertEqual((event.state, message.state), ("pending", "sending"))
        message._move("sent", provider_ref="wamid.fast")
        event._process()
        self.assertEqual((event.state, message.state), ("done", "delivered"))

    def test_key_of_another_account(self):
        message = self._new_message()
        message._move("sending")
        message._move("unknown")
        payload = self._envelope(
            statuses=[
                self._status("wamid.x", "read", biz_opaque_callback_data=message.key)
            ],
            phone_number_id=self.account_b.phone_number_id,
        )
        self._work_in(payload, self.account_b)
        self.assertEqual(message.state, "unknown")

    # ------------------------------------------------------------
    # Failures
    # ------------------------------------------------------------

    def test_failures(self):
        for code, text in (
            (131047, "24 hours"),
            (131026, "cannot be reached"),
            (131049, "enough advertising"),
            (999999, "Because"),
        ):
            with self.subTest(code):
                message = self._new_sent(f"wamid.{code}")
                self._fail(f"wamid.{code}", code)
                self.assertEqual(message.state, "failed")
                self.assertIn(text, message.error)
                self.assertIn(str(code), message.error)

    def test_failure_after_delivery_changes_nothing(self):
        message = self._new_sent()
        self._tell("wamid.ours", "delivered")
        self._fail("wamid.ours", 131026)
        self.assertEqual(message.state, "delivered")
        self.assertFalse(self.lead.activity_ids)

    def test_dead_number_is_looked_after(self):
        self._new_sent()
        self._fail("wamid.ours", 131026)
        activity = self.lead.activity_ids
        self.assertIn("Find the correct details", activity.summary)
        self.assertEqual(activity.user_id, self.lead.user_id)

    def test_who_opted_out_at_meta(self):
        self._new_sent()
        self._fail("wamid.ours", 131050)
        consent = self.env["lead.consent"].search([("phone_sanitized", "=", NUMBER)])
        self.assertEqual((consent.state, consent.purpose), ("withdrawn", "marketing"))

    def test_account_without_means_of_payment(self):
        self._new_sent()
        self._fail("wamid.ours", 131042)
        self.assertEqual(self.account.state, "error")
        self.assertIn("payment", self.account.error)

    def test_odd_errors(self):
        for number, errors in enumerate(("x", [], ["x"], [{}], [{"code": "x"}], None)):
            message = self._new_sent(f"wamid.{number}")
            self._tell(f"wamid.{number}", "failed", errors=errors)
            self.assertEqual(message.state, "failed")


class TestWhatsappOutbox(WhatsappCase):
    """The whole way: queue, sender, Meta, chatter, status, answer."""

    def _run(self):
        """Send what is due as the cron does."""
        self._run_cron("messages")

    def _make_due(self, messages):
        self.env["lead.message.outage"].search([]).next_try = self._ago(minutes=1)
        messages.filtered("next_try").next_try = self._ago(minutes=1)

    def test_whole_way(self):
        self._open_window()
        message = self._new_message(body="Hello Ann", user_id=self.rep.id)
        self._run()
        self.assertEqual(message.state, "sent")
        post = message.mail_message_id
        self.assertEqual(post.message_type, "whatsapp_message")
        self.assertIn("Hello Ann", post.body)
        self._work_in(
            self._envelope(
                statuses=[
                    self._status(message.provider_ref, status)
                    for status in ("delivered", "read")
                ]
            )
        )
        self.assertEqual(message.state, "read")
        self._receive(
            self._message(
                context={"id": message.provider_ref},
                type="text",
                text={"body": "Yes, please"},
            )
        )
        self.assertEqual(message.state, "replied")
        self.assertIn("Yes, please", self._last_post(self.lead).body)

    def test_expired_token_burns_no_batch(self):
        self._open_window()
        messages = self._new_message(body="1") + self._new_message(body="2")
        self.account.access_token = "expired"
        self._run()
        self.assertEqual(set(messages.mapped("state")), {"retry"})
        self.assertEqual(set(messages.mapped("attempts")), {0})
        self.assertEqual(self.account.state, "error")
        # one has asked, the other has not even tried
        self.assertEqual(len(self.graph.calls), 1)
        self.account.access_token = "token-of-the-system-user"
        self._make_due(messages)
        self._run()
        self._make_due(messages)
        self._run()
        self.assertEqual(set(messages.mapped("state")), {"sent"})
        self.assertEqual(len(self.graph.accepted), 2)
        self.assertEqual(self.account.state, "connected")

    def test_limit_of_meta_is_kept(self):
        self._open_window()
        message = self._new_message()
        self.graph.misbehave((429, b"slow down", {"Retry-After": "900"}))
        before = self._ago(seconds=0)
        self._run()
        self.assertEqual((message.state, message.attempts), ("retry", 0))
        waits = (message.next_try - before).total_seconds()
        self.assertAlmostEqual(waits, 900, delta=30)

    @mute_logger(OUTBOX)
    def test_accepted_and_answer_lost(self):
        """In doubt, never doubled, and cleared up by the status."""
        self._open_window()
        message = self._new_message()

        def accept(fake, *call):
            fake.answer(*call)
            return "close"

        self.graph.misbehave(accept)
        self._run()
        self.assertEqual(message.state, "unknown")
        self._run()
        self.assertEqual(len(self.graph.accepted), 1)
        reference = self.graph.accepted[0]["reference"]
        status = self._status(
            reference, "delivered", biz_opaque_callback_data=message.key
        )
        self._work_in(self._envelope(statuses=[status]))
        self.assertEqual(
            (message.state, message.provider_ref), ("delivered", reference)
        )
        self._run()
        self.assertEqual(len(self.graph.accepted), 1)

    def test_status_before_the_answer(self):
        self._open_window()
        message = self._new_message()
        kept = []

        def tell_first(fake, *call):
            kept.append(fake.answer(*call))
            return (*kept[0], {})

        self.graph.misbehave(tell_first)
        self._tell_unknown("wamid.1." + NUMBER[1:])
        self._run()
        self._run()
        self.assertEqual(message.state, "delivered")

    def _tell_unknown(self, reference):
        self._work_in(self._envelope(statuses=[self._status(reference, "delivered")]))

    def test_withdrawn_by_the_lead_nothing_goes_out(self):
        self._receive(self._message(type="text", text={"body": "STOP"}))
        [message] = self.env["lead.message"]._queue(
            [{"lead_id": self.lead.id, "channel": "whatsapp", "body": "Hello"}]
        )
        self.assertEqual(message.state, "skipped")
        self._run()
        self.assertFalse(self.graph.accepted)
