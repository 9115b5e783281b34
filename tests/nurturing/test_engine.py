"""What the engine does, step by step."""

from datetime import datetime

from .common import SequenceCase


class TestEngine(SequenceCase):
    def test_three_messages_in_working_days(self):
        lead = self._new_contact()
        run = self._enroll(lead)
        self.assertEqual((run.state, run.run), ("waiting", 1))
        self.tick()
        self.assertEqual(len(self.sent(run)), 1)
        self.assertEqual(run.state, "waiting")
        self.assertEqual(run.due, datetime(2026, 12, 2, 10))  # a Wednesday
        self.pass_time(days=1)
        self.tick()
        self.assertEqual(len(self.sent(run)), 1)
        self.pass_time(days=1)
        self.tick()
        self.assertEqual(len(self.sent(run)), 2)
        self.assertEqual(run.due, datetime(2026, 12, 4, 10))
        self.pass_time(days=2)
        self.tick()
        self.assertEqual(len(self.sent(run)), 3)
        self.assertEqual((run.state, run.reason), ("done", "finished"))
        self.assertEqual(run.ledger_ids.mapped("outcome"), ["done"] * 3)
        self.assertEqual(run.ledger_ids.message_id, self.messages(run))
        self.live_for(3)
        self.assertEqual(len(self.messages(run)), 3)

    def test_a_reply_stops_it_before_the_next_step(self):
        lead = self._new_contact()
        run = self._enroll(lead)
        self.tick()
        self.pass_time(hours=1)
        self.reply(lead)
        self.assertEqual((run.state, run.reason), ("stopped", "reply"))
        activity = lead.activity_ids
        self.assertEqual(activity.user_id, self.rep)
        self.live_for(7)
        self.assertEqual(len(self.messages(run)), 1)

    def test_a_reply_stops_what_is_queued(self):
        lead = self._new_contact()
        run = self._enroll(lead)
        self.run_engine()
        self.assertEqual(run.state, "queued")
        self.reply(lead)
        self.assertEqual(self.messages(run).state, "cancelled")
        self.assertFalse(self.send())

    def test_the_gate_asks_itself(self):
        """Even if nothing of what follows a reply was done."""
        lead = self._new_contact()
        run = self._enroll(lead)
        self.run_engine()
        self.env["lead.touch"].create(
            {"lead_id": lead.id, "channel": "email", "direction": "in"}
        )
        self.assertFalse(self.send())
        self.assertEqual(self.messages(run).state, "skipped")
        self.run_engine()
        self.assertEqual((run.state, run.reason), ("stopped", "reply"))

    def test_the_engine_asks_itself(self):
        lead = self._new_contact()
        run = self._enroll(lead)
        self.tick()
        self.env["lead.touch"].create(
            {"lead_id": lead.id, "channel": "email", "direction": "in"}
        )
        self.pass_time(days=3)
        self.tick()
        self.assertEqual((run.state, run.reason), ("stopped", "reply"))
        self.assertEqual(len(self.messages(run)), 1)
