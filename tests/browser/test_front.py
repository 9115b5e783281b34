from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestFront(LeadManagementCase, HttpCase):
    """The first screen of a lead, its card and its row, as a rep meets them."""

    def test_rep_sees_who_what_next_how_good_and_by_when(self):
        self.env["crm.lead"].search([]).active = False
        for number in range(1, 6):
            self._new_score_rule(
                [("phone", "!=", False)], 10 + number, name=f"R{number}"
            )
        self._new_qualifier("Funds", options=[("Yes", 20), ("No", 0)])
        today = fields.Date.context_today(self.env["crm.lead"].with_user(self.rep))
        outcome = self.env["lead.touch.outcome"].search([("name", "=", "Reached")])[:1]
        late, planned, answered, __ = leads = self.env["crm.lead"].concat(
            *(
                self._new_lead(
                    name=f"Front {name}",
                    contact_name=f"Ann {name}",
                    partner_name=f"Company {name}",
                    phone=f"+32 470 12345{number}",
                    team_id=self.team.id,
                    stage_id=self._stage("contacted").id,
                    expected_revenue=1000 + number,
                )
                for number, name in enumerate(("late", "planned", "answered", "bare"))
            )
        )
        for lead, days in ((late, -3), (planned, 4)):
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=today + timedelta(days=days),
                summary="Ask for the date",
                user_id=self.rep.id,
            )
        now = fields.Datetime.now()
        touch = {"channel": "call", "date": now - timedelta(days=2)}
        self.env["lead.touch"].sudo()._record(
            [
                {
                    **touch,
                    "lead_id": late.id,
                    "user_id": self.rep.id,
                    "outcome_id": outcome.id,
                    "is_contact": True,
                },
                {
                    **touch,
                    "lead_id": answered.id,
                    "direction": "in",
                    "is_contact": True,
                },
            ]
        )
        self.env.cr.flush()
        self.assertEqual(len(leads.filtered("step_next")), 2)
        self.start_tour(
            "/odoo/lead-pipeline",
            "lead_management_front",
            login=self.rep.login,
            timeout=120,
        )
        self.assertIn("front", late.linkedin_url)


class TestWhole(LeadManagementCase, HttpCase):
    """What is read all day stands whole beside the chatter, in four languages."""

    browser_size = "1440x900"

    def test_nothing_is_cut_in_any_language(self):
        self.env["crm.lead"].search([]).active = False
        for name in (
            "Budget is agreed",
            "Contact is a decision maker",
            "Hundred people",
        ):
            self._new_score_rule([("phone", "!=", False)], 15, name=name)
        self._new_qualifier("Funds", options=[("Yes", 20), ("No", 0)])
        lead = self._new_lead(
            name="Whole name of what somebody wants to buy from us",
            contact_name="Charlotte Evans",
            partner_name="Meridian Ledger Bank of the North",
            phone="+32 470 123450",
            email_from="charlotte.evans@meridianledger.example.com",
            user_id=self.rep.id,
            team_id=self.team.id,
            stage_id=self._stage("negotiation").id,
            expected_revenue=19734,
        )
        lead.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=fields.Date.add(fields.Date.today(), days=-3),
            summary="Ask the legal department for its comments on our offer",
            user_id=self.rep.id,
        )
        called = self._new_lead(
            name="Whole as well", user_id=self.rep.id, team_id=self.team.id
        )
        self.env["lead.touch"].sudo()._record(
            [
                {
                    "lead_id": called.id,
                    "channel": "email",
                    "direction": "out",
                    "user_id": self.rep.id,
                    "date": fields.Datetime.now(),
                }
            ]
        )
        self.env["lead.answer"]._record(
            lead, "email", text="Our lawyers need a few days for the terms of delivery."
        )
        for lang in ("en_US", "fr_FR", "es_ES", "pl_PL"):
            with self.subTest(lang=lang):
                self.env["res.lang"]._activate_lang(lang)
                self.rep.lang = lang
                self.env.flush_all()
                self.start_tour(
                    "/odoo/my-day",
                    "lead_management_whole",
                    login=self.rep.login,
                    timeout=120,
                )
