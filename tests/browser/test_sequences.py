from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestSequences(LeadManagementCase, HttpCase):
    """Sequences, as managers meet them in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.tour_enabled = False
        cls.env["lead.sequence"].search([]).active = False
        template = cls.env["lead.message.template"].create(
            {"name": "Mail 0", "channel": "email", "user_id": False}
        )
        for name in ("Tour sequence", "Tour draft"):
            sequence = cls.env["lead.sequence"].create(
                {
                    "name": name,
                    "purpose": "service",
                    "domain": "[('city', '=', 'Tourville')]",
                }
            )
            cls.env["lead.sequence.step"].create(
                {"version_id": sequence.version_ids.id, "template_id": template.id}
            )
        cls.leads = cls.env["crm.lead"].concat(
            *(
                cls._new_lead(
                    name=f"Lead {number}",
                    city="Tourville",
                    email_from=f"n{number}@example.com",
                    contact_name="Ada Byron",
                )
                for number in range(3)
            )
        )

    def _start(self, tour, size="1366x768"):
        self.browser_size = size
        self.start_tour(
            "/odoo/lead-sequences", tour, login=self.manager.login, timeout=120
        )

    def test_on_and_enrolled_in_few_clicks(self):
        self._start("lead_management_sequence")
        runs = self.leads.enrollment_ids
        self.assertEqual(runs.lead_id, self.leads[0] + self.leads[2])
        self.assertEqual(runs.user_id, self.manager)

    def test_steps_are_edited_in_the_picture(self):
        self._start("lead_management_sequence_steps", "1440x900")
        steps = self.env["lead.sequence"].search([("name", "=", "Tour draft")])
        self.assertEqual(len(steps.version_ids.step_ids), 1)

    def test_on_a_phone(self):
        self.browser_size, self.touch_enabled = "390x844", True
        sequence = self.env["lead.sequence"].search([("name", "=", "Tour draft")])
        self.start_tour(
            f"/odoo/lead-sequences/{sequence.id}",
            "lead_management_sequence_phone",
            login=self.manager.login,
            timeout=120,
        )

    def test_facts_come_from_a_list(self):
        self.leads.user_id = self.manager
        self.browser_size = "1366x768"
        self.start_tour(
            "/odoo/lead-message-templates/new",
            "lead_management_facts",
            login=self.manager.login,
            timeout=120,
        )
        template = self.env["lead.message.template"].search(
            [("name", "=", "Tour template")]
        )
        self.assertEqual(template.content_subject, "Hello{{ object.city }}")
        text = str(template.mail_template_id.body_html)
        self.assertIn("Good day", text)
        self.assertRegex(text, r'<t t-out="object.message_first_name"(/>|></t>)')
        rendered = template.with_user(self.manager)._render(self.leads[:1])
        [rendered] = rendered.values()
        self.assertEqual(rendered.subject, "HelloTourville")
