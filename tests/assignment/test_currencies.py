from odoo.fields import Command

from .common import AssignmentCase


class TestCurrencies(AssignmentCase):
    """Amounts of companies with different currencies are not added as numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar, cls.krone = cls.env.ref("base.USD"), cls.env.ref("base.DKK")
        cls.krone.active = True
        cls.company.currency_id = cls.dollar
        cls.company_b.currency_id = cls.krone
        cls.krone.rate_ids.unlink()
        cls.dollar.rate_ids.unlink()
        for company, currency, rate in (
            (cls.company, cls.krone, 10),
            (cls.company_b, cls.dollar, 0.1),
        ):
            values = {"company_id": company.id, "currency_id": currency.id}
            cls.env["res.currency.rate"].create(
                {**values, "rate": rate, "name": "2020-01-01"}
            )
        cls.manager.company_ids += cls.company_b
        cls.rule = cls._to_members(cls.rep + cls.rep_b)

    def setUp(self):
        super().setUp()
        self.leads = self.env["crm.lead"]
        for company in (self.company, self.company_b):
            self.leads += self._create(
                user=self.env.user,
                company_id=company.id,
                team_id=False,
                expected_revenue=1000,
            )
        self.assertEqual(self.leads.user_id, self.rep + self.rep_b)

    def _as_manager(self, model, company=None):
        company = company or self.company
        companies = company + (self.company + self.company_b - company)
        return (
            self.env[model]
            .with_user(self.manager)
            .with_context(allowed_company_ids=companies.ids)
        )

    def test_fairness(self):
        for company, total in ((self.company, 1100), (self.company_b, 11_000)):
            report = self._as_manager("lead.assignment.report", company)
            [[currencies, revenue]] = report._read_group(
                [("rule_id", "=", self.rule.id)],
                aggregates=["currency_id:array_agg_distinct", "revenue:sum_currency"],
            )
            self.assertEqual(set(currencies), {self.dollar.id, self.krone.id})
            self.assertEqual(revenue, total)

    def test_fairness_of_a_lead_of_no_company(self):
        self.rule.active = False
        lead = self._new_lead(user_id=False, company_id=False, expected_revenue=5)
        self.assertFalse(lead.company_id)
        lead.with_user(self.rep).action_take()
        self.env.flush_all()
        report = self._as_manager("lead.assignment.report")
        found = report.search([("lead_id", "=", lead.id)])
        self.assertEqual(found.currency_id, self.dollar)

    def test_dry_run(self):
        self.leads.user_id = False
        run = self._as_manager("lead.assignment.dry.run").create(
            {"scope": "chosen", "lead_ids": [Command.set(self.leads.ids)]}
        )
        run.action_run()
        shares = {share.user_id: share for share in run.share_ids}
        self.assertEqual(shares[self.rep].revenue, 1000)
        self.assertEqual(shares[self.rep_b].revenue, 100)
        self.assertEqual(run.share_ids.currency_id, self.dollar)

    def test_decisions_are_not_added_at_all(self):
        self.assertFalse(self.env["lead.assignment.log"]._fields["revenue"].aggregator)

    def test_a_condition_says_whose_currency_it_is_about(self):
        domain = [("expected_revenue", ">", 500), ("name", "!=", False)]
        rules = self._as_manager("lead.assignment.rule")
        rule = rules.browse(self._to_members(self.rep, domain).id)
        note = rule.amount_note
        self.assertIn(f"USD in {self.company.name}", note)
        self.assertIn("DKK in Company B", note)
        rule.sudo().company_id = self.company_b
        self.assertEqual(rule.amount_note, "Amounts are in DKK.")
        rule.sudo().domain = "[('name', '!=', False)]"
        self.assertFalse(rule.amount_note)

    def test_one_currency_needs_no_list(self):
        self.company_b.currency_id = self.dollar
        rules = self._as_manager("lead.assignment.rule")
        rule = rules.browse(
            self._to_members(self.rep, [("expected_revenue", ">", 5)]).id
        )
        self.assertEqual(rule.amount_note, "Amounts are in USD.")

    def test_a_broken_condition_says_nothing(self):
        self.assertFalse(
            self.env["lead.assignment.rule"].new({"domain": "["}).amount_note
        )
