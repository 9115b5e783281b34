"""Suggested points on leads of a known set: what is said beforehand is what comes.

A part of the leads is kept aside by a hash of their number; nothing was chosen by it.
"""

import csv
import hashlib
import unittest
from pathlib import Path

from odoo.addons.lead_management.tools import (
    scorecard,
    scorecard_check,
    scorecard_scale,
)
from odoo.addons.lead_management.tools.scorecard import Column

FILE = Path(__file__).parents[1] / "data" / "leadforge" / "lead_scoring_intro_v7.csv"
LEARNT = 0.7


def column(name, texts):
    """Return a column of numbers, or of categories where a text is none."""
    values = [text or None for text in texts]
    try:
        numbers = [value and float(value) for value in values]
    except ValueError:
        return Column(name, "category", values)
    return Column(name, "number", numbers)


def share(number):
    """Return a number from 0 to 1 that a lead keeps for ever."""
    digest = hashlib.sha256(f"forge{number}".encode()).hexdigest()
    return int(digest[:8], 16) / 2**32


class TestKeptAside(unittest.TestCase):
    def test_what_is_said_comes(self):
        with FILE.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        won = [row.pop("converted") == "1" for row in rows]
        columns = [column(name, [row[name] for row in rows]) for name in rows[0]]
        aside = [i for i in range(len(rows)) if share(i) >= LEARNT]
        learnt = [i for i in range(len(rows)) if share(i) < LEARNT]
        new = scorecard_check.pick(columns, won, aside)
        columns, won = scorecard_check.pick(columns, won, learnt)

        check = scorecard_check.check(columns, won)
        rules = scorecard.suggest(columns, won, method=check.method)
        self.assertLessEqual(len(rules), 20)
        area = scorecard_check.area_of(rules, *new)
        self.assertTrue(check.low <= area <= check.high, (check, area))
        self.assertGreater(check.low, 0.5)

        scale = scorecard_scale.scale_of(scorecard.totals_of(rules, columns))
        scores = [
            scorecard_scale.score_of(total, scale.base, scale.full)
            for total in scorecard.totals_of(rules, new[0])
        ]
        hot = sum(score >= scale.hot for score in scores) / len(scores)
        self.assertTrue(0.05 <= hot <= 0.4, hot)
