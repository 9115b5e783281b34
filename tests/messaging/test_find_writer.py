"""Which lead somebody belongs to who writes, among many."""

import json

from odoo.tools import SQL

from odoo.addons.lead_management.tests.common import LeadManagementCase

MANY = """
INSERT INTO crm_lead (name, type, active, company_id, email_normalized,
                      phone_sanitized, whatsapp_own)
SELECT 'Many', 'lead', TRUE, %s, 'p' || n || '@example.org', '+3247' || n,
       CASE WHEN n %% 50 = 0 THEN '+4479' || n END
FROM generate_series(100000, 130000) n
"""


class TestFindWriter(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(MANY, [cls.company.id])
        cls.env.cr.execute("ANALYZE crm_lead")
        cls.Lead = cls.env["crm.lead"]

    def _plan(self, query):
        rows = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", query))
        return json.dumps(rows)

    def test_each_part_takes_its_index(self):
        numbers = ["+3247100500", "+3247100501"]
        query = self.Lead._sql_with_address(["p100700@example.org"], numbers)
        plan = self._plan(query)
        self.assertNotIn("Seq Scan", plan)
        for index in (
            "crm_lead_email_normalized_idx",
            "crm_lead__phone_sanitized_index",
            "crm_lead_whatsapp_own_idx",
        ):
            self.assertIn(index, plan)

    def test_an_address_in_a_query_of_others(self):
        """Consents, colleagues' leads and black lists ask so."""
        query = SQL("SELECT id FROM crm_lead WHERE email_normalized = %s", "a@b.c")
        self.assertIn("crm_lead_email_normalized_idx", self._plan(query))

    def test_the_lead_is_found_in_few_statements(self):
        lead = self._new_lead(email_from="p100700@example.org")
        self.env.flush_all()
        with self.assertQueryCount(3):
            found = self.Lead._find_writer(
                self.company, ["p100700@example.org"], ["+3247100500"]
            )
        self.assertEqual(found, lead)  # it has an owner

    def test_nobody_is_asked_for(self):
        with self.assertQueryCount(0):
            self.assertFalse(self.Lead._find_writer(self.company))

    def test_other_companies_are_left_alone(self):
        self._new_lead(
            email_from="eve@example.com", user_id=self.rep_b.id, team_id=self.team_b.id
        )
        find = self.Lead._find_writer
        self.assertFalse(find(self.company, ["eve@example.com"]))
        self.assertTrue(find(self.company_b, ["eve@example.com"]))
