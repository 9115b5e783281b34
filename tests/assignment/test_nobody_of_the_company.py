from odoo.fields import Command

from .common import AssignmentCase


class TestNobodyOfTheCompany(AssignmentCase):
    """Who can never have a lead of a company does not keep it waiting either."""

    def _deal(self, company=None, **values):
        company = self.company if company is None else company
        return self._create(
            user=self.env.user, company_id=company.id, team_id=False, **values
        )

    def _shared(self, members):
        return self.env["crm.team"].create(
            {
                "name": "Shared",
                "company_id": False,
                "member_ids": [Command.set(members.ids)],
            }
        )

    def test_members_of_another_company_do_not_hold_a_lead(self):
        rules = (
            self._to_members(self.rep_b, sequence=1),
            self._to_user(self.rep_b, sequence=2, team_id=False),
            self._new_assignment_rule(sequence=3, team_id=self._shared(self.rep_b).id),
        )
        self._to_user(self.rep, sequence=9)
        lead = self._deal()
        self.assertEqual((lead.user_id, lead.company_id), (self.rep, self.company))
        self.assertEqual(
            self._log(lead).candidates["passed"],
            [[rule.id, "company"] for rule in rules],
        )
        reasons = {item["reason"] for item in self._log(lead)._get_story()["passed"]}
        self.assertEqual(reasons, {"no one belongs to the company of the lead"})
        self.assertEqual(self._deal(self.company_b).user_id, self.rep_b)

    def test_who_could_have_it_still_holds_it(self):
        self._capacity(self.rep, is_paused=True)
        self._to_members(self.rep + self.rep_b, sequence=1)
        self._to_user(self.rep_2, sequence=2)
        lead = self._deal()
        self.assertFalse(lead.user_id)
        self.assertTrue(lead.assignment_pending)
        self.assertEqual(self._reasons(lead), {self.rep: "paused"})

    def test_who_left_does_not_hold_it(self):
        self._to_user(self.rep_3, sequence=1)
        self._to_user(self.rep, sequence=2)
        self.rep_3.active = False
        self.assertEqual(self._deal().user_id, self.rep)

    def test_leader_of_the_company_gets_it(self):
        shared = self._shared(self.rep_b)
        shared.user_id = self.leader
        self._new_assignment_rule(team_id=shared.id, sequence=1, fallback="leader")
        self._to_user(self.rep, sequence=2)
        self.assertEqual(self._deal().user_id, self.leader)

    def test_without_another_rule_it_waits_and_says_for_whom(self):
        rule = self._to_members(self.rep_b)
        lead = self._deal()
        self.assertTrue(lead.assignment_pending)
        self.assertEqual(self._log(lead).outcome, "no_candidate")
        self.assertEqual(self._log(lead).rule_id, rule)
        self.assertIn("belong to another company", lead.assignment_explanation)
        self._run_cron("assign")
        self.assertEqual(len(self._logs(lead)), 1)  # said once

    def test_somebody_busy_is_told_before_somebody_elsewhere(self):
        self._capacity(self.rep, is_paused=True)
        self._to_members(self.rep_b, sequence=1)
        busy = self._to_user(self.rep, sequence=2, fallback="overflow")
        self.assertEqual(self._log(self._deal()).rule_id, busy)

    def test_rule_at_a_stage(self):
        contacted = self._stage("contacted")
        for sequence, user in ((1, self.rep_b), (2, self.rep)):
            self._to_members(
                user,
                sequence=sequence,
                trigger="stage",
                trigger_stage_ids=[Command.set(contacted.ids)],
            )
        lead = self._new_lead(user_id=False, company_id=self.company.id)
        lead.stage_id = contacted
        self.commit()
        self.assertEqual(lead.user_id, self.rep)

    def test_pool_nobody_of_the_company_pulls_from(self):
        for number, values in enumerate(
            (
                {"team_id": False, "member_ids": [Command.set(self.rep_b.ids)]},
                {"team_id": self._shared(self.rep_b).id},
            )
        ):
            self._to_pool(self._pool(**values), sequence=number)
        self._to_user(self.rep, sequence=9)
        lead = self._deal()
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(lead.assignment_pool_id)
        self.assertTrue(self._deal(self.company_b).assignment_pool_id)

    def test_pool_of_both(self):
        pool = self._pool(team_id=self._shared(self.rep + self.rep_b).id)
        self._to_pool(pool)
        self.assertEqual(self._deal().assignment_pool_id, pool)
        nobodys = self._deal(self.env["res.company"])
        self.assertEqual(nobodys.assignment_pool_id, pool)

    def test_pool_that_moved_to_another_company(self):
        pool = self._pool(team_id=False, member_ids=[Command.set(self.rep.ids)])
        rule = self._to_pool(pool, sequence=1)
        self._to_user(self.rep_2, sequence=2)
        pool.company_id = self.company_b
        self.assertFalse(rule.company_id)
        self.assertEqual(self._deal().user_id, self.rep_2)

    def test_archived_pool_does_not_hold_it(self):
        pool = self._pool()
        self._to_pool(pool, sequence=1)
        self._to_user(self.rep, sequence=2)
        pool.active = False
        self.assertEqual(self._deal().user_id, self.rep)
