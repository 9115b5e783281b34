import base64
from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase

from .reports import GOOGLE_EN, META_FR, OWN


class CostCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.campaign.cost"].search([]).unlink()
        cls.euro = cls.env.ref("base.EUR")
        cls.dollar = cls.env.ref("base.USD")
        (cls.euro + cls.dollar).active = True
        cls.fair, cls.brand = cls.env["utm.campaign"].create(
            [{"title": "Spring Fair"}, {"title": "Brand words"}]
        )

    @classmethod
    def _new_cost(cls, amount, first, last, campaign=None, **values):
        return cls.env["lead.campaign.cost"].create(
            {
                "campaign_id": (campaign or cls.fair).id,
                "date_from": first,
                "date_to": last,
                "amount": amount,
                "currency_id": cls.company.currency_id.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    def _sum(self, first, last, currency=None):
        sums = self.env["lead.campaign.cost"]._sum_period(
            date.fromisoformat(first),
            date.fromisoformat(last),
            currency or self.company.currency_id,
        )
        return {key: round(amount, 6) for key, amount in sums.items()}


class TestCosts(CostCase):
    def test_a_period_gets_the_days_in_it(self):
        self._new_cost(10, "2026-09-28", "2026-10-04")  # 143 × 6 + 142 cents
        self.assertEqual(self._sum("2026-09-01", "2026-09-30"), {self.fair.id: 4.29})
        self.assertEqual(self._sum("2026-10-01", "2026-10-31"), {self.fair.id: 5.71})
        self.assertEqual(self._sum("2026-10-04", "2026-10-04"), {self.fair.id: 1.42})
        self.assertEqual(self._sum("2026-11-01", "2026-11-30"), {})

    def test_each_day_has_its_rate(self):
        other = self.dollar if self.company.currency_id == self.euro else self.euro
        other.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": other.id, "name": day, "rate": rate}
                for day, rate in (("2026-01-01", 2), ("2026-10-03", 4))
            ]
        )
        cost = self._new_cost(40, "2026-10-01", "2026-10-04", currency_id=other.id)
        # two days of 10 at 2 for 1, two at 4 for 1
        self.assertEqual(cost.company_amount, 5 + 5 + 2.5 + 2.5)
        self.assertEqual(self._sum("2026-10-02", "2026-10-03"), {self.fair.id: 7.5})
        self.assertEqual(
            self._sum("2026-10-01", "2026-10-04", other), {self.fair.id: 40}
        )

    def test_days_are_in_order(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._new_cost(1, "2026-10-02", "2026-10-01").flush_recordset()

    def test_costs_are_for_managers_of_the_company(self):
        cost = self._new_cost(10, "2026-10-01", "2026-10-01")
        for user in (self.rep, self.leader):
            with self.assertRaises(AccessError):
                cost.with_user(user).read(["amount"])
            with self.assertRaises(AccessError):
                self.env["lead.campaign.import"].with_user(user).create({})
        self.assertEqual(cost.with_user(self.manager).amount, 10)
        self.assertFalse(
            self.env["lead.campaign.cost"].with_user(self.manager_b).search([])
        )


class TestImport(CostCase):
    def _open(self, text, encoding="utf-8", **values):
        form = Form(self.env["lead.campaign.import"].with_user(self.manager))
        for name, value in values.items():
            setattr(form, name, value)
        form.file = base64.b64encode(text.encode(encoding))
        return form

    def _import(self, text, campaigns=(), **values):
        form = self._open(text, **values)
        for number in range(len(form.line_ids)):
            with form.line_ids.edit(number) as line:
                campaign = dict(campaigns).get(line.name)
                if campaign:
                    line.campaign_id = campaign
        action = form.save().action_import()
        return self.env["lead.campaign.cost"].search(action["domain"], order="id")

    def test_what_is_shown_before(self):
        form = self._open(GOOGLE_EN)
        self.assertFalse(form.problem)
        self.assertEqual((form.platform, form.row_count), ("google", 3))
        self.assertEqual((form.left_out_count, form.replaced_count), (2, 0))
        self.assertEqual((form.amount, form.currency_id), (1035.75, self.euro))
        self.assertEqual(form.date_to, date(2026, 11, 2))
        self.assertEqual(form.unmapped_count, 1)
        self.assertFalse(self.env["lead.campaign.cost"].search([]))

    def test_no_campaign_is_made_silently(self):
        before = self.env["utm.campaign"].search_count([])
        dialog = self._open(GOOGLE_EN).save()
        with self.assertRaisesRegex(UserError, "“Brand”"):
            dialog.action_import()
        self.assertEqual(self.env["utm.campaign"].search_count([]), before)
        self.assertFalse(self.env["lead.campaign.cost"].search([]))

    def test_what_somebody_chose_is_remembered(self):
        costs = self._import(GOOGLE_EN, {"Brand": self.brand})
        self.assertEqual(sum(costs.mapped("amount")), 1035.75)
        self.assertEqual(costs.mapped("campaign_id"), self.fair + self.brand)
        # by its number, even under another name
        later = GOOGLE_EN.replace("2026-11", "2026-12").replace("Brand", "Words")
        self.assertEqual(self._open(later).unmapped_count, 0)
        self.assertIn(self.brand, self._import(later).campaign_id)

    def test_twice_is_once_and_a_correction_replaces(self):
        self._import(GOOGLE_EN, {"Brand": self.brand})
        form = self._open(GOOGLE_EN)
        self.assertEqual(form.replaced_count, 3)
        self._import(GOOGLE_EN)
        costs = self.env["lead.campaign.cost"].search([])
        self.assertEqual(sum(costs.mapped("amount")), 1035.75)
        self._import(GOOGLE_EN.replace("20.00", "21.00"))
        costs = self.env["lead.campaign.cost"].search([])
        self.assertEqual(sum(costs.mapped("amount")), 1036.75)
        # a report without numbers of campaigns is about the same ones
        columns = [line.split(",") for line in GOOGLE_EN.splitlines()[3:6]]
        self.assertTrue(columns)
        plain = GOOGLE_EN.replace("Campaign ID,", "").replace("901,", "")
        self._import(plain.replace("902,", ""))
        costs = self.env["lead.campaign.cost"].search([])
        self.assertEqual(sum(costs.mapped("amount")), 1035.75)

    def test_a_part_of_a_sum_is_refused(self):
        self._import(META_FR)
        part = META_FR.replace("2026-11-10", "2026-11-05")
        form = self._open(part)
        self.assertIn("in one sum", form.problem)
        whole = META_FR.replace("2026-11-10", "2026-11-12")
        self.assertEqual(self._open(whole).replaced_count, 1)

    def test_parts_of_a_campaign_are_one_cost(self):
        costs = self._import(META_FR)
        self.assertEqual(costs.mapped("amount"), [300.3])
        self.assertEqual((costs.clicks, costs.impressions), (120, 11000))

    def test_a_row_may_be_left_out(self):
        form = self._open(GOOGLE_EN)
        with form.line_ids.edit(1) as line:
            line.is_left_out = True
        self.assertEqual(form.unmapped_count, 0)
        form.save().action_import()
        self.assertEqual(
            self.env["lead.campaign.cost"].search([]).campaign_id, self.fair
        )

    def test_refused_files_say_why(self):
        for text, sentence in (
            (GOOGLE_EN.replace("Brand,902,EUR", "Brand,902,USD"), "mixes currencies"),
            (OWN.replace("2026-11-03", "03/11/2026"), "two ways"),
            (OWN.replace("EUR", "XXX"), "not active"),
            ("nothing", "No columns"),
        ):
            with self.subTest(sentence):
                form = self._open(text)
                self.assertIn(sentence, form.problem)
                self.assertFalse(form.row_count)
                with self.assertRaises(UserError):
                    form.save().action_import()

    def test_a_file_without_currency_asks(self):
        text = OWN.replace(",currency", "").replace(",EUR", "")
        with self.assertRaisesRegex(UserError, "Choose the currency"):
            self._open(text).save().action_import()
        self.assertEqual(
            self._import(text, currency_id=self.euro).currency_id, self.euro
        )

    def test_companies_do_not_meet(self):
        self._import(OWN)
        dialog = (
            self.env["lead.campaign.import"]
            .with_user(self.manager_b)
            .create({"file": base64.b64encode(OWN.encode()), "file_name": "x.csv"})
        )
        dialog.action_import()
        costs = self.env["lead.campaign.cost"].search([])
        self.assertEqual(costs.company_id, self.company + self.company_b)
        with self.assertRaises(AccessError):
            dialog.company_id = self.company
            dialog.action_import()
