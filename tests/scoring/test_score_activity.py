"""What happens with a lead raises or lowers its engagement, and cools down."""

import base64
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

NOW = datetime(2026, 11, 20, 12)
MAIL = """From: Ann <{sender}>
To: sales@example.com
Subject: Re: Offer
Message-Id: <{number}@example.com>
In-Reply-To: {parent}
Content-Type: text/plain

Yes, please.
"""


class TestActivity(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.score.model"].search([]).active = False
        cls.model = cls.env["lead.score.model"].create(
            {"name": "Everyone", "state": "active"}
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Ann", "email": "ann@example.com"}
        )
        cls.lead = cls._new_lead(email_from="ann@example.com")

    def _rule(self, *codes, points=10, **values):
        events = [self.env.ref(f"lead_management.score_event_{c}").id for c in codes]
        return self._new_score_rule(
            [],
            points,
            model_id=self.model.id,
            kind="activity",
            event_ids=[Command.set(events)],
            **values,
        )

    def _mail(self, author=None, **values):
        author = self.customer if author is None else author
        return self.lead.message_post(
            body="Hello", message_type="email", author_id=author.id, **values
        )

    def _process(self, number, parent=""):
        """Let a mail come in; return the lead it is about."""
        text = MAIL.format(sender="ann@example.com", number=number, parent=parent)
        lead_id = self.env["mail.thread"].message_process("crm.lead", text)
        return self.env["crm.lead"].browse(lead_id)

    def _rescore(self, at):
        """Let the nightly job run at a moment."""
        self.env.flush_all()
        self.lead._derived_flush()
        cron = self.env.ref("lead_management.ir_cron_rescore")
        with self.enter_registry_test_mode(), freeze_time(at):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # Kinds of events
    # ------------------------------------------------------------

    def test_mail_and_reply(self):
        """A lead that comes in by e-mail has written, but not replied yet."""
        self._rule("mail_in", points=3)
        self._rule("reply", points=20)
        lead = self._process(1)
        self.assertEqual(lead.score_engagement, 3)
        offer = lead.message_post(
            body="Our offer",
            message_type="comment",
            author_id=self.rep.partner_id.id,
        )
        self.assertEqual(lead.score_engagement, 3)
        self.assertEqual(self._process(2, offer.message_id), lead)
        self.assertEqual(lead.score_engagement, 26)

    def test_attachment(self):
        self._rule("attachment")
        self._mail()
        self.assertEqual(self.lead.score_engagement, 0)
        self._mail(attachments=[("plan.txt", base64.b64encode(b"x"))])
        self.assertEqual(self.lead.score_engagement, 10)

    def test_colleagues_do_not_count(self):
        self._rule("mail_in", "reply")
        for colleague in (self.rep, self.manager):
            self._mail(author=colleague.partner_id)
        self.rep_2.active = False
        self._mail(author=self.rep_2.partner_id)
        self.assertEqual(self.lead.score_engagement, 0)

    def test_calls_and_other_activities(self):
        call = self.env.ref("mail.mail_activity_data_call")
        todo = self.env.ref("mail.mail_activity_data_todo")
        self._rule("call", points=1)
        self._rule("activity", points=10)
        self._rule("activity", points=25, activity_type_ids=[Command.set(todo.ids)])
        for type_, total in ((call, 11), (todo, 46)):
            activity = self.lead.activity_schedule(activity_type_id=type_.id)
            activity.action_feedback("Done")
            self.assertEqual(self.lead.score_engagement, total)

    def test_types_restrict_activities_only(self):
        """A rule on calls of a type and on mails counts all mails."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        self._rule("activity", "mail_in", activity_type_ids=[Command.set(todo.ids)])
        self._mail()
        self.assertEqual(self.lead.score_engagement, 10)

    def _meet(self, **values):
        return self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2026-11-19 09:00:00",
                "stop": "2026-11-19 10:00:00",
                "opportunity_id": self.lead.id,
                "partner_ids": [Command.set((self.customer + self.rep.partner_id).ids)],
                **values,
            }
        )

    @freeze_time(NOW)
    def test_meetings_count_once_they_were_held(self):
        self._rule("meeting")
        meeting = self._meet()
        self.assertEqual(self.lead.score_engagement, 10)
        meeting.write({"start": "2026-11-21 09:00:00", "stop": "2026-11-21 10:00:00"})
        self.assertEqual(self.lead.score_engagement, 0)
        meeting.write({"start": "2026-11-18 09:00:00"})
        self.assertEqual(self.lead.score_engagement, 10)
        meeting.active = False
        self.assertEqual(self.lead.score_engagement, 0)

    def test_declined_by_the_customer(self):
        self.model.base_points = 50
        self._rule("declined", points=-10)
        meeting = self._meet()
        for partner, total in ((self.rep.partner_id, 50), (self.customer, 40)):
            attendee = meeting.attendee_ids.filtered(
                lambda a, p=partner: a.partner_id == p
            )
            attendee.do_decline()
            self.env.flush_all()
            self._rescore(datetime.now() + timedelta(hours=1))
            self.assertEqual(self.lead.score_total, total)

    def test_unsubscribed(self):
        self.model.base_points = 50
        self._rule("unsubscribed", points=-20)
        self.env["mail.blacklist"]._add("ANN@example.com")
        self._rescore(datetime.now() + timedelta(hours=1))
        self.assertEqual(self.lead.score_total, 30)
        self.env["mail.blacklist"]._remove("ann@example.com")
        self._rescore(datetime.now() + timedelta(hours=2))
        self.assertEqual(self.lead.score_total, 50)

    # ------------------------------------------------------------
    # How much
    # ------------------------------------------------------------

    def test_no_more_than_the_most(self):
        self._rule("mail_in", points=10, max_points=25)
        self._rule("mail_in", points=-2, max_points=3)
        for total in (8, 17, 22, 22):
            self._mail()
            self.assertEqual(self.lead.score_engagement, total)
        reason = max(self.lead.score_reasons, key=lambda r: r["points"])
        self.assertEqual((reason["points"], reason["count"]), (25, 4))

    def test_within_days(self):
        self._rule("mail_in", days=7)
        message = self._mail()
        message.date = NOW
        for days, seconds, total in ((6, 86_399, 10), (7, 0, 0)):
            self._rescore(NOW + timedelta(days=days, seconds=seconds))
            self.assertEqual(self.lead.score_engagement, total)

    def test_cools_down_by_the_nightly_job(self):
        self._rule("mail_in", points=20, half_life=10, days=90)
        message = self._mail()
        message.date = NOW
        for days, total in ((0, 20), (9, 11), (10, 10), (20, 5), (30, 3), (89, 0)):
            self._rescore(NOW + timedelta(days=days))
            self.assertEqual(self.lead.score_engagement, total, days)

    def test_cold_reasons_tell_what_it_was(self):
        self._rule("mail_in", points=20, half_life=10)
        message = self._mail()
        message.date = NOW
        with freeze_time(NOW + timedelta(days=10)):
            [reason] = self.lead.score_reasons
        self.assertEqual((reason["points"], reason["full"]), (10, 20))
        self.assertEqual((reason["date"], reason["count"]), ("2026-11-20", 1))

    def test_without_event_there_is_no_rule(self):
        with self.assertRaises(ValidationError):
            self._rule()
