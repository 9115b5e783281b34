import random
import unittest

from odoo.addons.lead_management.tools import (
    scorecard,
    scorecard_check,
    scorecard_scale,
)
from odoo.addons.lead_management.tools.scorecard import Column, suggest

from .test_scorecard import area, draw_won, history, noise_only


def decisions(seed, leads=3000):
    """Leads won by who decides *and* has a budget; either alone says little."""
    draw = random.Random(seed)
    role = [draw.choice(["decides", "advises", "uses"]) for _ in range(leads)]
    budget = [draw.choice(["yes", "no", None]) for _ in range(leads)]
    noise = [draw.choice("abcd") for _ in range(leads)]
    both = [r == "decides" and b == "yes" for r, b in zip(role, budget, strict=True)]
    won = draw_won(draw, [-1.5 + 2.5 * hit for hit in both])
    columns = [
        Column("role", "category", role),
        Column("budget", "category", budget),
        Column("noise", "category", noise),
    ]
    return columns, won


def months(seed, leads=4000):
    """Leads of twelve months, of which four are good."""
    draw = random.Random(seed)
    month = [draw.randrange(1, 13) for _ in range(leads)]
    won = draw_won(draw, [0.5 if number in (3, 6, 9, 12) else -1 for number in month])
    return [Column("month", "category", month)], won


class TestUnions(unittest.TestCase):
    def test_alike_categories_are_one_rule(self):
        columns, won = months(1)
        rules = suggest(columns, won, 1)
        self.assertEqual(rules[0].kind, "in")
        self.assertEqual(set(rules[0].value), {3, 6, 9, 12})
        single = suggest(columns, won, 1, "independent")
        new = months(2)
        self.assertGreater(area(rules, *new), area(single, *new) + 0.05)

    def test_at_most_eight_in_one(self):
        draw = random.Random(3)
        names = [draw.randrange(30) for _ in range(6000)]
        won = draw_won(draw, [1 if name < 15 else -1 for name in names])
        for rule in suggest([Column("name", "category", names)], won):
            self.assertLessEqual(len(rule.value) if rule.kind == "in" else 1, 8)

    def test_counts_are_those_of_the_leads(self):
        for columns, won in (months(4), decisions(4)):
            for rule in suggest(columns, won, method="pairs"):
                totals = scorecard.totals_of([rule], columns)
                hits = [h for h, total in zip(won, totals, strict=True) if total]
                self.assertEqual((rule.support, rule.won), (len(hits), sum(hits)))


class TestPairs(unittest.TestCase):
    def test_both_conditions_in_one_rule(self):
        columns, won = decisions(1)
        best = suggest(columns, won, method="pairs")[0]
        self.assertEqual(
            {(best.column, best.value), (best.also.column, best.also.value)},
            {("role", "decides"), ("budget", "yes")},
        )
        self.assertGreater(best.points, 10)
        new = decisions(2)
        pairs, joint = (suggest(columns, won, 2, m) for m in ("pairs", "joint"))
        self.assertGreater(area(pairs, *new), area(joint, *new))
        self.assertFalse([rule for rule in joint if rule.also])

    def test_noise_gives_almost_nothing(self):
        found = [suggest(*noise_only(i), method="pairs") for i in range(20)]
        self.assertLess(sum(map(len, found)) / len(found), 0.4)

    def test_without_an_interaction_hardly_a_pair(self):
        columns, won = history()
        rules = suggest(columns, won, method="pairs")
        self.assertLessEqual(sum(bool(rule.also) for rule in rules), 1)

    def test_no_condition_that_takes_nothing_for_zero(self):
        """A condition on a number takes one that is not set for 0."""
        draw = random.Random(5)
        visits = [draw.choice([None, 0, 0, 5]) for _ in range(4000)]
        source = [draw.choice(["web", "fair"]) for _ in range(4000)]
        pairs = zip(visits, source, strict=True)
        won = draw_won(draw, [1 if pair == (0, "fair") else -2 for pair in pairs])
        columns = [
            Column("visits", "number", visits),
            Column("source", "category", source),
        ]
        for rule in suggest(columns, won, method="pairs"):
            parts = [rule, rule.also] if rule.also else []
            for part in parts:
                if part.column == "visits":
                    self.assertEqual((part.kind, part.low), ("band", 5))


class TestCheck(unittest.TestCase):
    def test_says_what_comes(self):
        """The figure said beforehand holds for new leads, within its interval."""
        for seed in range(3):
            columns, won = history(seed, 1200)
            check = scorecard_check.check(columns, won)
            rules = suggest(columns, won, method=check.method)
            for number in range(3):
                new = area(rules, *history(100 + 10 * seed + number, 360))
                self.assertTrue(check.low <= new <= check.high, (check, new))

    def test_less_than_on_the_leads_it_learnt_from(self):
        gaps = []
        for seed in range(5):
            columns, won = history(seed, 300)
            check = scorecard_check.check(columns, won)
            rules = suggest(columns, won, method=check.method)
            gaps.append(area(rules, columns, won) - check.crossed)
        self.assertGreater(sum(gaps) / len(gaps), 0.02)

    def test_fewer_leads_a_wider_interval(self):
        few = scorecard_check.check(*history(1, 300))
        many = scorecard_check.check(*history(1, 3000))
        self.assertGreater(few.high - few.low, 2 * (many.high - many.low))

    def test_too_few_to_say(self):
        columns = [Column("a", "category", ["x", "y"] * 50)]
        self.assertIsNone(scorecard_check.check(columns, [True] * 3 + [False] * 97))

    def test_pairs_are_chosen_where_they_help(self):
        self.assertEqual(scorecard_check.check(*decisions(1), limit=2).method, "pairs")
        columns, won = noise_only(1)
        self.assertEqual(scorecard_check.check(columns, won).method, "independent")

    def test_times_that_change_are_noticed(self):
        columns, won = history(1, 3000)
        # who was good is bad in the newest part
        source = [
            {"fair": "web", "web": "fair"}.get(v, v) if i > 2200 else v
            for i, v in enumerate(columns[0].values)
        ]
        columns = [columns[0]._replace(values=source), *columns[1:2]]
        check = scorecard_check.check(columns, won)
        self.assertTrue(check.drifts)
        self.assertLess(check.low, check.newest)
        self.assertFalse(scorecard_check.check(*history(1, 3000)).drifts)

    def test_history_before_a_change_is_compared(self):
        old, old_won = history(1, 2000)
        new, new_won = history(2, 1500)
        draw = random.Random(7)
        old_won = [hit and draw.random() < 0.3 for hit in old_won]
        swapped = {"fair": "web", "web": "fair"}
        values = [swapped.get(v, v) for v in old[0].values]
        columns = [
            Column("source", "category", values + new[0].values),
            Column("visits", "number", old[1].values + new[1].values),
        ]
        won = old_won + new_won
        change = scorecard_check.find_change(won)
        self.assertTrue(1800 <= change.since <= 2200, change)
        self.assertLess(change.rate_before, change.rate_after)
        every, since, error = scorecard_check.compare_since(
            columns, won, 20, "joint", change
        )
        self.assertGreater(since, every + error)

    def test_no_change_where_there_is_none(self):
        for seed in range(10):
            self.assertIsNone(scorecard_check.find_change(history(seed)[1]))


class TestScale(unittest.TestCase):
    def test_a_part_is_hot_whatever_the_ties(self):
        draw = random.Random(8)
        for levels in (3, 4, 6, 10, 50):
            totals = [draw.randrange(levels) * 7 - 9 for _ in range(500)]
            scale = scorecard_scale.scale_of(totals)
            scores = [
                scorecard_scale.score_of(total, scale.base, scale.full)
                for total in totals
            ]
            hot = sum(score >= scale.hot for score in scores) / len(scores)
            self.assertAlmostEqual(hot, scale.hot_share)
            self.assertTrue(0.05 <= hot <= 0.4, (levels, hot))
            self.assertTrue(1 <= scale.warm <= scale.hot <= 100)

    def test_most_leads_alike_are_not_hot(self):
        scale = scorecard_scale.scale_of([0] * 24 + [10] * 76)
        self.assertEqual(scale.hot_share, 0)
        scale = scorecard_scale.scale_of([5] * 100)
        self.assertEqual(scale.hot_share, 0)


class TestLater(unittest.TestCase):
    def test_filled_on_the_way(self):
        closed = [
            Column("answer", "category", ["yes", None] * 50),
            Column("source", "category", ["web"] * 90 + [None] * 10),
            Column("visits", "number", [3, 0] * 50),
        ]
        fresh = [
            Column("answer", "category", [None] * 100),
            Column("source", "category", ["fair"] * 85 + [None] * 15),
            Column("visits", "number", [0] * 90 + [2] * 10),
        ]
        later = scorecard.fields_filled_later(closed, fresh)
        self.assertEqual(set(later), {"answer", "visits"})
        self.assertEqual(later["answer"], (0.5, 0))
        few = [c._replace(values=c.values[:10]) for c in fresh]
        self.assertEqual(scorecard.fields_filled_later(closed, few), {})

    def test_in_doubt_accused_sooner(self):
        won = [True] * 100 + [False] * 200
        columns = [Column("a", "category", ["x"] * 95 + [None] * 141 + ["x"] * 64)]
        self.assertEqual(scorecard.fields_that_leak(columns, won), {})
        self.assertEqual(
            scorecard.fields_that_leak(columns, won, in_doubt=True),
            {"a": "set_by_outcome"},
        )
