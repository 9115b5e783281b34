"""Nobody is shut out: screens and dialogs as axe judges them."""

from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase

from devkit import node

SCRIPT = Path(__file__).with_name("spoken.js")


class TestSpoken(LeadManagementCase, HttpCase):
    browser_size = "1440x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.axe = node.axe().read_text()
        cls.env["crm.lead"].search([]).active = False
        cls._new_score_rule([("name", "ilike", "hot")], 90)
        cls._new_score_rule([("name", "ilike", "warm")], 50)
        cls._new_qualifier("Funds", options=[("Yes", 20), ("No", 0)])
        today = fields.Date.context_today(cls.env["crm.lead"].with_user(cls.manager))
        cls.leads = cls.env["crm.lead"].concat(
            *(
                cls._new_lead(
                    name=name,
                    user_id=cls.manager.id,
                    team_id=cls.team.id,
                    contact_name="Ann",
                    partner_name="Acme",
                    email_from="ann@example.com",
                    phone="+32 470 123456",
                    stage_id=cls._stage(stage).id,
                )
                for name, stage in (
                    ("Hot and late", "negotiation"),
                    ("Warm, due today", "contacted"),
                    ("Cold, planned", "contacted"),
                    ("New", "open"),
                )
            )
        )
        for lead, days in zip(cls.leads, (-3, 0, 2), strict=False):
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=fields.Date.add(today, days=days),
                user_id=cls.manager.id,
            )
        cls.env["lead.answer"]._record(cls.leads[3], "email", text="Thursday works.")
        cls.leads[0].with_user(cls.manager).message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        cls.sequence = cls.env["lead.sequence"].search([], order="id", limit=1)
        cls.sequence.action_switch_on()
        cls.env.cr.flush()

    def test_screens_and_dialogs(self):
        known = f"const leads = {self.leads.ids}, sequence = {self.sequence.id};"
        self.browser_js(
            "/odoo/my-day",
            f"{self.axe}\n(() => {{ {known}\n{SCRIPT.read_text()} }})();",
            "odoo.isReady === true",
            login=self.manager.login,
            timeout=240,
            success_signal="all may come in",
            error_checker=lambda message: "Shut out" in message,
        )
