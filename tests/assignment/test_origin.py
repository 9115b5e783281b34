"""Leads that visitors make: what was configured at their source holds.

How the apps in question do it is tested where they are installed (``tests/apps``).
"""

from types import SimpleNamespace
from unittest.mock import patch

from odoo.addons.lead_management.models.assignment.routing.crm_lead_origin import Setup

from .common import AssignmentCase

REQUEST = (
    "odoo.addons.lead_management.models.assignment.routing.crm_lead_origin.request"
)


class TestOrigin(AssignmentCase):
    """``referred`` names the setup of a lead, as an event does elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.other_team = cls.env["crm.team"].create(
            {
                "name": "Other",
                "company_id": cls.company.id,
                "user_id": cls.leader.id,
                "member_ids": cls.rep_3.ids,
            }
        )
        cls.rule = cls._to_user(cls.rep_2)

    def setUp(self):
        super().setUp()
        self.setup = Setup()
        Lead = self.registry["crm.lead"]
        self.patch(Lead, "_get_origins", lambda lead: {"referred": "_get_test_setup"})
        Lead._get_test_setup = lambda lead, vals: self.setup
        self.addCleanup(delattr, Lead, "_get_test_setup")

    def _come(self, user=None, **values):
        """Let a lead come in from a visitor, as superuser in the visitor's request."""
        request = SimpleNamespace(env=self.env(user=user or self.public))
        with patch(REQUEST, request):
            lead = self.env["crm.lead"].create(
                {"name": "New", "referred": "Fair", **values}
            )
        self.commit()
        return lead

    def test_the_salesperson_who_is_named_gets_it(self):
        self.setup = Setup(user_ids=frozenset(self.rep_3.ids))
        lead = self._come(user_id=self.rep_3.id)
        self.assertEqual(lead.user_id, self.rep_3)
        self.assertFalse(lead.assignment_pending)
        self.assertEqual(self._come(user_id=self.rep.id).user_id, self.rep_2)

    def test_what_a_visitor_posts_gives_way(self):
        self.setup = Setup(
            frozenset(self.rep_3.ids),
            defaults=(("user_id", self.rep_3.id), ("team_id", self.team.id)),
        )
        lead = self._come(user_id=self.rep.id, team_id=self.other_team.id)
        self.assertEqual((lead.user_id, lead.team_id), (self.rep_3, self.team))
        self.setup = Setup(defaults=(("user_id", False), ("team_id", self.team.id)))
        lead = self._come(user_id=self.rep.id, team_id=self.other_team.id)
        self.assertEqual((lead.user_id, lead.team_id), (self.rep_2, self.team))

    def test_nothing_is_added_to_what_was_not_posted(self):
        self.setup = Setup(
            frozenset(self.rep_3.ids), defaults=(("user_id", self.rep_3.id),)
        )
        self.assertEqual(self._come().user_id, self.rep_2)

    def test_the_team_that_is_named_keeps_it(self):
        """A rule for another team is passed over, one for this team decides."""
        self.setup = Setup(team_ids=frozenset(self.other_team.ids))
        own = self._to_members(
            self.rep_3, sequence=99, team_id=self.other_team.id, name="Own"
        )
        lead = self._come(user_id=False, team_id=self.other_team.id)
        self.assertEqual((lead.user_id, lead.team_id), (self.rep_3, self.other_team))
        log = self._log(lead)
        self.assertEqual(log.rule_id, own)
        [passed] = log._get_story()["passed"]
        self.assertIn("another team", passed["reason"])

    def test_a_rule_without_a_team_leaves_it_there(self):
        self.setup = Setup(team_ids=frozenset(self.other_team.ids))
        self.rule.team_id = False
        lead = self._come(user_id=False, team_id=self.other_team.id)
        self.assertEqual((lead.user_id, lead.team_id), (self.rep_2, self.other_team))

    def test_without_a_rule_its_leader_gets_it(self):
        self.setup = Setup(team_ids=frozenset(self.other_team.ids))
        lead = self._come(user_id=False, team_id=self.other_team.id)
        self.assertEqual((lead.user_id, lead.team_id), (self.leader, self.other_team))
        self.assertIn("“Other”", lead.assignment_explanation)

    def test_without_a_leader_nobody_gets_it(self):
        self.setup = Setup(team_ids=frozenset(self.other_team.ids))
        self.other_team.user_id = False
        lead = self._come(user_id=False, team_id=self.other_team.id)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.team_id, self.other_team)
        self.assertEqual(self._log(lead).outcome, "no_rule")

    def test_leads_without_a_named_team_are_routed_beside_them(self):
        self.setup = Setup(team_ids=frozenset(self.other_team.ids))
        kept = self._come(user_id=False, team_id=self.other_team.id)
        free = self._come(user_id=False, team_id=self.team.id)
        self.assertTrue(kept.assignment_team_kept)
        self.assertFalse(free.assignment_team_kept)
        self.assertEqual(free.user_id, self.rep_2)

    def test_a_colleague_chooses_as_before(self):
        self.setup = Setup(defaults=(("user_id", False),))
        lead = self._come(self.rep, user_id=self.rep.id)
        self.assertEqual(lead.user_id, self.rep)

    def test_nobody_marks_a_team_as_named(self):
        """That is the engine's to write."""
        lead = (
            self.env["crm.lead"]
            .with_user(self.rep)
            .create({"name": "New", "assignment_team_kept": True})
        )
        lead.write({"assignment_team_kept": True})
        self.assertFalse(lead.assignment_team_kept)
