"""What stops, pauses and holds back, and what never happens twice."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.lead_management.models.nurturing.engine.step_message import MessageStep

from .common import SequenceCase


class TestStops(SequenceCase):
    def _start(self, **values):
        lead = self._new_contact(**values)
        run = self._enroll(lead)
        self.tick()
        self.pass_time(hours=1)
        return lead, run

    def _assert_stopped(self, run, reason):
        self.assertEqual((run.state, run.reason), ("stopped", reason))
        count = len(self.messages(run))
        self.pass_time(days=3)
        self.tick()
        self.assertEqual(len(self.messages(run)), count)

    def test_what_stops_it(self):
        """On whatever lead of the person, and on whatever road."""
        Touch = self.env["lead.touch"]

        def call(lead):
            Touch._record([{"lead_id": lead.id, "channel": "call", "is_contact": True}])

        def text(lead):
            Touch._record([{"lead_id": lead.id, "channel": "sms", "direction": "in"}])

        def chat(lead):
            Touch._record(
                [{"lead_id": lead.id, "channel": "whatsapp", "direction": "in"}]
            )

        def meeting(lead):
            self.env["calendar.event"].create(
                {
                    "name": "Meeting",
                    "opportunity_id": lead.id,
                    "start": fields.Datetime.now() + timedelta(days=1),
                    "stop": fields.Datetime.now() + timedelta(days=1, hours=1),
                }
            )

        def qualify(lead):
            lead.stage_id = self._stage("qualified")

        def disqualify(lead):
            lead.stage_id = self._stage("unqualified")

        def refuse(lead):
            self.env["lead.consent"]._record(lead, "withdrawn")

        def ask(lead):
            self._new_lead(name="Again", email_from=lead.email_from)

        for number, (job, reason) in enumerate(
            (
                (call, "reached"),
                (text, "reply"),
                (chat, "reply"),
                (meeting, "meeting"),
                (qualify, "stage"),
                (disqualify, "stage"),
                (refuse, "optout"),
                (ask, "form"),
            )
        ):
            with self.subTest(job=job.__name__):
                lead, run = self._start(
                    email_from=f"stop{number}@example.com", phone=False
                )
                job(lead)
                self.commit()
                self._assert_stopped(run, reason)

    def test_an_answer_on_another_lead_of_the_person(self):
        for number, known in enumerate(("email_from", "phone", "partner_id")):
            with self.subTest(known=known):
                lead = self._new_contact(50 + number)
                if known == "partner_id":
                    partner = self.env["res.partner"].create({"name": "Ada"})
                    lead.write({"partner_id": partner.id, "email_from": "z@z.zz"})
                other = self._new_lead(
                    **{known: lead[known] if known != "partner_id" else partner.id}
                )
                self.pass_time(minutes=1)
                run = self._enroll(lead)
                self.tick()
                self.pass_time(hours=1)
                self.reply(other)
                self._assert_stopped(run, "reply")

    def test_not_by_what_is_of_another_company(self):
        lead, run = self._start()
        stranger = self.env["crm.lead"].create(
            {
                "name": "B",
                "email_from": lead.email_from,
                "user_id": self.rep_b.id,
                "team_id": self.team_b.id,
            }
        )
        self.assertEqual(stranger.company_id, self.company_b)
        self.assertEqual(lead.company_id, self.company)
        self.reply(stranger)
        self.assertEqual(run.state, "waiting")

    def test_not_by_what_we_do(self):
        lead, run = self._start()
        self.env["lead.touch"]._record(
            [{"lead_id": lead.id, "channel": "call", "is_attempt": True}]
        )
        lead.stage_id = self._stage("contacted")
        self.commit()
        self.assertEqual(run.state, "waiting")

    def test_out_of_office_pauses(self):
        lead, run = self._start()
        lead._message_log(body="Out of office until 9 December")
        message = lead.message_ids[:1].sudo()
        message.write(
            {
                "message_type": "auto_comment",
                "author_id": False,
                "body": "Out of office until 9 December",
            }
        )
        lead._message_post_after_hook(message, {})
        self.commit()
        self.assertEqual((run.state, run.reason), ("paused", "away"))
        self.assertEqual(run.until.date(), datetime(2026, 12, 11).date())
        due = run.due
        self.pass_time(days=4)
        self.tick()
        self.assertEqual(run.state, "paused")
        self.pass_time(days=8)
        self.tick()
        self.assertGreater(run.due, due)
        self.assertIn(run.state, ("waiting", "queued"))

    def test_hot_is_handed_over(self):
        lead, run = self._start()
        self.env["lead.score.change"].create(
            {"lead_id": lead.id, "before": "warm", "temperature": "hot", "total": 80}
        )
        self.pass_time(days=3)
        self.tick()
        self.assertEqual((run.state, run.reason), ("paused", "hot"))
        self.assertIn("hot", lead.activity_ids.summary)
        run.with_user(self.rep).action_resume()
        self.tick()
        self.assertEqual(len(self.sent(run)), 2)

    def test_who_fits_no_longer_stays_unless_told_to_leave(self):
        """Leaving is a rule of its own; nobody falls out since a segment changes."""
        self.sequence.write(
            {
                "domain": "[('city', '=', 'Ghent')]",
                "is_exit_on": True,
                "exit_domain": "[('city', '=', 'Bruges')]",
            }
        )
        with self.assertRaises(ValidationError):
            self.sequence.exit_domain = "[]"
        runs = self._enroll(self._new_contact(80, city="Ghent"))
        runs += self._enroll(self._new_contact(81, city="Ghent"))
        self.live_for(1)
        for run, city in zip(runs, ("Antwerp", "Bruges"), strict=True):
            run.lead_id.city = city
        self.live_for(10)
        self.assertEqual(runs.mapped("reason"), ["finished", "left"])
        self.assertEqual([len(self.sent(run)) for run in runs], [3, 1])

    def _answer(self, lead, *headers, body="Please call me."):
        """Let a mail of the contact come in, on whatever road Odoo finds."""
        self.env["mail.thread"].message_process(
            "crm.lead",
            "\n".join(
                (
                    f"From: Ada <{lead.email_normalized}>",
                    "To: sales@example.com",
                    "Subject: Re: your mail",
                    f"Message-Id: <{len(headers)}.{lead.id}@example.com>",
                    *headers,
                    "Content-Type: text/plain",
                    "",
                    body,
                )
            ),
        )
        self.commit()

    def test_a_reply_without_its_references_stops_it(self):
        """Providers rewrite headers: whoever writes has written, to whatever."""
        lead, run = self._start(email_from="bare@example.com", phone=False)
        self._answer(lead)
        self.assertEqual(run.state, "stopped")
        self.assertIn(run.reason, ("reply", "form"))

    def test_an_answer_that_no_person_wrote_pauses_it(self):
        lead, run = self._start(email_from="away@example.com", phone=False)
        message = self.sent(run)
        message.sudo().provider_ref = "<seq.1@example.com>"
        self._answer(
            lead,
            "In-Reply-To: <seq.1@example.com>",
            "References: <seq.1@example.com>",
            "Auto-Submitted: auto-replied",
            body="I am out of office until 9 December.",
        )
        self.assertEqual((run.state, run.reason), ("paused", "away"))
        self.assertEqual(run.until.date(), datetime(2026, 12, 11).date())
        self.assertFalse(lead.touch_ids.filtered("is_contact"))

    def test_settings_say_that_nothing_goes_on(self):
        Settings = self.env["res.config.settings"].with_user(self.env.user)
        self.assertFalse(Settings.create({}).sequence_standstill)
        cron = self.env.ref("lead_management.ir_cron_sequences")
        lead, run = self._start(email_from="late@example.com", phone=False)
        run.due = fields.Datetime.now() - timedelta(hours=2)
        self.assertIn("overdue", Settings.create({}).sequence_standstill)
        cron.lastcall = fields.Datetime.now()
        cron.active = False
        self.assertIn("stopped since", Settings.create({}).sequence_standstill)
        self.assertIn("stopped since", run.explanation)

    def test_nobody_to_write_in_the_name_of(self):
        lead, run = self._start()
        lead.user_id = False
        self.pass_time(days=3)
        self.tick()
        self.assertEqual((run.state, run.reason), ("paused", "owner"))

    def test_the_sequence_is_off(self):
        lead, run = self._start()
        other = self._enroll(self._new_contact(7))
        self.run_engine()
        self.assertEqual(other.state, "queued")
        self.sequence.with_user(self.manager).action_switch_off()
        self.assertEqual((run.state, run.reason), ("paused", "off"))
        self.assertFalse(self.send())
        self.pass_time(days=3)
        self.tick()
        self.assertEqual(len(self.messages(run)), 1)
        self.sequence.with_user(self.manager).action_switch_on()
        self.assertEqual(run.state, "waiting")
        self.assertEqual(other.state, "queued")
        self.pass_time(days=5)
        self.tick()
        self.assertEqual(len(self.sent(run)), 2)
        self.assertEqual(len(self.sent(other)), 1)

    def test_people_pause_skip_and_stop(self):
        lead, run = self._start()
        own = run.with_user(self.rep)
        own.action_pause()
        with self.assertRaises(UserError):
            own.action_skip()
        own.action_resume()
        self.assertEqual((run.state, run.reason), ("waiting", False))
        own.action_skip()
        self.assertEqual(run.step_id, self.sequence.version_id.step_ids[2])
        self.assertEqual(run.ledger_ids[-1].outcome, "skipped")
        own.action_stop()
        self.assertEqual((run.state, run.reason), ("stopped", "hand"))
        for user in (self.rep_2, self.rep_b):
            with self.assertRaises(AccessError):
                run.with_user(user).action_stop()
        with self.assertRaises(AccessError):
            own.write({"state": "waiting"})

    def test_a_merge_keeps_the_older_run(self):
        lead, run = self._start()
        other, second = self._start(email_from="second@example.com", phone=False)
        (lead + other).with_user(self.manager).merge_opportunity()
        lead = (lead + other).exists()
        self.assertEqual((run + second).lead_id, lead)
        self.assertEqual((run + second).mapped("state").count("stopped"), 1)
        self.assertEqual(sorted((run + second).mapped("run")), [1, 2])
        self.assertEqual((run + second).ledger_ids.lead_id, lead)

    def test_an_erased_person_disappears(self):
        lead, run = self._start()
        self.pass_time(days=3)
        self.run_engine()
        self.assertEqual(run.state, "queued")
        lead.with_user(self.manager)._erase_personal_data()
        self.assertEqual((run.state, run.reason), ("stopped", "erased"))
        self.assertFalse(self.send())

    def test_a_copy_keeps_silent(self):
        lead, run = self._start()
        self.pass_time(days=3)
        gate = type(self.env["lead.message.gate"])
        with patch.object(gate, "_get_silence", lambda self: "a copy"):
            self.run_engine()
        self.assertEqual(len(self.messages(run)), 1)
        self.assertEqual(run.state, "waiting")


class TestFaults(SequenceCase):
    def test_poison_keeps_no_others(self):
        """One that fails is tried again, then parked; it is found by halves."""
        leads = self._new_contacts(250)
        runs = self._enroll(leads)
        runs.write({"due": fields.Datetime.now()})
        bad = runs[113]
        prepare = MessageStep._prepare

        def poisoned(kind, walker, *args):
            if walker.id == bad.id:
                raise ZeroDivisionError("poison")
            return prepare(kind, walker, *args)

        with patch.object(MessageStep, "_prepare", poisoned):
            self.tick()
            self.assertEqual(len(self.sent(runs)), 249)
            (runs - bad)._end("stopped", "hand")
            self.assertEqual((bad.state, bad.failures), ("waiting", 1))
            for hours in (1, 2, 7):
                self.pass_time(hours=hours)
                self.tick()
        self.assertEqual((bad.state, bad.reason), ("parked", "error"))
        self.assertIn("poison", bad.explanation)
        self.pass_time(hours=14)  # in the morning
        bad.with_user(self.rep).action_resume()
        self.tick()
        self.assertEqual(len(self.sent(bad)), 1)

    def test_a_week_of_outage_is_no_burst(self):
        run = self._enroll(self._new_contact())
        self.tick()
        self.pass_time(days=30)
        self.tick()
        self.tick()
        self.assertEqual(len(self.sent(run)), 2)
        self.assertGreater(run.due, fields.Datetime.now() + timedelta(days=1))

    def test_what_is_long_overdue_waits_for_a_decision(self):
        self.sequence.grace_days = 2
        run = self._enroll(self._new_contact())
        self.tick()
        self.pass_time(days=30)
        self.tick()
        self.assertEqual((run.state, run.reason), ("paused", "late"))
        run.with_user(self.rep).action_resume()
        self.tick()
        self.assertEqual(len(self.sent(run)), 2)

    def test_nothing_goes_at_night(self):
        run = self._enroll(self._new_contact())
        self.pass_time(hours=13)  # an outage until 23:00
        self.tick()
        self.assertFalse(self.messages(run))
        self.assertEqual(run.due.date(), datetime(2026, 12, 1).date())
        self.assertIn(run.due.hour, (7, 8))

    def test_a_limit_holds_back_and_then_skips(self):
        self.company.message_cap_day = 1
        lead = self._new_contact()
        self.env["lead.message"]._queue(
            [{"lead_id": lead.id, "channel": "email", "body": "x", "user_id": 2}]
        )
        run = self._enroll(lead)
        self.run_engine()
        self.assertEqual(run.state, "waiting")
        self.assertTrue(run.held_date)
        self.assertIn("limit", run.explanation)
        self.company.message_cap_day = 0
        self.pass_time(days=1, hours=1)
        self.tick()
        self.assertEqual(len(self.sent(run)), 1)
        self.assertFalse(run.held_date)

    def test_held_for_good_is_skipped_once(self):
        lead = self._new_contact()
        run = self._enroll(lead)
        self.run_engine()
        with patch.object(
            type(self.env["lead.message.gate"]), "_check_cap", lambda *a: "no"
        ):
            for __ in range(12):
                self.send()
                self.run_engine()
                self.pass_time(days=1)
        self.assertEqual(
            len(run.ledger_ids), len(set(run.ledger_ids.mapped("step_key")))
        )
        self.assertLess(len(self.messages(run)), 9)
        self.assertNotEqual(run.step_id, self.sequence.version_id.step_ids[0])

    def test_the_other_channel_is_tried_once(self):
        self.sequence = self._new_sequence(
            self._message(0, fallback_id=self.sms.id), self._message(1, wait_count=1)
        )
        lead = self._new_contact(email_from="dead@example.com")
        run = self._enroll(lead)
        self.run_engine()
        self.messages(run).sudo()._move("failed", error="gone", error_code="5.1.1")
        self.run_engine()
        self.assertEqual(self.messages(run).mapped("channel"), ["email", "sms"])
        self.messages(run)[1].sudo()._move("failed", error="gone", error_code="x")
        self.run_engine()
        self.assertEqual(len(self.messages(run)), 2)
        self.assertEqual(run.state, "waiting")

    def test_no_way_to_the_contact_stops_it(self):
        run = self._enroll(self._new_contact())
        self.run_engine()
        self.messages(run).sudo()._move("failed", error="gone", error_code="5.1.1")
        self.run_engine()
        self.assertEqual((run.state, run.reason), ("stopped", "bounce"))

    def test_a_mail_that_comes_back_later_stops_it(self):
        """It was sent, and days after somebody says that nobody is there."""
        lead = self._new_contact(90)
        run = self._enroll(lead)
        self.tick()
        self.assertEqual(run.state, "waiting")
        self.pass_time(hours=3)
        self.sent(run)._bounce("5.1.1", "550 5.1.1 no such user")
        self.commit()
        self.assertEqual((run.state, run.reason), ("stopped", "bounce"))
        self.assertIn("No address works", lead.message_ids[0].body)
        self.assertEqual(len(lead.activity_ids), 1)
        self.sequence.reentry_days = 1
        self.pass_time(days=2)
        [entry] = self.sequence._get_entries(lead)
        self.assertEqual(entry.code, "bounce")
        # with another address they may enter again
        lead.email_from = "right@example.com"
        [entry] = self.sequence._get_entries(lead)
        self.assertEqual(entry.code, None)

    def test_a_mail_that_comes_back_leaves_the_other_channel(self):
        sequence = self._new_sequence(
            self._message(0),
            self._message(1, wait_count=1, fallback_id=self.sms.id),
            self._message(2, wait_count=1),
        )
        run = self._enroll(self._new_contact(91), sequence)
        self.tick()
        # full, and no such user: only one of them says that nobody is there
        self.sent(run)._bounce("4.2.2", "mailbox full")
        self.commit()
        self.assertFalse(self.messages(run).is_address_dead)
        self.messages(run)._move("sent")
        self.sent(run)._bounce("5.1.1", "no such user")
        self.commit()
        self.assertEqual(run.state, "waiting")
        self.live_for(4)
        self.assertEqual(self.messages(run).mapped("channel"), ["email", "sms"])
        self.assertEqual(
            run.ledger_ids.sorted("id").mapped("outcome"), ["done", "done", "skipped"]
        )
        self.assertEqual(run.state, "done")

    def test_in_doubt_it_is_never_sent_again(self):
        run = self._enroll(self._new_contact())
        self.run_engine()
        self.send("unknown")
        self.pass_time(days=2)
        self.run_engine()
        self.assertEqual(run.state, "queued")
        self.pass_time(days=2)
        self.run_engine()
        self.assertEqual(run.step_id, self.sequence.version_id.step_ids[1])

    def test_a_template_that_is_gone(self):
        run = self._enroll(self._new_contact())
        self.tick()
        self.sequence.version_id.step_ids[1].template_id.unlink()
        self.pass_time(days=3)
        self.tick()
        self.assertEqual(run.ledger_ids[-1].outcome, "skipped")
        self.pass_time(days=5)
        self.tick()
        self.assertEqual(run.state, "done")

    def test_states_follow_the_table(self):
        run = self._enroll(self._new_contact())
        run._end("stopped", "hand")
        with self.assertRaises(UserError):
            run._move("waiting")

    def test_one_live_run_a_lead(self):
        lead = self._new_contact()
        self.assertTrue(self._enroll(lead))
        self.assertFalse(self._enroll(lead))

    def test_steps_in_use_do_not_change(self):
        self._enroll(self._new_contact())
        step = self.sequence.version_id.step_ids[0]
        with self.assertRaises(UserError):
            step.with_user(self.manager).wait_count = 9
        with self.assertRaises(UserError):
            step.with_user(self.manager).action_remove()

    def test_a_step_is_not_within_itself(self):
        sequence = self._new_sequence(
            {"kind": "branch", "arms": {"yes": [self._message(0)]}}, is_on=False
        )
        branch = sequence.version_ids.step_ids.filtered(lambda s: s.kind == "branch")
        with self.assertRaises(ValidationError):
            branch.write({"parent_id": branch.id, "arm": "yes"})
