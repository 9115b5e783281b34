from datetime import timedelta

from odoo import fields

from .common import AssignmentCase


class TestMergedStory(AssignmentCase):
    """After a merge, the story is that of the lead that stays."""

    def setUp(self):
        super().setUp()
        self._to_user(self.rep, [("name", "=", "Stays")])
        self._to_user(self.rep_2, [("name", "=", "Goes")], name="Other")
        # the more complete one stays, and the other one was decided on later
        self.lead = self._create(name="Stays", probability=90)
        self.other = self._create(name="Goes", probability=10)

    def _merge(self, **values):
        leads = (self.lead + self.other).with_user(self.manager)
        merged = leads.merge_opportunity(**values).sudo()
        self.assertEqual(merged, self.lead)
        self.commit()
        self.env.invalidate_all()
        return merged

    def test_names_who_has_it(self):
        lead = self._merge()
        self.assertEqual(lead.user_id, self.rep)
        self.assertIn(self.rep.name, lead.assignment_explanation)
        self.assertEqual(len(lead.assignment_log_ids), 2)

    def test_says_what_was_of_the_merged_one(self):
        story = self._merge().assignment_story
        self.assertEqual(
            {item["rule"]: item["merged"] for item in story},
            {"Rule": False, "Other": True},
        )

    def test_told_in_the_order_in_which_it_happened(self):
        now = fields.Datetime.now()
        self.lead.assignment_log_ids.date = now - timedelta(days=1)
        self.other.assignment_log_ids.date = now - timedelta(days=2)
        lead = self._merge()
        self.assertEqual(
            [item["merged"] for item in lead.assignment_story], [False, True]
        )

    def test_whoever_merges_may_choose_another(self):
        lead = self._merge(user_id=self.rep_3.id)
        self.assertEqual(lead.user_id, self.rep_3)
        self.assertIn(self.rep_3.name, lead.assignment_explanation)

    def test_what_waits_is_noted_again_in_spite_of_the_merged_one(self):
        """The other one waited for the same: it was not said of this lead."""
        self.env["lead.assignment.rule"].search([]).active = False
        self._capacity(self.rep, is_paused=True)
        self.lead.user_id = self.other.user_id = False
        self.commit()
        self._to_user(self.rep)
        leads = self.lead + self.other
        leads.write({"assignment_pending": True})
        self.other._assignment_route("queue")
        lead = self._merge()
        lead.assignment_pending = True
        self.assertEqual(len(lead._assignment_route("queue")), 1)
        self.assertFalse(lead._assignment_route("queue"))

    def test_it_waits_since_it_came_in_itself(self):
        self.other.with_user(self.rep_2).action_release("No")
        self.lead.user_id = False
        self.commit()
        since = self.lead._get_waiting_since()[self.lead.id]
        lead = self._merge()
        lead.user_id = False
        self.env.flush_all()
        self.assertEqual(lead._get_waiting_since()[lead.id], since)
