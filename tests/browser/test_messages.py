from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestMessages(LeadManagementCase, HttpCase):
    """Messages, as reps meet them in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # whatever the hour is, and whether or not the lead was asked before
        cls.company.write(
            {
                "message_quiet_on": False,
                "message_optin_sms": False,
                "message_optin_whatsapp": False,
            }
        )
        cls.rep.tour_enabled = False
        cls.lead = cls._new_lead(
            name="Tour lead",
            contact_name="Anna Kowalska",
            email_from="anna@example.com",
            phone="+33 6 12 34 56 78",
        )

    def _messages(self):
        return self.env["lead.message"].search([], order="id")

    def test_rep_sends_on_each_channel_from_one_place(self):
        self.start_tour(
            "/odoo/lead-pipeline",
            "lead_management_messages",
            login=self.rep.login,
            timeout=120,
        )
        messages = self._messages().filtered(lambda item: item.lead_id == self.lead)
        self.assertEqual(messages.mapped("channel"), ["email", "sms", "whatsapp"])
        self.assertEqual(messages.user_id, self.rep)
        self.assertEqual(messages.mapped("purpose"), ["introduction"] * 3)
        chat = messages[2]
        self.assertEqual((chat.state, chat.body), ("sent", "*Hello* Anna"))

    def test_rep_sends_to_several_leads(self):
        self._new_lead(name="Nobody")
        self.start_tour(
            "/odoo/lead-pipeline?view_type=list",
            "lead_management_messages_many",
            login=self.rep.login,
            timeout=120,
        )
        states = self._messages().mapped("state")
        self.assertEqual(sorted(states), ["queued", "skipped"])
