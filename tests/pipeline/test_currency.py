from odoo.addons.lead_management.tests.common import LeadManagementCase

CURRENCIES = "company_currency:array_agg_distinct"
SUM = "expected_revenue:sum_currency"


class TestCurrency(LeadManagementCase):
    """The sums in the titles of the columns are those of Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).active = False
        cls.currency = cls.env.company.currency_id

    def _columns(self, domain=()):
        return self.env["crm.lead"].web_read_group(
            list(domain), ["stage_id"], [CURRENCIES, SUM]
        )["groups"]

    def _other_company(self):
        currency = self.env["res.currency"].create(
            {"name": "DOU", "symbol": "D", "rate_ids": [(0, 0, {"rate": 2})]}
        )
        return self.env["res.company"].create(
            {"name": "Elsewhere", "currency_id": currency.id}
        )

    def _sql(self):
        query = self.env["crm.lead"]._search([])
        return self.env["crm.lead"]._read_group_select(CURRENCIES, query).code.lower()

    def test_one_currency_needs_no_look_at_the_leads(self):
        self.assertNotIn("array_agg", self._sql())
        self._new_lead(expected_revenue=100)
        self._new_lead(
            expected_revenue=50, company_id=False, team_id=False, user_id=False
        )
        (column,) = self._columns()
        self.assertEqual(column[CURRENCIES], [self.currency.id])
        self.assertEqual(column[SUM], 150)

    def test_no_leads_no_currency(self):
        (numbers,) = self.env["crm.lead"]._read_group([], [], [CURRENCIES, "__count"])
        self.assertEqual(numbers, ([], 0))

    def test_other_currencies_are_found_and_converted(self):
        self._new_lead(expected_revenue=100)
        company = self._other_company()
        self.assertIn("array_agg", self._sql())
        self._new_lead(
            expected_revenue=100, company_id=company.id, team_id=False, user_id=False
        )
        (column,) = self._columns()
        self.assertEqual(
            set(column[CURRENCIES]), {self.currency.id, company.currency_id.id}
        )
        self.assertEqual(column[SUM], 150)

    def test_a_company_may_change_its_currency(self):
        company = self._other_company()
        Company = self.env["res.company"]
        self.assertFalse(Company._get_only_currency_id())
        company.currency_id = self.currency
        self.assertEqual(Company._get_only_currency_id(), self.currency.id)

    def test_companies_that_are_archived_count(self):
        company = self._other_company()
        company.active = False
        self.assertFalse(self.env["res.company"]._get_only_currency_id())
