from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestQualification(LeadManagementCase, HttpCase):
    """Questions, gates and the profile, as people meet them in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.funds = cls._new_qualifier(
            "Funds",
            "yes_no",
            [("Yes", 20), ("No", 0)],
            sequence=1,
        )
        cls.qualified = cls._stage("qualified")
        cls.lead = cls._new_lead(name="Tour lead", stage_id=cls._stage("open").id)

    def _require(self):
        self.env["lead.stage.requirement"].create(
            [
                {"stage_id": self.qualified.id, "qualifier_id": self.funds.id},
                {"stage_id": self.qualified.id, "field_name": "expected_revenue"},
                {
                    "stage_id": self.qualified.id,
                    "field_name": "phone",
                    "level": "recommended",
                },
            ]
        )

    def _tour(self, name, user=None, path="/odoo/lead-pipeline"):
        self.start_tour(path, name, login=(user or self.rep).login, timeout=90)
        self.env.invalidate_all()

    def test_rep_qualifies_with_the_keyboard(self):
        self._new_qualifier(
            "Timeframe", options=[("Later", 0), ("Soon", 10)], sequence=2
        )
        self._new_qualifier("Seats", "number", sequence=3)
        self._new_qualifier("Problem", "text", sequence=4)
        self.env["lead.stage.requirement"].create(
            {"stage_id": self.qualified.id, "qualifier_id": self.funds.id}
        )
        self._tour("lead_management_qualify")
        answers = self.lead.qualifier_answer_ids
        self.assertEqual(
            {a.qualifier_id.name: a.display_value for a in answers},
            {"Funds": "Yes", "Timeframe": "Soon", "Seats": "12", "Problem": "Too slow"},
        )
        self.assertEqual(answers.user_id, self.rep)
        self.assertEqual(set(answers.mapped("source")), {"rep"})
        self.assertEqual(self.lead.stage_id, self.qualified)
        self.assertEqual(self.lead.score_total, 30)

    def test_gate_in_the_form(self):
        self._require()
        self._tour("lead_management_gate")
        self.assertEqual(self.lead.stage_id, self.qualified)
        self.assertEqual(self.lead.name, "Tour lead of the fair")
        self.assertEqual(self.lead.expected_revenue, 1200)
        self.assertEqual(self.lead.qualifier_answer_ids.display_value, "Yes")

    def test_gate_in_the_kanban(self):
        self._require()
        self._tour("lead_management_gate_kanban")
        self.assertEqual(self.lead.stage_id, self.qualified)
        self.assertEqual(self.lead.expected_revenue, 1200)

    def test_gate_of_new_leads(self):
        self._require()
        self._tour("lead_management_gate_new")
        quick = self.env["crm.lead"].search([("name", "=", "Newcomer")])
        self.assertEqual(quick.stage_id.stage_type, "open")
        formed = self.env["crm.lead"].search([("name", "=", "Formed")])
        self.assertEqual(formed.stage_id, self.qualified)
        self.assertEqual(formed.expected_revenue, 1200)

    def test_gate_in_the_list(self):
        self._require()
        self.lead.name = "Tour lead 1"
        second = self._new_lead(name="Tour lead 2", stage_id=self._stage("open").id)
        self._tour("lead_management_gate_list")
        self.assertEqual((self.lead + second).stage_id, self.qualified)
        self.assertEqual(
            sorted((self.lead + second).mapped("expected_revenue")), [10, 20]
        )

    def test_manager_overrides(self):
        self._require()
        self.lead.user_id = self.manager
        self._tour("lead_management_gate_override", self.manager)
        self.assertEqual(self.lead.stage_id, self.qualified)

    def test_manager_writes_a_question(self):
        action = "/odoo/action-lead_management.lead_qualifier_action"
        self._tour("lead_management_question", self.manager, action)
        question = self.env["lead.qualifier"].search([("name", "=", "Colour")])
        self.assertEqual(question.option_ids.mapped("points"), [7])
        self.assertEqual(question.column_name, "x_qualifier_colour")

    def test_what_is_missing_is_a_click_away(self):
        self.env["lead.profile.item"].create(
            [
                {"field_name": "name", "sequence": 1},
                {"field_name": "linkedin_url", "sequence": 2},
                {"qualifier_id": self.funds.id, "sequence": 3},
                {"field_name": "function", "sequence": 4},
            ]
        )
        self._tour("lead_management_profile")
        self.assertEqual(self.lead.linkedin_url, "https://www.linkedin.com/in/annlee")
        self.assertEqual(self.lead.profile_completeness, 75)
