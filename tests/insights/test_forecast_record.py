"""Which of both forecasts is right more often: 24 months of a pipeline, simulated."""

import random
from collections import namedtuple
from datetime import datetime, timedelta

from psycopg2.extras import execute_values

from odoo.addons.lead_management.models.insights.forecast.lead_insight_forecast import (
    DAYS,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase
from odoo.addons.lead_management.tools.cohorts import get_mean_error
from odoo.addons.lead_management.tools.periods import MONTH, shift

START = datetime(2024, 6, 1)
MONTHS, LEADS_A_DAY = 24, 6
# Half of the months are to learn from, in the others both forecasts are compared.
LEARNING = 12
# Each stage: mean days in it, how likely a lead goes on, and how likely one that is in
# it is won in the end.
STAGES = (
    ("open", 5, 0.75, 0.75 * 0.6 * 0.6 * 0.65),
    ("contacted", 12, 0.6, 0.6 * 0.6 * 0.65),
    ("qualified", 20, 0.6, 0.6 * 0.65),
    ("negotiation", 25, 0.65, 0.65),
)
Life = namedtuple("Life", "stays end is_won")


def live(at, rng):
    """Return what becomes of a lead that comes at a moment.

    :return: ``stays`` are pairs of stage and since when, ``end`` when it was closed
    """
    stays = []
    for stage, days, share, __ in STAGES:
        stays.append((stage, at))
        # those that go on are slower than those that fall out, and none takes an hour
        is_going_on = rng.random() < share
        mean = days * (1.2 if is_going_on else 0.7)
        at += timedelta(days=rng.gammavariate(2, mean / 2))
        if not is_going_on:
            return Life(stays, at, False)
    return Life(stays, at, True)


def promise(life, at, rng):
    """Return the closing a salesperson expects at a moment, or None.

    Where negotiations are under way people know roughly when they end, before that
    they say a month or two; a fifth says nothing.
    """
    if rng.random() < 0.2:
        return None
    if sum(since <= at for __, since in life.stays) == len(STAGES):
        rest = (life.end - at).total_seconds() / 86400
        return at + timedelta(days=rest * rng.uniform(0.5, 1.5))
    return at + timedelta(days=rng.uniform(20, 70))


class TestForecastRecord(LeadManagementCase):
    """Both forecasts of twelve months, each from what was known on its first day.

    Amount × probability is given its best case: the probability of each lead is the
    true one of its stage. What it lacks is when.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        cls.env["lead.insight.forecast"].search([]).unlink()
        rng = random.Random(24)
        days = (shift(MONTH, START.date(), MONTHS) - START.date()).days
        lives = [
            live(START + timedelta(days=rng.uniform(0, days)), rng)
            for __ in range(LEADS_A_DAY * days)
        ]
        cls.lives = dict(zip(cls._insert_leads(lives), lives, strict=True))
        cls._insert_moves()
        cls.env["lead.milestone"]._refresh()
        # thousands of rows that the database knows nothing of yet take it minutes
        cls.env.cr.execute("ANALYZE crm_lead, lead_stage_transition, lead_milestone")

    @classmethod
    def _insert_leads(cls, lives):
        stages = {True: cls._stage("customer"), False: cls._stage("unqualified")}
        rows = [
            (
                life.stays[0][1],
                life.end,
                "won" if life.is_won else "lost",
                stages[life.is_won].id,
            )
            for life in lives
        ]
        found = execute_values(
            cls.env.cr._obj,
            """INSERT INTO crm_lead (name, type, active, company_id, create_date,
                    date_closed, won_status, stage_id) VALUES %s RETURNING id""",
            rows,
            f"('Simulated', 'opportunity', true, {cls.company.id}, %s, %s, %s, %s)",
            fetch=True,
        )
        return [lead_id for (lead_id,) in found]

    @classmethod
    def _insert_moves(cls):
        rows = []
        for lead_id, life in cls.lives.items():
            before, direction = None, "start"
            last = ("customer" if life.is_won else "unqualified", life.end)
            for kind, at in [*life.stays, last]:
                rows.append((lead_id, at, before, kind, direction))
                before, direction = kind, "forward"
        execute_values(
            cls.env.cr._obj,
            """INSERT INTO lead_stage_transition
                   (lead_id, date, type_before, stage_type, direction, origin)
               VALUES %s""",
            rows,
            "(%s, %s, %s, %s, %s, 'hand')",
        )

    def _find_open(self, at):
        """Yield the leads that were open at a moment, and what became of them."""
        for lead_id, life in self.lives.items():
            if life.stays[0][1] < at <= life.end:
                yield lead_id, life

    def _set_back(self, at, rng):
        """Let leads have the probabilities and closings that were seen on that day."""
        likely = {stage: share for stage, __, __, share in STAGES}
        rows = []
        for lead_id, life in self._find_open(at):
            stage = [stage for stage, since in life.stays if since <= at][-1]
            rows.append((lead_id, 100 * likely[stage], promise(life, at, rng)))
        execute_values(
            self.env.cr._obj,
            """UPDATE crm_lead SET probability = seen.likely, date_deadline = seen.day
               FROM (VALUES %s) AS seen (id, likely, day) WHERE seen.id = crm_lead.id
            """,
            rows,
            "(%s, %s, %s::date)",
        )

    def test_own_history_is_off_by_less(self):
        rng = random.Random(30)
        own, weighted = [], []
        for number in range(LEARNING, MONTHS - 1):
            first = shift(MONTH, START.date(), number)
            at = datetime(first.year, first.month, first.day)
            self._set_back(at, rng)
            said = self.env["lead.insight.forecast"]._forecast(first, at, True)
            came = sum(
                life.is_won and life.end < at + timedelta(days=DAYS)
                for __, life in self._find_open(at)
            )
            own.append((sum(values["expected"] for values in said), came))
            weighted.append((sum(values["weighted"] for values in said), came))
        mean = sum(came for __, came in own) / len(own)
        self.assertGreater(mean, 10, "something is won each month")
        self.assertLess(get_mean_error(own), 0.25 * mean)
        self.assertLess(get_mean_error(own), get_mean_error(weighted), (own, weighted))
