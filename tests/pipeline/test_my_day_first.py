"""The day of a team at first sight: exact as far as it goes, and true beyond."""

from contextlib import ExitStack
from datetime import time
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from odoo.addons.lead_management.models.pipeline.day import (
    crm_lead_day_first,
    crm_lead_day_groups,
)

from .my_day import MyDayCase
from .test_my_day import NO_NEXT_STEP, TEAM_GROUPS


def cap(number, few):
    """Count no more than so many leads, and walk where more are without a step."""
    stack = ExitStack()
    stack.enter_context(patch.object(crm_lead_day_first, "FEW", few))
    for module in (crm_lead_day_first, crm_lead_day_groups):
        stack.enter_context(patch.object(module, "CAP", number))
    return stack


class TestFirstSight(MyDayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stages = [cls._stage(kind).id for kind in ("open", "contacted", "customer")]
        for stage_id in stages:
            for name in ("Hot", "Cold"):
                for days in (None, -30, -1, 0, 1, 4):
                    for user in (cls.rep, cls.rep_2):
                        cls._lead(f"{name} {days}", days, user, stage_id=stage_id)
        timed = cls._lead("Cold at nine", 0)
        timed.activity_ids._set_lead_time(time(9))
        waiting = cls._lead("Cold, answered", -1)
        cls.env["lead.answer"]._record(waiting, "email", text="Yes")
        cls.env.cr.flush()
        cls.leads = cls.env["crm.lead"].with_user(cls.leader)

    def _select(self, limit=50):
        """Return the day as it is counted in full, and at first sight."""
        self.env.flush_all()
        scope = self.leads._day_get_scope("team", self.team.id)
        days = self.leads._day_get_days(scope)
        limits = dict.fromkeys(TEAM_GROUPS, limit)
        counts, found = self.leads._day_select(scope, days, limits)
        first = self.leads._day_select_first(scope, days, limits)
        return self.leads._day_sum(counts), found, *first

    def test_it_is_the_day_as_counted_in_full(self):
        for few in (1000, 0):
            with cap(200, few):
                counts, found, first_counts, first_found = self._select()
            self.assertEqual(
                first_counts,
                {**counts, NO_NEXT_STEP: min(counts[NO_NEXT_STEP], few + 1)},
            )
            for key in TEAM_GROUPS:
                with self.subTest(key=key, few=few):
                    self.assertTrue(counts[key])
                    self.assertEqual(first_found[key], found[key])

    def test_more_than_are_counted(self):
        for few in (1000, 2):
            with self.subTest(few=few), cap(2, few):
                self._check_more()

    def _check_more(self):
        counts, found, first_counts, first_found = self._select()
        for key, number in counts.items():
            with self.subTest(key=key):
                self.assertEqual(first_counts[key], min(number, 3))
        for key in TEAM_GROUPS:
            with self.subTest(key=key):
                self.assertEqual(len(first_found[key]), min(counts[key], 3))
                self.assertLessEqual(
                    {line.lead_id for line in first_found[key]},
                    {line.lead_id for line in found[key]},
                )
        # the longest overdue, the hottest, and what has a time are among them
        names = {
            key: {self.leads.browse(line.lead_id).name for line in lines}
            for key, lines in first_found.items()
        }
        self.assertEqual(names["overdue"], {"Hot -30", "Cold -30"})
        self.assertIn("Cold at nine", names["today"])

    def test_who_answered_is_not_overdue_and_counts_as_more(self):
        """Those looked at are not all: the number stands for more."""
        self.env["lead.answer"]._record(
            self.env["crm.lead"].search([("name", "=", "Hot -30")]), "email", text="Yes"
        )
        with cap(2, 1000):
            *__, first_counts, first_found = self._select()
        self.assertEqual(first_counts["overdue"], 3)

    def test_people_are_for_leaders(self):
        for user, scope, error in (
            (self.rep, ("teams", False), AccessError),
            (self.rep, ("team", self.team.id), AccessError),
            (self.leader, ("team", "1; DROP TABLE"), UserError),
            (self.leader, ("else", False), UserError),
        ):
            with self.subTest(user=user.login, scope=scope), self.assertRaises(error):
                self.env["crm.lead"].with_user(user).action_day_people(*scope)
        own = self.env["crm.lead"].with_user(self.rep).action_day_people("me")
        self.assertFalse(own["people"])
        self.assertTrue(own["counts"]["overdue"])
