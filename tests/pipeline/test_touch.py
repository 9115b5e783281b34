"""Touches: who writes them, what they tell of a lead, who sees them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestTouch(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Ann", "email": "ann@example.com"}
        )
        cls.lead = cls._new_lead(email_from="ann@example.com", phone="+32 470 123456")

    def _touch(self, lead=None, **values):
        return self.env["lead.touch"]._record(
            [
                {
                    "lead_id": (lead or self.lead).id,
                    "user_id": self.rep.id,
                    "channel": "call",
                    **values,
                }
            ]
        )

    def _read(self, touch):
        return (touch.channel, touch.direction, touch.is_contact, touch.is_attempt)

    def _last(self):
        return self.env["lead.touch"].search([], order="id desc", limit=1)

    def _plan(self, kind="call", user=None, lead=None, days=0, **values):
        return (lead or self.lead).activity_schedule(
            f"mail.mail_activity_data_{kind}",
            date_deadline=fields.Date.add(fields.Date.today(), days=days),
            user_id=(user or self.rep).id,
            **values,
        )

    # ------------------------------------------------------------
    # Who writes them
    # ------------------------------------------------------------

    def test_message_sent_is_an_attempt(self):
        message = self.lead.with_user(self.rep).message_post(
            body="Hello",
            message_type="email_outgoing",
            partner_ids=self.customer.ids,
        )
        touch = self.lead.touch_ids
        self.assertEqual(self._read(touch), ("email", "out", False, True))
        self.assertEqual((touch.user_id, touch.message_id), (self.rep, message))

    def test_note_among_colleagues_is_none(self):
        self.lead.with_user(self.rep).message_post(body="He has a dog")
        self.lead.message_post(body="By nobody", message_type="notification")
        self.assertFalse(self.lead.touch_ids)

    def test_enquiry_is_no_contact_but_an_answer_is(self):
        post = self.lead.message_post
        post(body="Hi", message_type="email", author_id=self.customer.id)
        touch = self.lead.touch_ids
        self.assertEqual(self._read(touch), ("email", "in", False, False))
        self.assertFalse(touch.user_id)
        self.lead.with_user(self.rep).message_post(body="A", message_type="sms")
        post(body="Yes", message_type="email", author_id=self.customer.id)
        self.assertEqual(self._read(self._last()), ("email", "in", True, False))

    def test_activity_done_by_stock_means(self):
        """Over RPC, Odoo does what it does; the touch is written anyway."""
        self._plan().with_user(self.rep).action_feedback(feedback="Talked")
        touch = self.lead.touch_ids
        self.assertEqual(self._read(touch), ("call", "out", False, False))
        self.assertEqual(touch.user_id, self.rep)
        self._plan("meeting").with_user(self.rep).action_feedback(feedback="Nice")
        self.assertEqual(self._read(self._last()), ("meeting", "out", True, False))
        self._plan("todo").with_user(self.rep).action_feedback()
        self.assertEqual(len(self.lead.touch_ids), 2)

    def test_touch_keeps_the_claim_and_stops_the_clock(self):
        self.env["lead.sla"].search([]).active = False
        self.env["lead.sla"].create({"name": "Fast", "touch_minutes": 60})
        lead = self._new_lead(user_id=self.rep.id)
        self.env.cr.flush()
        self.assertTrue(lead.assignment_due)
        self._touch(lead)
        self.env.cr.flush()
        self.assertFalse(lead.assignment_due)

    def test_messages_of_before_are_touches_too(self):
        """In one statement, with what each message would have written itself."""
        post = self.lead.message_post
        as_rep = self.lead.with_user(self.rep)
        post(body="Hi", message_type="email", author_id=self.customer.id)
        post(body="Who", message_type="email", email_from="x@example.com")
        as_rep.message_post(body="Hello", message_type="sms")
        as_rep.message_post(body="Note", message_type="comment")
        as_rep.message_post(
            body="Dear", message_type="comment", partner_ids=self.customer.ids
        )
        post(body="Yes", message_type="email", author_id=self.customer.id)
        self._plan().with_user(self.rep).action_feedback()
        self._plan("meeting").with_user(self.rep).action_feedback()
        self._plan("todo").with_user(self.rep).action_feedback()
        fnames = ("company_id", "user_id", "message_id", "channel", "direction")
        fnames += ("is_contact", "is_attempt", "duration", "date")
        Touch = self.env["lead.touch"]
        domain = [("lead_id", "=", self.lead.id)]

        def read():
            touches = Touch.search(domain, order="message_id")
            return [[touch[name] for name in fnames] for touch in touches]

        expected = read()
        self.assertEqual(len(expected), 7, expected)
        Touch.search(domain).unlink()
        Touch._backfill()
        self.assertEqual(read(), expected)
        Touch._backfill()
        self.assertEqual(read(), expected)

    def test_merge_keeps_touches(self):
        other = self._new_lead(name="Same")
        touch = self._touch(other)
        self._touch()
        (self.lead | other).merge_opportunity()
        survivor = (self.lead | other).exists()
        self.assertEqual(touch.lead_id, survivor)
        self.assertEqual(len(survivor.touch_ids), 2)

    # ------------------------------------------------------------
    # What they tell
    # ------------------------------------------------------------

    def _at(self, hours):
        return fields.Datetime.now() - timedelta(hours=hours)

    def test_attempts_since_the_last_answer(self):
        self.assertEqual(self.lead.touch_attempts, 0)
        self._touch(date=self._at(9), is_attempt=True)
        self._touch(date=self._at(8), is_attempt=True)
        self.assertEqual(self.lead.touch_attempts, 2)
        self._touch(date=self._at(7), is_contact=True)
        self.assertEqual(self.lead.touch_attempts, 0)
        self._touch(date=self._at(6), is_attempt=True)
        self.assertEqual(self.lead.touch_attempts, 1)
        self._touch(date=self._at(5), direction="in", user_id=False)
        self.assertEqual(self.lead.touch_attempts, 0)
        self.assertEqual(self.lead.touch_last_date, self._last().date)

    def test_one_statement_for_a_page(self):
        leads = self.lead | self._new_lead() | self._new_lead()
        for lead in leads:
            self._touch(lead, is_attempt=True)
        self.env.flush_all()
        leads.invalidate_recordset()
        with self.assertQueryCount(1):
            self.assertEqual(leads.mapped("touch_attempts"), [1, 1, 1])
            leads.mapped("touch_last_date")

    def test_search_the_last_touch(self):
        old, new, never = (self._new_lead(name=name) for name in ("O", "N", "X"))
        self._touch(old, date=self._at(300))
        self._touch(new, date=self._at(300))
        self._touch(new, date=self._at(1))
        leads = old | new | never
        for operator, hours, expected in (
            ("<", 100, old),
            ("<=", 300, old),
            (">", 100, new),
            (">=", 400, old | new),
        ):
            with self.subTest(operator=operator):
                domain = [
                    ("id", "in", leads.ids),
                    ("touch_last_date", operator, self._at(hours)),
                ]
                found = self.env["crm.lead"].with_user(self.rep).search(domain)
                self.assertEqual(found, expected)
        for operator, expected in (("=", never), ("!=", old | new)):
            domain = [("id", "in", leads.ids), ("touch_last_date", operator, False)]
            found = self.env["crm.lead"].with_user(self.rep).search(domain)
            self.assertEqual(found, expected)

    def test_outcomes_give_points(self):
        outcome = self.env.ref("lead_management.touch_outcome_interested")
        event = self.env["lead.score.event"].search([("outcome_id", "=", outcome.id)])
        self.assertEqual(event.display_name, "Outcome: Interested")
        self.assertTrue(event.is_available)
        self.env["lead.score.model"].search([]).active = False
        model = self.env["lead.score.model"].create({"name": "M", "state": "active"})
        reached = self.env.ref("lead_management.score_event_call_reached")
        for events, points in ((event, 7), (reached, 5)):
            self._new_score_rule(
                [], points, model_id=model.id, kind="activity", event_ids=events.ids
            )
        self._touch(is_contact=True)
        self.assertEqual(self.lead.score_engagement, 5)
        self._touch(is_contact=True, outcome_id=outcome.id)
        self.assertEqual(self.lead.score_engagement, 17)

    # ------------------------------------------------------------
    # Who sees and writes them
    # ------------------------------------------------------------

    def test_rep_reads_touches_of_own_leads_only(self):
        touch = self._touch()
        self.assertTrue(touch.with_user(self.rep).read(["channel"]))
        self.assertTrue(touch.with_user(self.leader).read(["channel"]))
        for user in (self.rep_2, self.manager_b):
            with self.assertRaises(AccessError):
                touch.with_user(user).read(["channel"])

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes_touches(self):
        touch = self._touch()
        for user in (self.rep, self.manager):
            with self.assertRaises(AccessError):
                touch.with_user(user).write({"is_contact": True})
            with self.assertRaises(AccessError):
                self.env["lead.touch"].with_user(user).create(
                    {"lead_id": self.lead.id, "channel": "call"}
                )
            with self.assertRaises(AccessError):
                touch.with_user(user).unlink()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep).write({"touch_ids": [Command.clear()]})

    def test_company_follows_the_lead(self):
        touch = self._touch()
        self.lead.write({"user_id": False, "team_id": False})
        self.lead.company_id = self.company_b
        self.assertEqual(touch.company_id, self.company_b)
