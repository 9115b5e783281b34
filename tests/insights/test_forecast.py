from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from odoo.addons.lead_management.tools.cohorts import pull

from .common import NOW, InsightCase


class TestForecast(InsightCase):
    """What becomes of open leads, learned from those that were open before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.insight.forecast"].search([]).unlink()
        cls.env["lead.insight.rate"].search([]).unlink()
        # a lead a day: every third one is won after 20 days in it
        rows = []
        for number in range(120):
            day = NOW - timedelta(days=35 + number)
            rows.append((number, day, number % 3 == 0))
        for number, *__ in rows:
            lead = cls._new_lead(
                name=f"past {number}", company_id=cls.company.id, expected_revenue=500
            )
            cls.leads[f"past {number}"] = lead
        cls.env.flush_all()
        for number, day, is_won in rows:
            lead = cls.leads[f"past {number}"]
            end = day + timedelta(days=20)
            cls.env.cr.execute(
                "UPDATE lead_stage_transition SET date = %s WHERE lead_id = %s",
                [day, lead.id],
            )
            stage = cls._stage("customer" if is_won else "unqualified")
            cls.env.cr.execute(
                """INSERT INTO lead_stage_transition (lead_id, date, stage_id,
                       stage_type, type_before, direction, origin)
                   VALUES (%s, %s, %s, %s, 'open', %s, 'hand')""",
                [
                    lead.id,
                    end,
                    stage.id,
                    stage.stage_type,
                    "forward" if is_won else "dropped",
                ],
            )
            cls.env.cr.execute(
                """UPDATE crm_lead SET create_date = %s, date_closed = %s,
                       won_status = %s, stage_id = %s, probability = %s
                   WHERE id = %s""",
                [
                    day,
                    end,
                    "won" if is_won else "lost",
                    stage.id,
                    100 if is_won else 0,
                    lead.id,
                ],
            )
        cls.env.invalidate_all()
        cls.env["lead.milestone"]._refresh()

    def _learn(self):
        self.env["lead.insight.forecast"].action_cron_learn()

    def test_shares_are_those_that_were_won(self):
        self._learn()
        rates = self.env["lead.insight.rate"].search(
            [
                ("company_id", "=", self.company.id),
                ("stage_type", "=", "open"),
                ("horizon", "=", 30),
            ]
        )
        self.assertTrue(rates)
        self.assertLessEqual(set(rates.mapped("weeks")), {0, 1, 2, 3, 4, 5, 6, 7, 8})
        mean = sum(rates.mapped("won")) / sum(rates.mapped("number"))
        self.assertAlmostEqual(mean, 1 / 3, delta=0.1)
        for rate in rates:
            self.assertTrue(0 <= rate.share <= 1)

    def test_a_longer_time_wins_no_less(self):
        self._learn()
        Rate = self.env["lead.insight.rate"]
        for rate in Rate.search([("horizon", "=", 30)]):
            later = Rate.search(
                [
                    ("horizon", "=", 60),
                    ("company_id", "=", rate.company_id.id),
                    ("stage_type", "=", rate.stage_type),
                    ("weeks", "=", rate.weeks),
                ]
            )
            if later:
                self.assertGreaterEqual(later.share, rate.share)

    def test_few_are_pulled_to_their_stage(self):
        self.assertEqual(pull(0, 0, 0.3), 0.3)
        self.assertLess(pull(5, 5, 0.3), 0.5)

    def test_both_forecasts_are_shown_with_their_record(self):
        self._learn()
        section = self._section("forecast")
        self.assertEqual(len(section["figures"]), 2)
        self.assertFalse(section["empty"])
        months = section["picture"]["columns"]
        self.assertTrue(months)
        # nobody kept the probabilities of then: they are not made up
        self.assertFalse(any(month["marks"][1] for month in months))

    def test_without_history_there_is_no_forecast(self):
        section = self._section("forecast")
        self.assertTrue(section["empty"])
        self.assertEqual(len(section["figures"]), 1)

    def test_what_was_said_is_kept_once(self):
        self._learn()
        Forecast = self.env["lead.insight.forecast"]
        count = Forecast.search_count([])
        self.assertTrue(count)
        self._learn()
        self.assertEqual(Forecast.search_count([]), count)

    def test_the_probabilities_are_kept_in_the_first_days(self):
        lead = self.leads["qualified"]
        lead.date_deadline = datetime(2026, 6, 10)
        lead.probability = 60
        with freeze_time(datetime(2026, 6, 1, 8)):
            self._learn()
        kept = self.env["lead.insight.forecast"].search([("month", "=", "2026-06-01")])
        self.assertTrue(kept)
        self.assertTrue(all(kept.mapped("is_weighted")))
        self.assertAlmostEqual(sum(kept.mapped("weighted")), 0.6, 6)

    def test_a_rep_sees_own_forecasts_only(self):
        self._learn()
        seen = self.env["lead.insight.forecast"].with_user(self.rep_2).search([])
        self.assertLessEqual(seen.user_id, self.rep_2)

    def test_only_the_schedule_learns(self):
        with self.assertRaises(AccessError):
            self.env["lead.insight.forecast"].with_user(
                self.manager
            ).action_cron_learn()


class TestTargets(InsightCase):
    """What is to be reached, and what was."""

    def _target(self, **values):
        values = {"month": "2026-05-17", "metric": "qualified", "value": 4, **values}
        return self.env["lead.insight.target"].create(
            {"company_id": self.company.id, **values}
        )

    def test_a_month_is_its_first_day(self):
        self.assertEqual(str(self._target().month), "2026-05-01")

    def test_there_is_one_of_each_kind(self):
        self._target()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._target(month="2026-05-02")
            self.env.flush_all()

    def test_reached_of_a_person_a_team_and_the_company(self):
        self._target()
        self._target(team_id=self.team.id)
        self._target(user_id=self.rep_2.id)
        rows = self._section("targets")["table"]["rows"]
        reached = {row[0]: row[3] for row in rows}
        self.assertEqual(reached[self.rep_2.name]["value"], 2)
        self.assertEqual(reached[self.team.name]["value"], 3)
        self.assertEqual(reached[self.company.name]["value"], 3)
        for number in reached.values():
            self.assertEqual(len(self._find(number)), number["count"])

    def test_amounts(self):
        self._target(metric="won_amount", value=4000)
        [row] = self._section("targets")["table"]["rows"]
        self.assertEqual(row[3]["value"], 1000)
        self.assertEqual(row[4], "25%")

    def test_a_rep_sees_the_own_one(self):
        self._target()
        self._target(user_id=self.rep.id)
        self._target(user_id=self.rep_2.id)
        rows = self._section("targets", self.rep)["table"]["rows"]
        self.assertEqual([row[0] for row in rows], [self.rep.name])

    def test_nothing_is_shown_without_targets(self):
        self.assertNotIn("targets", self._report()["sections"])
