import random
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.lead_management.models.campaign.attribution.credits import get_credits
from odoo.addons.lead_management.tools.attribution import MODELS, get_weights

from .test_cost import CostCase

FIRST_DAY, LAST_DAY = "2026-10-01", "2026-10-31"
OCTOBER = (FIRST_DAY, LAST_DAY)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(0, 4000), max_size=40), st.sampled_from(MODELS))
def test_shares_are_one_together(ages, model):
    weights = get_weights(model, sorted(ages, reverse=True))
    assert len(weights) == len(ages)
    assert all(weight >= 0 for weight in weights)
    assert not ages or abs(sum(weights) - 1) < 1e-12


class TestAttribution(CostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["lead.campaign.report"].with_user(cls.manager)

    def _touch(self, lead, campaign, date):
        return self.env["lead.campaign.touch"].create(
            {
                "lead_id": lead.id,
                "campaign_id": campaign and campaign.id,
                "date": date,
                "how": "form",
            }
        )

    def _lead_of(self, day, qualified=None, won=None, **values):
        """Create a lead with a life in October."""
        lead = self._new_lead(name="Lead", expected_revenue=1000, **values)
        self.env.cr.flush()
        lead._derived_flush()
        self.env.cr.execute(
            "INSERT INTO lead_milestone (id, lead_id) VALUES (%s, %s)",
            [lead.id, lead.id],
        )
        self._set("crm_lead", lead, create_date=day)
        self._set("lead_milestone", lead, qualified_date=qualified, won_date=won)
        return lead

    def _set(self, table, lead, **values):
        self.env.flush_all()
        for column, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    value,
                    lead.id,
                )
            )
        self.env.invalidate_all()

    def _get(self, basis="cohort", model="position", period=OCTOBER):
        report = self.report.get_report(*period, basis, model)
        return {row["id"]: row for row in report["rows"]}, report["total"]

    def test_the_database_shares_as_the_arithmetic_does(self):
        draw = random.Random(3)
        campaigns = [self.fair, self.brand, None]
        moment = datetime(2026, 10, 20, 12)
        expected = {}
        for number in range(25):
            lead = self._lead_of("2026-10-01 10:00:00")
            ages = sorted((draw.random() * 60 for _ in range(number % 7)), reverse=True)
            for age in ages:
                self._touch(lead, draw.choice(campaigns), moment - timedelta(days=age))
            # later than the result: it counts for nothing
            self._touch(lead, self.fair, moment + timedelta(days=1))
            expected[lead.id] = ages
        self.env.flush_all()
        results = SQL(
            "SELECT 'won'::text AS basis, id AS lead_id, %s::timestamp AS moment,"
            " expected_revenue AS amount, 1 AS currency_id"
            " FROM crm_lead WHERE id IN %s",
            moment,
            tuple(expected),
        )
        for model in MODELS:
            self.env.cr.execute(
                SQL(
                    "SELECT * FROM (%s) c ORDER BY lead_id, k",
                    get_credits(results, model),
                )
            )
            found = {}
            for row in self.env.cr.dictfetchall():
                found.setdefault(row["lead_id"], []).append(float(row["weight"]))
            for lead_id, ages in expected.items():
                weights = get_weights(model, ages) or [1.0]
                self.assertEqual(len(found[lead_id]), len(weights))
                self.assertAlmostEqual(sum(found[lead_id]), 1, places=9)
                for got, wanted in zip(found[lead_id], weights, strict=True):
                    self.assertAlmostEqual(got, wanted, places=6)

    def test_credits_add_up_to_all_leads(self):
        for number in range(12):
            lead = self._lead_of(
                "2026-10-05 08:00:00",
                qualified="2026-10-09 08:00:00",
                won="2026-10-20 08:00:00" if number % 3 else None,
            )
            for day in range(number % 5):
                campaign = (self.fair, self.brand, None)[(day + number) % 3]
                self._touch(lead, campaign, f"2026-10-0{day + 4} 08:00:00")
        for basis in ("cohort", "event"):
            for model in MODELS:
                rows, total = self._get(basis, model)
                for name, count in (("leads", 12), ("qualified", 12), ("won", 8)):
                    got = sum(row[name] for row in rows.values())
                    self.assertAlmostEqual(got, count, places=6)
                    self.assertAlmostEqual(total[name], count, places=6)
                revenue = sum(row["revenue"] for row in rows.values())
                self.assertAlmostEqual(revenue, 8000, places=4)

    def test_cohort_and_event_are_not_the_same(self):
        self._lead_of(
            "2026-09-30 08:00:00",
            qualified="2026-10-02 08:00:00",
            won="2026-11-03 08:00:00",
            campaign_id=self.fair.id,
        )
        rows, _total = self._get("event")
        self.assertEqual((rows[self.fair.id]["qualified"]), 1)
        self.assertEqual(rows[self.fair.id]["leads"], 0)
        self.assertFalse(self._get("cohort")[0].get(self.fair.id))
        rows, _total = self._get("cohort", period=("2026-09-01", "2026-09-30"))
        row = rows[self.fair.id]
        self.assertEqual((row["leads"], row["qualified"], row["won"]), (1, 1, 1))

    def test_costs_and_what_came_of_them(self):
        self._new_cost(600, "2026-10-01", "2026-10-31")
        self._new_cost(310, "2026-10-01", "2026-11-30", self.brand)
        for number in range(6):
            self._lead_of(
                "2026-10-05 08:00:00",
                qualified="2026-10-09 08:00:00" if number < 3 else None,
                won="2026-10-20 08:00:00" if number < 2 else None,
                campaign_id=self.fair.id,
            )
        row = self._get()[0][self.fair.id]
        self.assertEqual((row["cost"], row["leads"]), (600, 6))
        self.assertEqual((row["cost_lead"], row["cost_qualified"]), (100, 200))
        self.assertEqual((row["cost_won"], row["revenue"]), (300, 2000))
        self.assertAlmostEqual(row["roi"], 1400 / 600)
        self.assertEqual(row["open_share"], 1)
        # leads that came for nothing make no campaign cheaper
        self._lead_of("2026-10-05 08:00:00", campaign_id=False)
        total = self._get()[1]
        self.assertEqual((total["leads"], total["cost_lead"]), (7, 757.6 / 6))
        # costs without a lead are shown, too, and divide by nothing
        row = self._get()[0][self.brand.id]
        self.assertEqual((row["leads"], row["cost_lead"], row["roi"]), (0, False, -1))

    def test_days_are_those_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        self._lead_of("2026-09-30 15:30:00", campaign_id=self.fair.id)  # October there
        for zone in ("UTC", "America/Los_Angeles", "Asia/Kolkata"):
            self.manager.tz = zone
            self.assertEqual(self._get()[0][self.fair.id]["leads"], 1)

    def test_why_a_campaign_gets_its_part(self):
        lead = self._lead_of("2026-10-01 08:00:00", qualified="2026-10-20 08:00:00")
        for campaign, day in (
            (self.fair, 1),
            (self.brand, 5),
            (None, 8),
            (self.brand, 9),
        ):
            self._touch(lead, campaign, f"2026-10-{day:02} 08:00:00")
        credit = self.report.get_credit(
            self.fair.id, "qualified", *OCTOBER, "cohort", "position"
        )
        self.assertAlmostEqual(credit["total"], 0.4)
        self.assertEqual(credit["lead_ids"], lead.ids)
        touches = credit["leads"][0]["touches"]
        weights = [round(touch["weight"], 6) for touch in touches]
        self.assertEqual(weights, [0.4, 0.1, 0.1, 0.4])
        self.assertEqual(
            touches[0]["why"],
            "Touch 1 of 4: 40% for the first and the last one, 20% for those between, "
            "half and half for two.",
        )
        self.assertEqual(touches[2]["campaign"], "Unknown")

    def test_few_leads_tell_nothing_of_people(self):
        leads = [
            self._lead_of(
                "2026-10-05 08:00:00",
                qualified="2026-10-06 08:00:00",
                campaign_id=self.fair.id,
            )
            for _ in range(4)
        ]
        ask = (self.fair.id, "created", *OCTOBER, "cohort", "first")
        people = self.report.get_credit(*ask)["people"]
        self.assertEqual([person["leads"] for person in people], [len(leads)])
        self.assertEqual((people[0]["rate"], people[0]["qualified"]), (False, False))
        self._lead_of("2026-10-05 08:00:00", campaign_id=self.fair.id)
        self.assertEqual(self.report.get_credit(*ask)["people"][0]["rate"], 0.8)

    def test_who_may_ask(self):
        for user in (self.rep, self.leader):
            report = self.env["lead.campaign.report"].with_user(user)
            with self.assertRaises(AccessError):
                report.get_report(*OCTOBER)
            with self.assertRaises(AccessError):
                report.get_credit(False, "won", *OCTOBER, "cohort", "first")
        self._lead_of("2026-10-05 08:00:00", campaign_id=self.fair.id)
        report = self.env["lead.campaign.report"].with_user(self.manager_b)
        self.assertFalse(
            [row for row in report.get_report(*OCTOBER)["rows"] if row["leads"]]
        )
        for period in (("x", LAST_DAY), (LAST_DAY, FIRST_DAY), (None, None)):
            with self.assertRaises(UserError):
                self.report.get_report(*period)

    def test_a_merge_keeps_the_campaigns(self):
        stays = self._new_lead(campaign_id=self.fair.id, email_from="a@example.com")
        gone = self._new_lead(campaign_id=self.brand.id, email_from="a@example.com")
        stays = (stays + gone).merge_opportunity()
        self.assertEqual(stays.campaign_touch_ids.campaign_id, self.fair + self.brand)
        self.assertEqual({*stays.campaign_touch_ids.mapped("how")}, {"merged"})
