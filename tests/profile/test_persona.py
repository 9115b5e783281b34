from odoo.exceptions import ValidationError

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestPersona(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls._new_segment("Large", [("employee_count", ">=", 1000)])
        cls.product = cls.env["product.product"].create({"name": "Wrench"})
        cls.persona = cls.env["lead.persona"].create(
            {
                "name": "Olivia",
                "domain": "[('function', 'ilike', 'plant'), ('phone', '!=', False)]",
                "segment_id": cls.segment.id,
                "product_ids": cls.product.ids,
                "threshold": 50,
            }
        )

    def test_match_is_the_share_of_the_criteria(self):
        lead = self._new_lead(function="Plant Manager")
        self.assertFalse(lead.persona_id, "1 of 4 is not enough")
        self.assertEqual(lead.persona_match, 0)
        lead.phone = "+1 212 555 0100"
        self.assertEqual((lead.persona_id, lead.persona_match), (self.persona, 50))
        lead.employee_count = 2000
        self.assertEqual(lead.persona_match, 75)
        lead.product_ids = self.product
        self.assertEqual(lead.persona_match, 100)
        lead.function = False
        self.assertEqual(lead.persona_match, 75)

    def test_best_match_wins_then_the_order(self):
        better = self.persona.create(
            {
                "name": "Max",
                "domain": "[('function', 'ilike', 'plant')]",
                "sequence": 20,
            }
        )
        lead = self._new_lead(function="Plant Manager", phone="+1 212 555 0100")
        self.assertEqual((lead.persona_id, lead.persona_match), (better, 100))
        lead.write({"employee_count": 2000, "product_ids": self.product.ids})
        self.assertEqual(lead.persona_id, self.persona, "both 100: the first in order")

    def test_alternatives_are_one_criterion(self):
        self.persona.write(
            {
                "domain": "['|', ('city', '=', 'Rome'), ('city', '=', 'Oslo')]",
                "segment_id": False,
                "product_ids": False,
            }
        )
        self.assertEqual(self._new_lead(city="Oslo").persona_match, 100)

    def test_persona_without_criteria_matches_nobody(self):
        self.persona.write({"domain": "[]", "segment_id": False, "product_ids": False})
        self.assertFalse(self._new_lead().persona_id)

    def test_company(self):
        self.persona.write(
            {"company_id": self.company_b.id, "segment_id": False, "domain": "[]"}
        )
        lead = self._new_lead(product_ids=self.product.ids)
        lead_b = self.env["crm.lead"].create(
            {"name": "B", "user_id": self.rep_b.id, "product_ids": self.product.ids}
        )
        self.assertFalse(lead.persona_id)
        self.assertEqual(lead_b.persona_id, self.persona)

    def test_statistics(self):
        values = {"function": "Plant", "phone": "+1 212 555 0100"}
        won, lost, __ = (
            self._new_lead(expected_revenue=900, **values) for __ in range(3)
        )
        won.action_set_won()
        lost.action_set_lost()
        self.env.invalidate_all()
        self.assertEqual(self.persona.lead_count, 3)
        self.assertEqual(self.persona.win_rate, 50)
        self.assertEqual(self.persona.average_deal, 900)
        found = self.env["crm.lead"].with_context(active_test=False)
        action = self.persona.action_view_leads()
        self.assertEqual(found.search_count(action["domain"]), 3)

    def test_search_and_rules(self):
        lead = self._new_lead(function="Plant", phone="+1 212 555 0100")
        Lead = self.env["crm.lead"]
        scope = [("id", "=", lead.id)]
        self.assertTrue(Lead.search([*scope, ("persona_id", "=", self.persona.id)]))
        self.assertTrue(Lead.search([*scope, ("persona_match", ">=", 50)]))
        self.assertFalse(Lead.search([*scope, ("persona_id", "=", False)]))
        self._new_score_rule([("persona_id", "=", self.persona.id)], 25)
        self.assertEqual(lead.score_total, 25)
        lead.phone = False
        self.assertEqual(lead.score_total, 0)

    def test_wrong_values_are_refused(self):
        for domain in ("[('persona_id', '!=', False)]", "[('nothing', '=', 1)]", "x"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self.persona.domain = domain

    def test_rule_that_breaks_is_switched_off(self):
        self.env.cr.execute(
            "UPDATE lead_persona SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", self.persona.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.lead_management", "WARNING"):
            self.assertFalse(self._new_lead().persona_id)
        self.assertFalse(self.persona.active)
        self.assertIn("gone", self.persona.error)
