from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.lead_management.models.insights.report.frame import (
    DIMENSIONS,
    METRICS,
)
from odoo.addons.lead_management.tools.periods import KINDS

from .common import NOW, InsightCase, get_numbers


class TestEveryNumber(InsightCase):
    """Every number opens exactly its records, whoever asks, for whatever period."""

    def _check(self, user, sections=None, **options):
        report = self._report(user, sections, **options)
        numbers = list(get_numbers(report["sections"]))
        self.assertGreater(len(numbers), 4 if sections else 50)
        for number in numbers:
            records = self.env[number["model"]].with_user(user)
            records = records.with_context(active_test=False)
            self.assertEqual(
                records.search_count(number["domain"]),
                number["count"],
                f"{user.login} {options} {number['title']}: {number['domain']}",
            )
        return report

    def test_as_everybody(self):
        for user in (self.rep, self.rep_2, self.leader, self.manager, self.manager_b):
            with self.subTest(user=user.login):
                self._check(user)

    def test_for_every_kind_of_period(self):
        for kind in KINDS:
            # what it is compared with makes a difference only for causes and tiles
            for compare, wanted in (("before", None), ("year", ["tiles", "why"])):
                with self.subTest(kind=kind, compare=compare):
                    self._check(self.manager, wanted, kind=kind, compare=compare)

    def test_for_every_metric_and_dimension(self):
        for number, dimension in enumerate(DIMENSIONS):
            metric = METRICS[number % len(METRICS)]
            with self.subTest(metric=metric, dimension=dimension):
                self._check(
                    self.manager, ["why", "by"], metric=metric, dimension=dimension
                )

    def test_within_days_of_creation(self):
        for days in (30, 60, 90):
            with self.subTest(days=days):
                wanted = ["funnel", "stage_conversion"]
                self._check(self.manager, wanted, kind="year", days=days)

    def test_of_the_past(self):
        self._check(self.manager, day="2026-04-15")

    def test_own_and_of_a_team(self):
        self._check(self.manager, scope="mine")
        self._check(self.manager, scope="team", team_id=self.team.id)

    def test_of_two_companies(self):
        both = self.company + self.company_b
        self.manager.company_ids = both
        user = self.manager
        insight = self.env["lead.insight"].with_user(user)
        report = insight.with_context(allowed_company_ids=both.ids).get_report({})
        for number in get_numbers(report["sections"]):
            records = (
                self.env[number["model"]]
                .with_user(user)
                .with_context(allowed_company_ids=both.ids, active_test=False)
            )
            self.assertEqual(records.search_count(number["domain"]), number["count"])


class TestReport(InsightCase):
    """Each lead in its place."""

    def test_created(self):
        tile = self._tile("created")
        self.assertEqual(
            self._names(tile["number"]),
            ["archived", "back", "nobody", "qualified", "skipped", "unqualified"],
        )
        self.assertEqual(
            self._names(tile["before"]), ["reactivated", "recycled", "won"]
        )
        self.assertEqual(tile["change"], "+3")

    def test_qualified_is_the_first_time(self):
        tile = self._tile("qualified")
        self.assertEqual(self._names(tile["number"]), ["back", "qualified", "skipped"])
        self.assertEqual(self._names(tile["before"]), ["reactivated", "won"])

    def test_won_stays_won_when_the_customer_is_reactivated(self):
        tile = self._tile("won")
        self.assertEqual(self._names(tile["number"]), ["won"])
        self.assertEqual(self._names(tile["before"]), ["reactivated"])

    def test_few_are_not_compared(self):
        tile = self._tile("won")
        self.assertEqual(tile["verdict"], "few")
        self.assertFalse(tile["arrow"])
        self.assertNotIn("%", tile["change"])

    def test_the_pipeline_knows_who_came_back(self):
        section = self._section("pipeline")
        rows = {row[0]: row[1] for row in section["table"]["rows"]}
        self.assertEqual(
            self._names(rows[self._stage("contacted").name]),
            ["back", "reactivated", "recycled"],
        )

    def test_the_funnel_counts_who_skips(self):
        steps = self._section("funnel")["steps"]
        self.assertEqual([step["number"]["value"] for step in steps], [6, 4, 3, 1, 0])
        self.assertEqual([step["before"]["value"] for step in steps], [3, 2, 2, 1, 1])
        self.assertEqual(self._names(steps[3]["number"]), ["skipped"])

    def test_the_funnel_says_where_leads_are_lost(self):
        steps = self._section("funnel")["steps"]
        lost = [
            self._names(note["number"])
            for step in steps
            for note in step["left"]
            if note["number"]["title"] == "Lost"
        ]
        self.assertEqual(lost, [["unqualified"], ["archived"]])

    def test_the_funnel_is_monotone(self):
        for days in (0, 30, 60, 90):
            steps = self._section("funnel", kind="year", days=days)["steps"]
            reached = [step["number"]["value"] for step in steps]
            self.assertEqual(reached, sorted(reached, reverse=True))

    def test_stage_conversion_adds_up(self):
        row = self._row("stage_conversion", "Open")
        entered, up, down, lost, still = row[1], *row[2::2]
        self.assertEqual(
            int(entered), sum(cell["value"] for cell in (up, down, lost, still))
        )
        self.assertEqual(self._names(lost), ["unqualified"])
        contacted = self._row("stage_conversion", "Contacted")
        self.assertEqual(self._names(contacted[6]), ["archived"])

    def test_losses_by_reason_and_stage(self):
        rows = self._section("losses")["table"]["rows"]
        self.assertEqual(sum(row[1]["value"] for row in rows), 2)
        names = [self._names(row[1]) for row in rows]
        self.assertEqual(sorted(sum(names, [])), ["archived", "unqualified"])

    def test_second_chances(self):
        rows = self._section("second_chance")["table"]["rows"]
        self.assertEqual(
            sorted(self._names(row[1])[0] for row in rows), ["reactivated", "recycled"]
        )

    def test_moves_back(self):
        row = self._row("moves_back", "Qualified")
        self.assertEqual(row[2]["value"], 1)
        self.assertEqual(self._find(row[2]).lead_id.name, "back")

    def test_the_win_rate(self):
        row = self._row("velocity", "Win rate")
        self.assertEqual(row[1], "1 of 3")

    def test_the_pipeline_of_a_past_week_is_a_replay(self):
        moves = self.env["lead.stage.transition"].search(
            [("is_merged", "=", False)], order="date, id"
        )
        section = self._section("pipeline_weeks")
        for row in section["table"]["rows"]:
            total = int(row[-1])
            moment = row[1]["domain"][-1][2].split(":", 2)[2]
            at = NOW.fromisoformat(moment)
            last = {}
            for move in moves:
                if move.date >= at:
                    continue
                last[move.lead_id] = move.stage_type
            live = [
                lead
                for lead, kind in last.items()
                if kind not in ("customer", "inactive", "unqualified")
                and not (
                    lead.milestone_lost_date
                    and lead.milestone_lost_date < at
                    and lead.stage_type != "unqualified"
                )
                and lead != self.lead_b
            ]
            self.assertEqual(total, len(live), moment)

    def test_products_add_up(self):
        products = self.env["product.product"].create(
            [{"name": f"Insight {number}"} for number in range(3)]
        )
        self.leads["qualified"].product_ids = products
        self.leads["back"].product_ids = products[0]
        rows = self._section("products")["table"]["rows"]
        self.assertAlmostEqual(sum(row[1]["value"] for row in rows), 3, 9)
        first = next(row for row in rows if row[0] == products[0].display_name)
        self.assertAlmostEqual(first[1]["value"], 4 / 3)

    def test_groups_add_up_to_the_leads(self):
        for dimension in DIMENSIONS:
            rows = self._section("by", dimension=dimension)["table"]["rows"]
            sums = [sum(row[place]["value"] for row in rows) for place in range(1, 6)]
            self.assertEqual(sums, [3, 6, 3, 1, 2], dimension)

    def test_contributions_add_up(self):
        for metric in ("qualified", "won", "win_rate"):
            for dimension in DIMENSIONS:
                for kind in ("month", "quarter", "week"):
                    why = self._section(
                        "why", metric=metric, dimension=dimension, kind=kind
                    )
                    *parts, total = [bar["value"] for bar in why["bars"]]
                    self.assertAlmostEqual(sum(parts), total, 9)

    def test_the_sentences(self):
        why = self._section("why", dimension="source_id")
        self.assertIn("Of 6 leads created, 3 are qualified", why["sentences"][0])

    def test_no_leads_at_all(self):
        report = self._report(day="1999-03-01")
        self.assertIn("no leads", report["sections"]["why"]["sentences"][0])

    def test_first_response(self):
        lead = self.leads["skipped"]
        self.env["lead.touch"]._record(
            [
                {
                    "lead_id": lead.id,
                    "channel": "call",
                    "direction": "out",
                    "is_contact": True,
                    "user_id": self.rep.id,
                    "date": lead.create_date + timedelta(hours=2),
                }
            ]
        )
        tile = self._tile("response")
        self.assertEqual(tile["number"]["text"], "2 h")
        self.assertEqual(self._names(tile["number"]), ["skipped"])
        row = self._row("contact", "Reached")
        self.assertEqual(self._names(row[1]), ["skipped"])
        untouched = self._row("contact", "Untouched for a day")
        self.assertEqual(len(self._find(untouched[1])), 5)

    def test_inquiries_do_not_shrink_when_leads_are_merged(self):
        row = self._row("contact", "Inquiries")
        created = self._row("contact", "Created")
        self.assertEqual(row[1]["value"], created[1]["value"] + 1)

    def test_when_leads_come(self):
        row = self._row("arrivals", "Mon")
        hour = next(cell for cell in row[1:] if cell["title"] == "Mon 10:00")
        self.assertEqual(self._names(hour), ["reactivated", "skipped"])


class TestWho(InsightCase):
    """Whose numbers somebody is shown."""

    def test_a_rep_sees_own_numbers_only(self):
        for options in (
            {},
            {"scope": "all"},
            {"scope": "team", "team_id": self.team.id},
        ):
            report = self._report(self.rep, ["tiles"], **options)
            self.assertEqual(report["options"]["scope"], "mine")
            for number in get_numbers(report["sections"]):
                self.assertLessEqual(self._find(number, self.rep).user_id, self.rep)
        tile = report["sections"]["tiles"]["tiles"][0]
        self.assertEqual(self._names(tile["number"], self.rep), ["archived", "skipped"])

    def test_a_leader_starts_with_the_own_team(self):
        report = self._report(self.leader, ["tiles"])
        self.assertEqual(report["scope"], self.team.name)
        created = report["sections"]["tiles"]["tiles"][0]["number"]
        self.assertNotIn("nobody", self._names(created, self.leader))

    def test_other_companies_are_out_of_sight(self):
        created = self._report(self.manager_b, ["tiles"])["sections"]["tiles"]["tiles"][
            0
        ]
        # that without company is everybody's
        self.assertEqual(
            self._names(created["number"], self.manager_b), ["Lead", "nobody"]
        )
        mine = self._tile("created")
        self.assertNotIn(self.lead_b, self._find(mine["number"]))

    def test_the_zone_of_the_reader_changes_nothing(self):
        reports = []
        for zone in ("UTC", "Asia/Tokyo", "America/Los_Angeles"):
            self.manager.tz = zone
            insight = self.env["lead.insight"].with_user(self.manager)
            report = insight.with_context(tz=zone).get_report({"kind": "week"})
            reports.append([number["value"] for number in get_numbers(report)])
        self.assertEqual(reports[0], reports[1])
        self.assertEqual(reports[0], reports[2])

    def test_nobody_else(self):
        user = new_test_user(self.env, "insight_user", "base.group_user")
        with self.assertRaises(AccessError):
            self._report(user)

    def test_what_no_screen_asks_for_is_refused(self):
        for options in (
            {"kind": "century"},
            {"day": "2026-99-99"},
            {"day": 5},
            {"day": "0001-01-01"},
            {"scope": "everything"},
            {"team_id": "1"},
            {"metric": ["won"]},
            {"dimension": "email_from"},
            {"days": 7},
            {"days": True},
            {"limit": 5},
        ):
            with self.subTest(options=options), self.assertRaises(UserError):
                self._report(**options)
        for sections in ("tiles", 5, {"tiles": 1}, [["tiles"]]):
            with self.subTest(sections=sections), self.assertRaises(UserError):
                self._report(sections=sections)
        self.assertFalse(self._report(sections=["nothing"])["sections"])

    def test_filters_behind_numbers_take_no_other_text(self):
        for text in (
            "within:qualified:x",
            "within:name:30",
            "within:qualified:-1",
            "hour:9:1",
            "stood:open:now",
            "came:open:up:30:1:2",
            "nothing",
            "",
            "within",
            "within:qualified:30:4",
        ):
            with self.subTest(text=text), self.assertRaises(UserError):
                self.env["crm.lead"].search([("insight_filter", "=", text)])

    def test_as_many_statements_whatever_the_number_of_leads(self):
        def count():
            self._report()
            before = self.env.cr.sql_log_count
            self._report()
            return self.env.cr.sql_log_count - before

        few = count()
        with self.subTest("more leads"):
            for number in range(30):
                self._live(f"more {number}", self.rep.id, self.web.id, (5, 3))
            self.assertLessEqual(count(), few + 1)
        self.assertLess(few, 90)
