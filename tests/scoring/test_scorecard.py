import math
import random
import unittest

from odoo.addons.lead_management.tools import (
    score_quality,
    scorecard,
    scorecard_buckets,
)
from odoo.addons.lead_management.tools.scorecard import Column, suggest

METHODS = ("joint", "independent")


def draw_won(random_, log_odds):
    """Return whether each lead is won, given its log-odds."""
    return [random_.random() < 1 / (1 + math.exp(-odds)) for odds in log_odds]


def history(seed=1, leads=2000):
    """Leads won more often at fairs and with many visits, less without a phone.

    ``noise`` and ``size`` have nothing to do with the outcome.
    """
    draw = random.Random(seed)
    source = [draw.choice(["fair", "web", "call", "post"]) for _ in range(leads)]
    visits = [draw.randrange(12) for _ in range(leads)]
    phone = [draw.choice(["mobile", "landline", None]) for _ in range(leads)]
    noise = [draw.choice("abcdef") for _ in range(leads)]
    size = [draw.lognormvariate(3, 1) for _ in range(leads)]
    won = draw_won(
        draw,
        [
            -1.2
            + 1.5 * (source[i] == "fair")
            + 1.2 * (visits[i] >= 8)
            - 1.3 * (phone[i] is None)
            for i in range(leads)
        ],
    )
    columns = [
        Column("source", "category", source),
        Column("visits", "number", visits),
        Column("phone", "category", phone),
        Column("noise", "category", noise),
        Column("size", "number", size),
    ]
    return columns, won


def noise_only(seed, leads=600):
    """Leads of which nothing tells whether they are won."""
    draw = random.Random(seed)
    columns = [
        Column(f"category_{i}", "category", [draw.choice("abcd") for _ in range(leads)])
        for i in range(4)
    ] + [
        Column(f"number_{i}", "number", [draw.gauss(0, 1) for _ in range(leads)])
        for i in range(4)
    ]
    return columns, [draw.random() < 0.3 for _ in range(leads)]


def area(rules, columns, won):
    """Return the AUC of the points the rules give to some leads."""
    rows = []
    for i, hit in enumerate(won):
        row = {column.name: column.values[i] for column in columns}
        rows.append((scorecard.total_of(rules, row), int(hit), int(not hit)))
    return score_quality.auc(rows)


class TestSuggest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.columns, cls.won = history()
        cls.rules = {
            method: suggest(cls.columns, cls.won, method=method) for method in METHODS
        }

    def _rules(self, column, method):
        return [rule for rule in self.rules[method] if rule.column == column]

    def test_effects_have_the_right_sign(self):
        for method in METHODS:
            with self.subTest(method=method):
                fair = [r for r in self._rules("source", method) if r.value == "fair"]
                self.assertTrue(0 < fair[0].points <= 25)
                unset = [r for r in self._rules("phone", method) if r.kind == "unset"]
                self.assertTrue(-25 <= unset[0].points < 0)
                visits = self._rules("visits", method)
                self.assertTrue(visits)
                for rule in visits:
                    self.assertEqual(rule.points > 0, rule.low == 8, rule)

    def test_points_go_the_way_of_the_win_rate(self):
        usual = sum(self.won) / len(self.won)
        for method in METHODS:
            for rule in self.rules[method]:
                with self.subTest(method=method, rule=rule):
                    self.assertEqual(rule.points > 0, rule.won / rule.support > usual)

    def test_columns_without_effect_get_hardly_a_rule(self):
        for method in METHODS:
            names = [
                rule.column
                for seed in range(10)
                for rule in suggest(*history(seed, 1000), method=method)
            ]
            wrong = names.count("noise") + names.count("size")
            with self.subTest(method=method, names=names):
                self.assertEqual({"source", "visits", "phone"} - set(names), set())
                self.assertLess(wrong, 0.1 * len(names))

    def test_counts_are_those_of_the_leads(self):
        for method in METHODS:
            for rule in self.rules[method]:
                column = next(c for c in self.columns if c.name == rule.column)
                hits = [
                    hit
                    for value, hit in zip(column.values, self.won, strict=True)
                    if scorecard.total_of([rule], {rule.column: value})
                ]
                self.assertEqual((rule.support, rule.won), (len(hits), sum(hits)))

    def test_points_are_whole_bounded_and_never_0(self):
        for method in METHODS:
            for rule in self.rules[method]:
                self.assertIs(type(rule.points), int)
                self.assertTrue(1 <= abs(rule.points) <= 100)

    def test_points_of_a_perfect_column_stay_bounded(self):
        won = [i < 2000 for i in range(20_000)]
        column = Column("a", "category", ["yes" if hit else "no" for hit in won])
        for method in METHODS:
            with self.subTest(method=method):
                rules = suggest([column], won, method=method)
                self.assertTrue(rules)
                self.assertTrue(all(abs(rule.points) <= 100 for rule in rules))
                self.assertEqual(area(rules, [column], won), 1)

    def test_new_leads_are_put_in_order(self):
        columns, won = history(seed=2)
        for method in METHODS:
            with self.subTest(method=method):
                self.assertGreater(area(self.rules[method], columns, won), 0.72)

    def test_joint_points_share_what_two_columns_have_in_common(self):
        twin = Column("twin", "category", self.columns[0].values)
        for method, shared in (("joint", True), ("independent", False)):
            rules = suggest([self.columns[0], twin], self.won, method=method)
            points = {r.column: r.points for r in rules if r.value == "fair"}
            alone = suggest([self.columns[0]], self.won, method=method)
            single = next(r.points for r in alone if r.value == "fair")
            self.assertEqual(sum(points.values()) < 1.5 * single, shared, method)

    def test_the_strongest_come_first_and_the_limit_holds(self):
        for method in METHODS:
            with self.subTest(method=method):
                rules = suggest(self.columns, self.won, 2, method)
                self.assertEqual(len(rules), 2)
                self.assertEqual(rules[0].column, "source")
                self.assertEqual(suggest(self.columns, self.won, 0, method), [])

    def test_the_same_history_gives_the_same_rules(self):
        for method in METHODS:
            again = suggest(*history(), method=method)
            self.assertEqual(self.rules[method], again)

    def test_support(self):
        # a rare source that always wins
        column = Column("source", "category", ["fair"] * 25 + ["web"] * 975)
        won = [True] * 25 + [i % 5 == 0 for i in range(975)]
        for method in METHODS:
            few = suggest([column], won, method=method, min_support=25)
            self.assertIn("fair", [rule.value for rule in few])
            many = suggest([column], won, method=method, min_support=26)
            self.assertNotIn("fair", [rule.value for rule in many])
            all_rules = suggest(self.columns, self.won, 40, method, 400)
            self.assertTrue(all_rules)
            self.assertTrue(all(rule.support >= 400 for rule in all_rules))
            self.assertEqual(suggest([column], won, method=method, min_support=999), [])

    def test_noise_gives_almost_nothing(self):
        for method in METHODS:
            counts = [len(suggest(*noise_only(i), method=method)) for i in range(40)]
            with self.subTest(method=method, counts=counts):
                self.assertLess(sum(counts) / len(counts), 0.4)
                self.assertGreaterEqual(counts.count(0), 30)

    def test_what_cannot_be_learnt_from_is_refused(self):
        column = Column("source", "category", ["web", "fair"])
        for columns, won, method in (
            ([column], [True, True], "joint"),
            ([column], [False, False], "independent"),
            ([column], [], "joint"),
            ([column], [True, False, True], "joint"),
            ([column._replace(kind="text")], [True, False], "joint"),
            ([column], [True, False], "magic"),
        ):
            with self.assertRaises(ValueError):
                suggest(columns, won, method=method)

    def test_few_or_empty_columns(self):
        won = [True, False] * 100
        for method in METHODS:
            self.assertEqual(suggest([], won, method=method), [])
            for values in ([None] * 200, [5] * 200, [float("nan")] * 200):
                column = Column("number", "number", values)
                self.assertEqual(suggest([column], won, method=method), [])
            column = Column("source", "category", ["web"] * 200)
            self.assertEqual(suggest([column], won, method=method), [])
            column = Column("source", "category", ["web", "fair"])
            self.assertEqual(suggest([column], [True, False], method=method), [])


class TestBands(unittest.TestCase):
    def _bands(self, numbers, won, support=30):
        buckets = scorecard_buckets.buckets_of(
            Column("a", "number", numbers), won, support
        )
        return [(b.low, b.high, b.support) for b in buckets if b.kind == "band"]

    def test_bands_follow_each_other_and_hold_everyone(self):
        draw = random.Random(5)
        numbers = [draw.lognormvariate(3, 1.5) for _ in range(3000)]
        won = draw_won(draw, [math.log(number) - 3 for number in numbers])
        bands = self._bands(numbers, won)
        self.assertTrue(3 <= len(bands) <= 5, bands)
        self.assertEqual((bands[0][0], bands[-1][1]), (None, None))
        for lower, upper in zip(bands, bands[1:], strict=False):
            self.assertEqual(lower[1], upper[0])
            self.assertLess(len(f"{lower[1]:g}".replace(".", "").strip("0")), 3)
        self.assertEqual(sum(band[2] for band in bands), 3000)

    def test_a_step_is_found(self):
        draw = random.Random(6)
        numbers = [draw.randrange(20) for _ in range(2000)]
        won = draw_won(draw, [2 if number >= 13 else -1 for number in numbers])
        bands = self._bands(numbers, won)
        self.assertEqual([band[:2] for band in bands], [(None, 13), (13, None)])

    def test_a_number_most_leads_share_is_a_band(self):
        draw = random.Random(7)
        numbers = [
            0 if draw.random() < 0.6 else draw.randrange(1, 50) for _ in range(900)
        ]
        won = draw_won(draw, [1 if number else -1 for number in numbers])
        self.assertEqual(self._bands(numbers, won)[0][:2], (None, 1))

    def test_two_numbers_and_unset(self):
        numbers = [0] * 100 + [1] * 100 + [None] * 100
        won = ([True] + [False] * 9) * 10 + [True, False] * 50 + [False] * 100
        self.assertEqual(self._bands(numbers, won), [(None, 1, 100), (1, None, 100)])
        rules = suggest([Column("a", "number", numbers)], won, method="independent")
        self.assertEqual(
            {(r.kind, r.low, r.high, r.points > 0) for r in rules},
            {
                ("band", None, 1, False),
                ("band", 1, None, True),
                ("unset", None, None, False),
            },
        )

    def test_extreme_numbers(self):
        won = [i >= 100 for i in range(200)]
        for low, high in ((-1e300, 1e300), (0, math.inf), (-math.inf, 0), (0, 1e-300)):
            with self.subTest(low=low, high=high):
                bands = self._bands([low] * 100 + [high] * 100, won)
                self.assertEqual([band[2] for band in bands], [100, 100])


class TestLeaks(unittest.TestCase):
    def test_columns_filled_after_the_outcome(self):
        columns, won = history()
        draw = random.Random(3)
        order = [7 if hit or draw.random() < 0.2 else None for hit in won]
        reason = [None if hit or draw.random() < 0.05 else "price" for hit in won]
        status = [
            "hot" if hit != (draw.random() < 0.05) else draw.choice(["cold", "dead"])
            for hit in won
        ]
        columns += [
            Column("order", "number", order),
            Column("reason", "category", reason),
            Column("status", "category", status),
        ]
        self.assertEqual(
            scorecard.fields_that_leak(columns, won),
            {
                "order": "set_by_outcome",
                "reason": "set_by_outcome",
                "status": "too_good",
            },
        )

    def test_columns_that_name_each_lead_are_not_accused(self):
        names = Column("name", "category", [str(i) for i in range(400)])
        won = [i % 3 == 0 for i in range(400)]
        self.assertEqual(scorecard.fields_that_leak([names], won), {})

    def test_a_handful_of_leads_accuses_nobody(self):
        column = Column("order", "category", ["yes"] * 9 + [None] * 50)
        won = [True] * 9 + [False] * 50
        self.assertEqual(scorecard.fields_that_leak([column], won), {})

    def test_one_outcome_only_is_refused(self):
        with self.assertRaises(ValueError):
            scorecard.fields_that_leak([], [True, True])


class TestQuality(unittest.TestCase):
    def test_area_equals_the_count_of_pairs(self):
        draw = random.Random(4)
        leads = [(draw.randrange(10), draw.random() < 0.4) for _ in range(80)]
        rows = [(score, int(hit), int(not hit)) for score, hit in leads]
        won = [score for score, hit in leads if hit]
        lost = [score for score, hit in leads if not hit]
        pairs = sum((a > b) + (a == b) / 2 for a in won for b in lost)
        expected = pairs / len(won) / len(lost)
        self.assertAlmostEqual(score_quality.auc(rows), expected)

    def test_a_coin_does_not_separate(self):
        draw = random.Random(8)
        found = 0
        for _ in range(200):
            coin = [(draw.randrange(100), draw.random() < 0.3) for _ in range(100)]
            found += score_quality.separates((s, int(w), int(not w)) for s, w in coin)
        self.assertLess(found, 15)

    def test_no_leads(self):
        self.assertIsNone(score_quality.auc([]))
        self.assertIsNone(score_quality.lift([], 0.1))
        self.assertFalse(score_quality.separates([]))
        self.assertEqual(len(score_quality.bands([])), 5)

    def test_wrong_share(self):
        for share in (0, -1, 1.1):
            with self.assertRaises(ValueError):
                score_quality.lift([(1, 1, 1)], share)
