from datetime import datetime, timedelta

from freezegun import freeze_time

from .common import NOW, InsightCase


class TestPastDays(InsightCase):
    """What stood where on a day that has gone, and what it was worth then."""

    def _day(self, day, **options):
        return self._section("pipeline_day", kind="day", day=day, **options)

    def _stood(self, section):
        return {row[0]: self._names(row[1]) for row in section["table"]["rows"]}

    def test_each_lead_where_it_was_then(self):
        self.assertEqual(
            self._stood(self._day("2026-05-09")),
            {
                "Open": ["unqualified"],
                "Contacted": ["archived", "recycled"],
                "Qualified": ["back", "qualified"],
                "Negotiation": ["skipped"],
            },
        )
        # the day after the customer came back, and two losses
        self.assertEqual(
            self._stood(self._day("2026-05-12")),
            {
                "Open": ["nobody"],
                "Contacted": ["back", "reactivated", "recycled"],
                "Qualified": ["qualified"],
                "Negotiation": ["skipped"],
            },
        )

    def test_amounts_are_those_of_then(self):
        lead = self.leads["skipped"].with_context(
            tracking_disable=False, mail_notrack=False
        )
        with freeze_time(datetime(2026, 5, 20, 10)):
            lead.expected_revenue = 7000
            self.env.cr.flush()
        amounts = {row[0]: row[2] for row in self._day("2026-05-15")["table"]["rows"]}
        self.assertIn("1,000", amounts["Negotiation"])
        amounts = {row[0]: row[2] for row in self._day("2026-05-21")["table"]["rows"]}
        self.assertIn("7,000", amounts["Negotiation"])

    def test_a_running_period_shows_the_pipeline_of_now(self):
        sections = self._report(sections=["pipeline", "pipeline_day"])["sections"]
        self.assertEqual([*sections], ["pipeline"])

    def test_the_last_week_is_what_is_open_now(self):
        weeks = self._section("pipeline_weeks")["table"]["rows"]
        now = self._section("pipeline")["table"]["rows"]
        self.assertEqual(int(weeks[-1][-1]), sum(row[1]["value"] for row in now))

    def test_who_was_put_away_is_in_no_pipeline(self):
        lead = self.leads["qualified"]
        lead.probability = 40
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET active = false WHERE id = %s", [lead.id]
        )
        self.env.invalidate_all()
        self.assertNotIn("Qualified", self._stood(self._day("2026-05-12")))


class TestChain(InsightCase):
    """Leads × qualified × won × amount: what each did to the amount won."""

    def _win(self, name, created, won, amount):
        self._live(name, self.rep.id, self.web.id, created, qualified=won, customer=won)
        self.leads[name].expected_revenue = amount

    def test_parts_add_up_to_the_change(self):
        self._win("before", (4, 10), (4, 20), 1500)
        self._win("now", (5, 10), (5, 20), 4000)
        chain = self._section("chain")
        *parts, total = [bar["value"] for bar in chain["picture"]["bars"]]
        self.assertAlmostEqual(sum(parts), total, 6)
        # reactivated (1,000) and before, against the one of this month
        self.assertAlmostEqual(total, 4000 - 2500, 6)
        self.assertFalse(chain["empty"])

    def test_nothing_won_is_said(self):
        chain = self._section("chain")
        self.assertTrue(chain["empty"])
        self.assertFalse(chain["picture"])


class TestOutlook(InsightCase):
    """Reached, and what the forecast adds until the month is over."""

    def _rate(self, share, horizon=30):
        self.env["lead.insight.rate"].create(
            [
                {
                    "stage_type": kind,
                    "weeks": weeks,
                    "horizon": horizon,
                    "number": 100,
                    "won": 100 * share,
                    "share": share,
                }
                for kind in ("open", "contacted", "qualified", "negotiation")
                for weeks in range(9)
            ]
        )

    def _target(self, **values):
        return self.env["lead.insight.target"].create(
            {
                "company_id": self.company.id,
                "month": "2026-05-01",
                "metric": "won",
                "value": 2,
                **values,
            }
        )

    def test_reached_and_expected(self):
        self.env["lead.insight.rate"].search([]).unlink()
        self._rate(0.5)
        self._target(user_id=self.rep.id)
        self._target(metric="won_amount", value=4000)
        with freeze_time(datetime(2026, 5, 16, 12)):
            rows = {row[1]: row for row in self._section("targets")["table"]["rows"]}
        # 15.5 of 30 days: three open leads of the rep, each half of the time a half
        share = 0.5 * 15.5 / 30
        mine = rows["Leads won"]
        self.assertEqual(mine[3]["value"], 1)
        self.assertEqual(mine[5], str(round(3 * share, 1)))
        self.assertEqual(mine[6], f"{round(100 * (1 + 3 * share) / 2)}%")
        self.assertTrue(rows["Amount won"][5])

    def test_nothing_is_expected_of_a_month_that_is_over(self):
        self._rate(0.5)
        self._target(month="2026-04-01")
        [row] = self._section("targets", day="2026-04-15")["table"]["rows"]
        self.assertEqual(row[5:], ["", ""])

    def test_without_history_nothing_is_expected(self):
        self.env["lead.insight.rate"].search([]).unlink()
        self._target()
        [row] = self._section("targets")["table"]["rows"]
        self.assertEqual(row[5:], ["", ""])


class TestOneNumberTwoMeanings(InsightCase):
    """What the tile counts, and what the causes are told of."""

    def test_events_and_cohort_are_told_apart(self):
        # one that came in April is qualified now
        with freeze_time(NOW - timedelta(days=2)):
            self.leads["recycled"].stage_id = self._stage("qualified")
            self.env.cr.flush()
        note = self._section("why", metric="qualified")["note"]
        self.assertIn("Qualified in the period: 4. Here are the 3 of them", note)
        self.assertIn("The other 1 came earlier", note)
        self.assertFalse(self._section("why", metric="created")["note"])
