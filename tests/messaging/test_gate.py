"""The gate: what goes, what waits, what is held back, and what may be overridden."""

import itertools
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.lead_management.models.messaging.provider.provider_email import (
    EmailProvider,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase

NUMBERS = itertools.count()


class TestGate(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_lead(
            email_from="ada@example.com",
            phone="+32470123456",
            country_id=cls.env.ref("base.be").id,
        )
        cls.company = cls.lead.company_id or cls.company
        cls.company.write(
            {
                "message_optin_sms": False,
                "message_optin_whatsapp": False,
                "message_cap_day": 3,
                "message_cap_week": 5,
            }
        )

    def _queue(self, user=None, **values):
        return (
            self.env["lead.message"]
            .with_user(user or self.rep)
            ._queue(
                [
                    {
                        "lead_id": self.lead.id,
                        "channel": "email",
                        "body": f"Number {next(NUMBERS)}",
                        **values,
                    }
                ]
            )
        )

    def assertHeld(self, message, code):
        self.assertEqual((message.state, message.gate["code"]), ("skipped", code))
        self.assertTrue(message.hold_reason)

    def test_blacklists(self):
        self.env["mail.blacklist"]._add("ada@example.com")
        self.env["phone.blacklist"].add("+32470123456")
        for channel in ("email", "sms", "whatsapp"):
            with self.subTest(channel=channel):
                self.assertHeld(self._queue(channel=channel), "blacklist")
        message = self._queue(override_reason="He asked me to")
        self.assertHeld(message, "blacklist")
        with self.assertRaises(UserError):
            message._override("Never mind")

    def test_consent_counts_by_purpose_and_channel_the_last_one(self):
        Consent = self.env["lead.consent"]
        for state, purpose, channel, allowed in (
            ("withdrawn", "marketing", "email", {"service"}),
            ("given", "marketing", "email", {"service", "marketing"}),
            ("withdrawn", "all", "sms", {"service", "marketing"}),
            ("withdrawn", "all", "all", set()),
            ("given", "service", "email", {"service"}),
        ):
            Consent._record(self.lead, state, purpose=purpose, channel=channel)
            with self.subTest(state=state, purpose=purpose, channel=channel):
                for purpose_, kind in (
                    ("launch", "marketing"),
                    ("thank_you", "service"),
                ):
                    decision = self._decide(purpose=purpose_)
                    held = decision.outcome == "hold"
                    self.assertEqual(not held, kind in allowed)
                    self.assertFalse(held and decision.overridable)

    def _decide(self, **values):
        row = {
            "lead_id": self.lead.id,
            "channel": "email",
            "user_id": self.rep.id,
            "body": "",
            **values,
        }
        return self.env["lead.message.gate"].with_user(self.rep)._decide([row])[0]

    def test_consent_is_that_of_the_person_on_all_leads_of_the_company(self):
        other = self._new_lead(email_from="Ada@Example.com", user_id=self.rep_2.id)
        foreign = self._new_lead(
            email_from="ada@example.com",
            company_id=self.company_b.id,
            user_id=self.rep_b.id,
            team_id=self.team_b.id,
        )
        self.lead.company_id = self.company
        self.env["lead.consent"]._record(self.lead, "withdrawn")
        held = self._decide(lead_id=other.id, user_id=self.rep_2.id)
        self.assertEqual(held.code, "consent")
        free = self._decide(lead_id=foreign.id, user_id=self.rep_b.id)
        self.assertEqual(free.outcome, "send")

    def test_no_way_of_writing_an_address_passes_the_opt_out(self):
        self.env["lead.consent"]._record(self.lead, "withdrawn")
        lead = self._new_lead(email_from="other@example.com", phone="+32470999999")
        for written in (
            "Ada@Example.COM",
            "ada+offers@example.com",
            '"ada"@example.com',
            " ada@example.com ",
            "ada@example.com.",
            "ada\u200b@example.com",
            "ada@ｅxample.com",
            "Ada Lovelace <ada@example.com>",
        ):
            with self.subTest(written=written):
                held = self._queue(lead_id=lead.id, recipient=written)
                self.assertHeld(held, "consent")
                lead.with_user(self.rep).email_from = written
                self.assertHeld(self._queue(lead_id=lead.id), "consent")
        for written in (
            "+32 470 12 34 56",
            "0032470123456",
            "+32(0)470/123456",
            "+320470123456",
            "tel:+32-470-123456",
        ):
            with self.subTest(written=written):
                for channel in ("sms", "whatsapp"):
                    held = self._queue(
                        lead_id=lead.id, recipient=written, channel=channel
                    )
                    self.assertHeld(held, "consent")
                lead.with_user(self.rep).phone_sanitized = written
                self.env.flush_all()
                held = self._queue(lead_id=lead.id, channel="sms")
                self.assertHeld(held, "consent")

    def test_one_message_has_one_recipient(self):
        for written, channel in (
            ("ada@example.com, bob@example.com", "email"),
            ("bob@example.com;ada@example.com", "email"),
            ("Bob", "email"),
            ("+32470123456, +32470123457", "sms"),
            ("0470123456", "sms"),
            ("ada@example.com", "sms"),
        ):
            with self.subTest(written=written):
                held = self._queue(recipient=written, channel=channel)
                self.assertHeld(held, "recipient")

    def test_a_written_over_column_is_not_where_messages_go(self):
        self.lead.with_user(self.rep).email_normalized = "eve@example.com"
        self.assertEqual(self._queue().recipient, "ada@example.com")
        self.env["lead.consent"]._record(self.lead, "withdrawn")
        self.assertHeld(self._queue(), "consent")
        record = self.env["lead.consent"].search([], limit=1)
        self.assertEqual(record.email_normalized, "ada@example.com")

    def test_who_withdrew_with_a_tag_has_withdrawn(self):
        tagged = self._new_lead(email_from="ada+news@example.com")
        self.env["lead.consent"]._record(tagged, "withdrawn")
        self.assertHeld(self._queue(), "consent")
        near = self._new_lead(email_from="adam@example.com")
        self.assertEqual(self._queue(lead_id=near.id).state, "queued")

    def test_the_address_is_worked_out_when_it_is_sent_too(self):
        message = self._queue()
        self.env["lead.consent"]._record(self.lead, "withdrawn")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_message SET recipient = '\"Ada\"@Example.com.' WHERE id = %s",
            [message.id],
        )
        self.env.invalidate_all()
        self._run_cron("messages")
        self.assertHeld(message, "consent")

    def test_mexican_numbers_are_written_in_two_ways(self):
        lead = self._new_lead(phone="+525512345678")
        self.env["lead.consent"]._record(
            lead, "withdrawn", channel="whatsapp", phone_sanitized="+5215512345678"
        )
        self.assertHeld(self._queue(lead_id=lead.id, channel="whatsapp"), "consent")

    def test_marketing_needs_consent_where_the_company_says_so(self):
        self.company.message_optin_email = True
        self.assertEqual(self._decide(purpose="launch").code, "consent")
        self.assertEqual(self._decide(purpose="follow_up").outcome, "send")
        self.env["lead.consent"]._record(self.lead, "given", purpose="marketing")
        self.assertEqual(self._decide(purpose="launch").outcome, "send")

    def test_no_purpose_to_several_people_is_marketing(self):
        self.company.message_optin_email = True
        other = self._new_lead(email_from="bob@example.com")
        rows = [
            {"lead_id": lead.id, "channel": "email", "body": f"B{lead.id}"}
            for lead in (self.lead, other)
        ]
        queue = self.env["lead.message"].with_user(self.rep)._queue
        for message in queue(rows):
            self.assertHeld(message, "consent")
            self.assertTrue(message.is_marketing)
        self.assertEqual(queue(rows[:1]).state, "queued")
        # a purpose that is said is what it is
        said = queue([{**row, "purpose": "follow_up", "body": "C"} for row in rows])
        self.assertEqual(said.mapped("state"), ["queued", "queued"])
        # two leads of one person are one person
        twin = self._new_lead(email_from="Ada@example.com")
        one = [
            {**rows[0], "lead_id": lead.id, "body": f"D{lead.id}"}
            for lead in (self.lead, twin)
        ]
        self.company.message_cap_day = 9
        self.assertEqual(set(queue(one).mapped("state")), {"queued"})

    def test_it_stays_marketing_until_it_is_sent(self):
        other = self._new_lead(email_from="bob@example.com")
        messages = (
            self.env["lead.message"]
            .with_user(self.rep)
            ._queue(
                [
                    {"lead_id": lead.id, "channel": "email", "body": f"B{lead.id}"}
                    for lead in (self.lead, other)
                ]
            )
        )
        self.assertEqual(messages.mapped("state"), ["queued", "queued"])
        provider = EmailProvider(self.env)
        self.assertIn("/lead/preferences/", provider._get_body(messages[0]))
        self.assertNotIn("/lead/preferences/", provider._get_body(self._queue()))
        self.env["lead.consent"]._record(self.lead, "withdrawn", purpose="marketing")
        self._run_cron("messages")
        self.assertHeld(messages[0], "consent")
        self.assertEqual(messages[1].state, "sent")

    def test_withdrawn_after_it_was_queued(self):
        message = self._queue(send_at=fields.Datetime.now() + timedelta(hours=1))
        self.assertEqual(message.state, "queued")
        self.env["lead.consent"]._record(self.lead, "withdrawn")
        message.with_user(self.rep).action_send_now()
        self._run_cron("messages")
        self.assertHeld(message, "consent")

    def test_the_same_again(self):
        self._queue(body="Same")
        self.assertHeld(self._queue(body="Same", user=self.leader), "duplicate")
        self.assertHeld(self._queue(body=" Same\n"), "duplicate")
        again = self._queue(body="Same", override_reason="Lost by their spam filter")
        self.assertEqual(again.state, "queued")
        self.assertEqual(self._queue(body="Same", channel="sms").state, "queued")

    def test_the_same_twice_in_one_batch(self):
        rows = [{"lead_id": self.lead.id, "channel": "email", "body": "S"}] * 2
        messages = self.env["lead.message"]._queue(rows)
        self.assertEqual(messages.mapped("state"), ["queued", "skipped"])

    def test_so_many_a_day_whoever_sends_on_whatever_channel(self):
        other = self._new_lead(email_from="ada@example.com", user_id=self.rep_2.id)
        self._queue()
        self._queue(channel="sms")
        self._queue(user=self.rep_2, lead_id=other.id)
        message = self._queue()
        self.assertHeld(message, "cap")
        message.with_user(self.rep)._override("She is on the phone")
        self.assertEqual(message.state, "queued")
        self.assertEqual(message.override_reason, "She is on the phone")
        self._run_cron("messages")
        self.assertEqual(message.state, "sent")

    def test_so_many_a_week(self):
        for day in range(5):
            with freeze_time(datetime(2026, 3, 2 + day, 10)):
                self.assertEqual(self._queue().state, "queued")
        with freeze_time(datetime(2026, 3, 7, 10)):
            self.assertHeld(self._queue(), "cap")
        with freeze_time(datetime(2026, 3, 9, 11)):
            self.assertEqual(self._queue().state, "queued")

    def test_quiet_hours_where_the_lead_is(self):
        self.company.message_quiet_on = True
        with freeze_time("2026-03-04 21:30:00"):
            message = self._queue()
            self.assertEqual(message.state, "queued")
            self.assertEqual(message.send_at, datetime(2026, 3, 5, 7))
            now = self._queue(override_reason="He waits for it")
            self.assertFalse(now.send_at)
            self.company.message_quiet_email = False
            self.assertFalse(self._queue().send_at)
        with freeze_time("2026-03-05 06:59:00"):
            self._run_cron("messages")
            self.assertEqual(message.state, "queued")
        with freeze_time("2026-03-05 07:01:00"):
            self._run_cron("messages")
            self.assertEqual(message.state, "sent")

    def test_a_clock_that_jumps(self):
        """Nothing is sent twice when it goes back, nor all at night when it goes on."""
        self.company.message_quiet_on = True
        with freeze_time("2026-03-04 12:00:00"):
            message = self._queue()
            self._run_cron("messages")
            self.assertEqual(message.state, "sent")
            waits = self._queue(send_at=datetime(2026, 3, 6, 12))
        with freeze_time("2026-03-04 10:00:00"):
            self._run_cron("messages")
            self.assertEqual(message.state, "sent")
        with freeze_time("2027-03-04 23:00:00"):
            self._run_cron("messages")
            self.assertEqual(waits.state, "queued")
            self.assertEqual(waits.send_at, datetime(2027, 3, 5, 7))

    def test_companies_and_people_that_left(self):
        foreign = self._new_lead(
            email_from="b@example.com",
            company_id=self.company_b.id,
            user_id=self.rep_b.id,
            team_id=self.team_b.id,
        )
        self.assertEqual(self._decide(lead_id=foreign.id).code, "company")
        message = self._queue(send_at=fields.Datetime.now() + timedelta(hours=1))
        self.rep.active = False
        message.action_send_now()
        self._run_cron("messages")
        self.assertHeld(message, "company")

    def test_preferred_channel_is_advice(self):
        self.lead.preferred_channel = "phone"
        message = self._queue()
        self.assertEqual(message.state, "queued")
        self.assertIn("Phone", message.gate["advice"])

    def test_statements_do_not_grow_with_the_batch(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": "L", "email_from": f"b{number}@example.com"}
                for number in range(200)
            ]
        )

        def count(leads):
            rows = [
                {"lead_id": lead.id, "channel": "email", "body": f"B{lead.id}"}
                for lead in leads
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["lead.message"]._queue(rows)
            return self.env.cr.sql_log_count - before

        count(leads[:1])
        few, many = count(leads[1:11]), count(leads[11:])
        self.assertLessEqual(many, few + 1)
        self.assertLessEqual(many, 40)
