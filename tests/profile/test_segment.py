from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestSegment(LeadManagementCase):
    """Large (1000 and more) and small (below), with retail as a part of small."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.large = cls._new_segment("Large", [("employee_count", ">=", 1000)])
        cls.small = cls._new_segment("Small", [("employee_count", "<", 1000)])
        cls.retail = cls._new_segment(
            "Retail", [("city", "=", "Rome")], parent_id=cls.small.id
        )
        cls.resellers = cls._new_segment("Resellers", [], is_automatic=False)

    def test_condition_decides_and_parts_come_first(self):
        lead = self._new_lead(employee_count=10)
        self.assertEqual(lead.segment_id, self.small)
        lead.city = "Rome"
        self.assertEqual(lead.segment_id, self.retail)
        lead.employee_count = 2000
        self.assertEqual(lead.segment_id, self.large, "a part must meet what is above")

    def test_hand_wins_and_is_never_overwritten(self):
        lead = self._new_lead(employee_count=10).with_user(self.rep)
        lead.segment_id = self.resellers
        lead.employee_count = 5000
        self.small.sudo().domain = "[('employee_count', '<', 9000)]"
        self.assertEqual(lead.segment_id, self.resellers)
        lead.segment_id = False
        self.assertEqual(lead.segment_id, self.large, "emptied: the condition decides")

    def test_choice_in_the_form_is_saved(self):
        lead = self._new_lead(employee_count=10).with_user(self.rep)
        with Form(lead) as form:
            form.segment_id = self.resellers
        self.assertEqual(lead.segment_id, self.resellers)

    def test_change_of_a_rule_moves_leads(self):
        lead = self._new_lead(employee_count=500)
        self.assertEqual(lead.segment_id, self.small)
        self.large.domain = "[('employee_count', '>=', 300)]"
        self.assertEqual(lead.segment_id, self.large)
        self.large.active = False
        self.assertEqual(lead.segment_id, self.small)

    def test_search_sort_group(self):
        leads = self._new_lead(employee_count=10) + self._new_lead(employee_count=2000)
        retail = self._new_lead(employee_count=10, city="Rome")
        unknown = self._new_lead(employee_count=0, segment_id=self.resellers.id)
        Lead = self.env["crm.lead"].with_user(self.leader)
        scope = [("id", "in", (leads + retail + unknown).ids)]
        below = Lead.search([*scope, ("segment_id", "child_of", self.small.id)])
        self.assertEqual(set(below), set(leads[0] + retail))
        self.assertEqual(
            Lead.search([*scope, ("segment_id", "=", self.large.id)]), leads[1]
        )
        self.assertEqual(
            Lead.search([*scope, ("segment_id.name", "=", "Resellers")]), unknown
        )
        self.assertEqual(
            len(Lead.search([*scope, ("segment_id", "!=", self.large.id)])), 3
        )
        self.assertEqual(Lead.search([*scope, ("segment_id", "ilike", "reta")]), retail)
        groups = dict(Lead._read_group(scope, ["segment_id"], ["__count"]))
        self.assertEqual(groups[self.retail], 1)
        ordered = Lead.search(scope, order="segment_id, id")
        self.assertEqual(ordered[0], leads[1], "in the order of the segments")
        filtered = ordered.filtered_domain([("segment_id", "child_of", self.small.id)])
        self.assertEqual(set(filtered), set(below))

    def test_rules_of_scores_read_it(self):
        self._new_score_rule([("segment_id", "=", self.large.id)], 30)
        lead = self._new_lead(employee_count=10)
        self.assertEqual(lead.score_total, 0)
        lead.employee_count = 5000
        self.assertEqual(lead.score_total, 30)
        self.large.domain = "[('employee_count', '>=', 9000)]"
        self.assertEqual(lead.score_total, 0)

    def test_company(self):
        own = self._new_segment("B only", [], company_id=self.company_b.id, sequence=0)
        lead = self._new_lead(employee_count=10)
        lead_b = self.env["crm.lead"].create(
            {"name": "B", "user_id": self.rep_b.id, "employee_count": 10}
        )
        self.assertEqual(lead.segment_id, self.small)
        self.assertEqual(lead_b.segment_id, own)
        with self.assertRaises(UserError):
            lead.segment_id = own

    def test_a_segment_cannot_hang_on_itself(self):
        for field in (
            "segment_id",
            "persona_id",
            "profile_completeness",
            "score_total",
        ):
            with self.subTest(field=field), self.assertRaises(ValidationError):
                self.small.domain = str([(field, "!=", False)])
        with self.assertRaises(UserError):
            self.small.parent_id = self.retail

    def test_used_segment_is_not_deleted(self):
        lead = self._new_lead(segment_id=self.resellers.id)
        with self.assertRaises(UserError):
            self.resellers.with_user(self.manager).unlink()
        self.resellers.active = False
        self.assertEqual(lead.segment_id, self.resellers)
        self.large.with_user(self.manager).unlink()
        self.assertEqual(self._new_lead(employee_count=5000).segment_id.id, False)

    def test_count_and_leads_of_a_segment(self):
        self._new_lead(employee_count=10)
        self._new_lead(employee_count=10, city="Rome")
        self.assertEqual(self.small.lead_count, self.retail.lead_count + 1)
        action = self.small.with_user(self.manager).action_view_leads()
        found = self.env["crm.lead"].search_count(action["domain"])
        self.assertEqual(found, self.small.lead_count)
