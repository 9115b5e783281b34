from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .whatsapp_common import NUMBER, SENDER, WhatsappCase

EVENTS = "odoo.addons.lead_management.models.messaging.whatsapp.lead_whatsapp_event"


class TestWhatsappUpkeep(WhatsappCase):
    """Who opts out, and what happens to events that fail."""

    def _text(self, body, key="wamid.in.1", **more):
        return self._message(key, type="text", text={"body": body}, **more)

    # ------------------------------------------------------------
    # Opting out
    # ------------------------------------------------------------

    def _consents(self, number=NUMBER):
        return self.env["lead.consent"].search([("phone_sanitized", "=", number)])

    def test_words_to_opt_out(self):
        words = ("STOP", "stop!", "Arrêt", "ARRET", "baja", "Rezygnuję", "Stop ")
        for number, word in enumerate(words, 1):
            with self.subTest(word):
                self._receive(self._text(word, f"wamid.stop.{number}"))
                consents = self._consents()
                self.assertEqual(len(consents), number)
                self.assertEqual(consents[0].state, "withdrawn")
                self.assertEqual(consents[0].channel, "whatsapp")
                self.assertEqual(consents[0].how, "reply")
                self.assertEqual(consents[0].text, word.strip())
                self.assertEqual(consents[0].company_id, self.company)

    def test_button_to_opt_out(self):
        self._receive(self._message(type="button", button={"text": "Stop promotions"}))
        self.assertEqual(self._consents().state, "withdrawn")
        self.assertIn("Stop promotions", self._last_post(self.lead).body)

    def test_words_in_a_sentence_are_none(self):
        for number, text in enumerate(("Please stop by tomorrow", "non-stop", "")):
            self._receive(self._text(text, f"wamid.{number}"))
        self.assertFalse(self._consents())

    def test_own_words(self):
        self.account.opt_out_words = "Genug, basta"
        self._receive(self._text("STOP", "wamid.a"))
        self.assertFalse(self._consents())
        self._receive(self._text("¡Basta!", "wamid.b"))
        self.assertTrue(self._consents())

    def test_unknown_number_that_opts_out_becomes_no_lead(self):
        event = self._receive(
            self._message(sender="34600111222", type="text", text={"body": "BAJA"})
        )
        self.assertEqual(event.state, "done")
        self.assertFalse(event.lead_id)
        self.assertEqual(self._consents("+34600111222").state, "withdrawn")

    def test_switch_in_whatsapp_itself(self):
        value = {
            "metadata": {"phone_number_id": self.account.phone_number_id},
            "user_preferences": [
                {"wa_id": SENDER, "value": "stop", "category": "marketing_messages"}
            ],
        }
        change = {"field": "user_preferences", "value": value}
        self._work_in({"entry": [{"id": "1", "changes": [change]}]})
        self.assertEqual(self._consents().purpose, "marketing")
        self.assertEqual(self._consents().state, "withdrawn")
        value["user_preferences"][0]["value"] = "resume"
        self._work_in({"entry": [{"id": "1", "changes": [change]}]})
        self.assertEqual(self._consents()[0].state, "given")

    # ------------------------------------------------------------
    # When it fails
    # ------------------------------------------------------------

    def test_no_event_is_lost(self):
        Event = self.registry["lead.whatsapp.event"]
        with (
            patch.object(Event, "_describe", side_effect=UserError("Broken")),
            mute_logger(EVENTS),
        ):
            event = self._receive(self._text("Important"))
            self.assertEqual((event.state, event.attempts), ("pending", 1))
            self.assertIn("Broken", event.error)
            self.assertTrue(event.next_try)
            self.assertFalse(self._last_post(self.lead))
            for __ in range(5):
                event._process()
            self.assertEqual(event.state, "failed")
        event.action_retry()
        event._process()
        self.assertEqual((event.state, event.error), ("done", False))
        self.assertIn("Important", self._last_post(self.lead).body)

    def test_the_others_go_on(self):
        good = [self._text(f"Good {number}", f"wamid.{number}") for number in (1, 3)]
        bad = self._text("Bad", "wamid.2")
        original = self.registry["lead.whatsapp.event"]._describe

        def describe(event, message):
            if message["id"] == "wamid.2":
                event.env.cr.execute("SELECT 1/0")
            return original(event, message)

        with (
            patch.object(self.registry["lead.whatsapp.event"], "_describe", describe),
            mute_logger(EVENTS, "odoo.sql_db"),
        ):
            events = self._receive(good[0], bad, good[1])
        self.assertEqual(events.mapped("state"), ["done", "pending", "done"])

    def test_conflict_with_others_is_passed_on(self):
        Contact = self.registry["lead.whatsapp.contact"]
        [event] = self._store(self._envelope(messages=[self._text("Hello")]))
        with (
            patch.object(Contact, "_get_locked", side_effect=SerializationFailure),
            self.assertRaises(SerializationFailure),
        ):
            event._process()
        self.assertEqual((event.state, event.attempts), ("pending", 0))

    def test_cron(self):
        self._store(self._envelope(messages=[self._text("By the cron")]))
        self._run_cron("whatsapp")
        self.assertIn("By the cron", self._last_post(self.lead).body)

    def test_webhook_wakes_the_cron(self):
        cron = self.env.ref("lead_management.ir_cron_whatsapp")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self._store(self._envelope(messages=[self._text("Hello")]))
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after, before + 1)

    def test_only_administrators_try_again(self):
        event = self._receive(self._text("Hello"))
        for user in (self.rep, self.manager):
            with self.assertRaises(AccessError):
                event.with_user(user).action_retry()

    def test_old_events_are_forgotten(self):
        done = self._receive(self._text("Old", "wamid.old"))
        waiting = self._store(self._envelope(messages=[self._text("W", "wamid.w")]))
        (done + waiting).date = self._ago(days=46)
        kept = self._receive(self._text("New", "wamid.new"))
        self.env["lead.whatsapp.event"]._gc_events()
        self.assertFalse(done.exists())
        self.assertEqual((kept + waiting).exists(), kept + waiting)
