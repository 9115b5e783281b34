"""What happens on the quotations and orders of a lead happens with the lead."""

from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase

REPLY = """From: Ada <ada@example.com>
To: catchall@example.com
Subject: {subject}
Message-Id: <{number}@mx.example.com>
In-Reply-To: {reference}
References: {reference}
{more}Content-Type: text/plain

Yes, please.
"""


class SaleCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model in ("lead.pool", "lead.sla"):
            cls.env[model].search([]).active = False
        cls.ada = cls.env["res.partner"].create(
            {"name": "Ada", "email": "ada@example.com"}
        )
        cls.lead = cls._new_lead(partner_id=cls.ada.id, team_id=cls.team.id)
        cls.product = cls.env["product.product"].create(
            {"name": "Thing", "list_price": 100, "type": "service"}
        )
        cls.order = cls._quote(cls.lead)

    @classmethod
    def _quote(cls, lead):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.ada.id,
                "opportunity_id": lead.id,
                "user_id": lead.user_id.id,
                "order_line": [Command.create({"product_id": cls.product.id})],
            }
        )

    def _touches(self, lead=None):
        self.env.cr.flush()
        return [
            (touch.channel, touch.direction, touch.user_id)
            for touch in (lead or self.lead).touch_ids.sorted("id")
        ]

    def _write_to_ada(self, user=None):
        return self.order.with_user(user or self.rep).message_post(
            body="Your quotation",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.ada.ids,
        )

    def _answer(self, subject="Re: Your quotation", more=""):
        message = self.order.message_ids.filtered("message_id")[:1]
        source = REPLY.format(
            subject=subject,
            more=more,
            number=f"answer-{self.order.id}",
            reference=message.message_id,
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(None, source)


class TestTouches(SaleCase):
    def test_a_mail_of_the_salesperson(self):
        self._write_to_ada()
        self.assertEqual(self._touches(), [("email", "out", self.rep)])

    def test_an_answer_of_the_customer(self):
        self._write_to_ada()
        self._answer()
        nobody = self.env["res.users"]
        self.assertEqual(self._touches()[1:], [("email", "in", nobody)])

    def test_an_automatic_answer_is_none(self):
        self._write_to_ada()
        before = self.order.message_ids
        self._answer("Automatic reply: Your quotation")
        self.assertEqual(self._touches(), [("email", "out", self.rep)])
        [note] = self.order.message_ids - before
        self.assertIn("Yes, please", note.body)

    def test_a_note_is_none(self):
        self.order.with_user(self.rep).message_post(body="Mind the price")
        self.assertFalse(self._touches())

    def test_the_salesperson_confirms(self):
        self.order.with_user(self.rep).action_confirm()
        self.assertEqual(self._touches(), [("order", "out", self.rep)])

    def test_the_customer_signs_and_so_confirms(self):
        """As the portal does: as superuser, in the customer's name."""
        public = self.env.ref("base.public_user")
        order = self.order.with_user(public).sudo()
        order.action_confirm()
        order.message_post(
            author_id=self.ada.id,
            body="Order signed by Ada",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        nobody = self.env["res.users"]
        self.assertEqual(
            self._touches(), [("order", "in", nobody), ("email", "in", nobody)]
        )

    def test_the_server_confirms_what_was_paid(self):
        self.order.with_user(self.env.ref("base.user_root")).action_confirm()
        self.assertEqual(self._touches(), [("order", "in", self.env["res.users"])])

    def test_who_does_not_see_the_lead(self):
        """Somebody of the back office works on the order of a salesperson."""
        clerk = new_test_user(
            self.env,
            "lm_clerk",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertFalse(self.lead.with_user(clerk).has_access("read"))
        self.order.user_id = clerk
        self._write_to_ada(clerk)
        self.assertEqual(self._touches(), [("email", "out", clerk)])

    def test_an_order_without_a_lead(self):
        self.order.opportunity_id = False
        self._write_to_ada()
        self.order.action_confirm()
        self.assertFalse(self._touches())

    def test_two_orders_of_two_leads_at_once(self):
        other = self._new_lead(partner_id=self.ada.id)
        (self.order + self._quote(other)).with_user(self.rep).action_confirm()
        for lead in (self.lead, other):
            self.assertEqual(self._touches(lead), [("order", "out", self.rep)])


class TestClaims(SaleCase):
    """A lead whose order is worked on is nobody else's to take."""

    def _claim(self):
        """Let a lead with a quotation be pulled from a pool."""
        pool = self.env["lead.pool"].create(
            {"name": "Pool", "team_id": self.team.id, "claim_minutes": 60}
        )
        rule = self._new_assignment_rule(target="pool", pool_id=pool.id, team_id=False)
        self.lead = self._new_lead(
            partner_id=self.ada.id, user_id=False, company_id=self.company.id
        )
        self.commit()
        rule.active = False
        self.env["crm.lead"].with_user(self.rep).action_pull_next()
        self.assertEqual(self.lead.user_id, self.rep)
        self.assertTrue(self._entry().claim_due)
        self.order = self._quote(self.lead)

    def _entry(self):
        return self.env["lead.pool.entry"].search([("lead_id", "=", self.lead.id)])

    def _expire(self):
        self.env.cr.flush()
        self._entry().claim_due = fields.Datetime.now() - timedelta(hours=1)
        self._run_cron("deadlines")

    def test_without_any_it_goes_back(self):
        self._claim()
        self._expire()
        self.assertFalse(self.lead.user_id)

    def test_whoever_does_it(self):
        public = self.env.ref("base.public_user")
        for work in (
            lambda: self._write_to_ada(),
            lambda: self._answer_first(),
            lambda: self.order.with_user(self.rep).action_confirm(),
            lambda: self.order.with_user(public).sudo().action_confirm(),
        ):
            with self.subTest(work=work):
                self._claim()
                work()
                self._expire()
                self.assertEqual(self.lead.user_id, self.rep)

    def _answer_first(self):
        """Ada writes, to a quotation that was printed say."""
        self.order.with_user(self.rep).message_post(body="Printed")
        self._answer()

    def test_a_deadline_is_met(self):
        self.env["lead.sla"].create({"name": "Touch", "touch_minutes": 60})
        lead = self._new_lead(partner_id=self.ada.id)
        order = self._quote(lead)
        self.env.cr.flush()
        clock = self.env["lead.sla.clock"].search([("lead_id", "=", lead.id)])
        self.assertEqual(clock.state, "running")
        order.with_user(self.rep).message_post(
            body="Q",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.ada.ids,
        )
        self.env.cr.flush()
        self.assertEqual(clock.state, "kept")


class TestCustomer(SaleCase):
    """A confirmed order makes a customer."""

    def _automation(self):
        return self.env.ref("lead_management_sale.base_automation_order_customer")

    def test_from_every_stage(self):
        for stage_type in (
            *("open", "contacted", "nurturing", "qualified", "negotiation"),
            *("unqualified", "inactive"),
        ):
            with self.subTest(stage_type=stage_type):
                lead = self._new_lead(
                    partner_id=self.ada.id, stage_id=self._stage(stage_type).id
                )
                self._quote(lead).with_user(self.rep).action_confirm()
                self.env.cr.flush()
                self.assertEqual(lead.stage_type, "customer")
                self.assertEqual(lead.won_status, "won")
                move = lead.stage_transition_ids.sorted("id")[-1:]
                self.assertEqual(move.reason, "Order confirmed")

    def test_a_lead_that_was_lost(self):
        self.lead.action_set_lost()
        self.order.action_confirm()
        self.env.cr.flush()
        self.assertTrue(self.lead.active)
        self.assertEqual(self.lead.won_status, "won")

    def test_who_is_a_customer_stays_one(self):
        self.lead.stage_id = self._stage("customer")
        self.env.cr.flush()
        moves = self.lead.stage_transition_ids
        self.order.action_confirm()
        self.env.cr.flush()
        self.assertEqual(self.lead.stage_transition_ids, moves)

    def test_a_customer_confirms(self):
        public = self.env.ref("base.public_user")
        self.order.with_user(public).sudo().action_confirm()
        self.env.cr.flush()
        self.assertEqual(self.lead.stage_type, "customer")

    def test_an_inactive_customer_who_orders_again(self):
        """He gets in touch by it, which alone would bring him back to Open."""
        self.lead.stage_id = self._stage("customer")
        self.lead.stage_id = self._stage("inactive")
        self.env.cr.flush()
        public = self.env.ref("base.public_user")
        self.order.with_user(public).sudo().action_confirm()
        self.env.cr.flush()
        self.assertEqual(self.lead.stage_type, "customer")

    def test_a_quotation_makes_none(self):
        self.order.action_quotation_sent()
        self.env.cr.flush()
        self.assertNotEqual(self.lead.stage_type, "customer")

    def test_it_can_be_switched_off(self):
        self._automation().active = False
        before = self.lead.stage_type
        self.order.with_user(self.rep).action_confirm()
        self.env.cr.flush()
        self.assertNotEqual(self.lead.stage_type, "customer")
        self.assertIn(self.lead.stage_type, (before, "contacted"))


class TestForm(SaleCase):
    """Sales adds its buttons, and what is due now stays the one solid button."""

    def test_quotations_stand_in_the_menu(self):
        view = self.env["crm.lead"].with_user(self.rep).get_view(view_type="form")
        header = etree.fromstring(view["arch"]).find(".//header")
        names = [node.get("name") for node in header]
        self.assertIn("action_sale_quotations_new", names)
        send = names.index("lead_header_send")
        self.assertGreater(names.index("action_sale_quotations_new"), send)
        self.assertEqual(names[send - 1], "action_send_message")
        for node in header[: names.index("lead_header_now")]:
            self.assertIn("lead_now != ", node.get("invisible"))
        shown = [
            node.get("name")
            for node in header.iter("button")
            if node.get("invisible") != "1"
        ]
        for gone in ("action_set_won_rainbowman",):
            self.assertNotIn(gone, shown)


class TestDormancy(SaleCase):
    """Who gets a quotation is not dormant."""

    def test_a_fresh_quotation_is_a_sign_of_life(self):
        self.order.unlink()
        leads = self.lead + self._new_lead(name="No contact")
        leads.write({"stage_id": self._stage("customer").id})
        self.env.cr.flush()
        past = fields.Datetime.now() - timedelta(days=1000)
        self.env.cr.execute("DELETE FROM mail_message WHERE model = 'crm.lead'")
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s, date_closed = %s", [past, past]
        )
        self.env.cr.execute("UPDATE lead_stage_transition SET date = %s", [past])
        self.env["ir.config_parameter"].set_param(
            "lead_management.inactive_since", str(past)
        )
        self.env["ir.config_parameter"].set_param("lead_management.inactive_days", 365)
        self.env.invalidate_all()
        find = self.env["lead.dormancy"]._find
        self.assertLessEqual(set(leads.ids), set(find()))
        order = self._quote(self.lead)
        self.assertNotIn(self.lead.id, find())
        self.assertIn(leads[1].id, find())
        order._action_cancel()
        self.assertIn(self.lead.id, find())
