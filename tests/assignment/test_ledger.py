"""The ledger of turns in the database: always what was dealt, and not given back."""

from collections import Counter
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

LOGGER = "odoo.addons.lead_management.models.assignment.routing.crm_lead_route"


class TestLedger(LeadManagementCase):
    def _new_rule(self, members, **values):
        values = {"target": "members", "team_id": False, **values}
        members = [Command.set(members.ids)]
        return self._new_assignment_rule(member_ids=members, **values)

    def _create(self, count=1, **values):
        leads = self.env["crm.lead"].create([{"name": "New", **values}] * count)
        self.commit()
        return leads

    def _pause(self, user, is_paused=True):
        Capacity = self.env["lead.assignment.capacity"]
        capacity = Capacity.search([("user_id", "=", user.id)])
        capacity = capacity or Capacity.create({"user_id": user.id})
        capacity.is_paused = is_paused

    def _disqualify(self, leads):
        leads.stage_id = self._stage("unqualified")
        self.commit()

    def _owed(self, rule):
        return {turn.user_id: turn.owed for turn in rule.turn_ids}

    def _failing_write(self):
        """Every new owner that rules give is refused, as by another addon."""
        CrmLead = type(self.env["crm.lead"])
        write = CrmLead.write

        def refuse(leads, vals):
            if vals.get("user_id"):
                raise UserError("Refused")
            return write(leads, vals)

        return patch.object(CrmLead, "write", refuse)

    def assertLedger(self, rule):
        """Turns are the decisions, and what is owed to some others had."""
        self.env.invalidate_all()
        logs = self.env["lead.assignment.log"].search(
            [("rule_id", "=", rule.id), ("outcome", "=", "assigned")]
        )
        decided = Counter(log.user_id.id for log in logs)
        turns = {turn.user_id.id: turn.turns for turn in rule.turn_ids if turn.turns}
        self.assertEqual(turns, dict(decided))
        self.assertAlmostEqual(sum(rule.turn_ids.mapped("owed")), 0)

    def test_batches_and_absences_keep_the_books(self):
        rule = self._new_rule(self.rep + self.rep_2 + self.rep_3, strategy="weighted")
        rule.turn_ids[0].weight = 4
        for absent, count in ((self.rep, 3), (self.rep_3, 7), (self.rep_2, 5)):
            self._pause(absent)
            self._create(count)
            self._pause(absent, False)
            self._create()
        self.assertLedger(rule)

    def test_shares_over_many_transactions(self):
        rule = self._new_rule(self.rep + self.rep_2 + self.rep_3, strategy="weighted")
        for turn, weight in zip(rule.turn_ids, (5, 3, 1), strict=True):
            turn.weight = weight
        for count in (1, 2, 1, 3, 1, 1):
            self._create(count)
            self.env.invalidate_all()
        self.assertEqual(rule.turn_ids.mapped("turns"), [5, 3, 1])
        self.assertLedger(rule)

    def test_given_back_while_a_colleague_was_away_is_not_his(self):
        rule = self._new_rule(self.rep + self.rep_2 + self.rep_3)
        self._pause(self.rep_3)
        self._disqualify(self._create(6))
        self._pause(self.rep_3, False)
        owners = Counter(lead.user_id for lead in self._create(6))
        self.assertEqual(owners[self.rep_3], 2)
        for owed in self._owed(rule).values():
            self.assertAlmostEqual(owed, 0)

    def test_given_back_when_shares_were_uneven(self):
        rule = self._new_rule(self.rep + self.rep_2, strategy="weighted")
        rule.turn_ids[0].weight = 3
        self._create(4)
        last = self._create()
        owed = self._owed(rule)
        self._disqualify(last)
        self.assertEqual(self._create().user_id, last.user_id)
        for user, value in self._owed(rule).items():
            self.assertAlmostEqual(value, owed[user])

    def test_given_back_by_somebody_who_left_the_rule(self):
        rule = self._new_rule(self.rep + self.rep_2 + self.rep_3)
        leads = self._create(3)
        gone = leads[0].user_id
        rule.member_ids -= gone
        rule.turn_ids.filtered(lambda turn: turn.user_id == gone).unlink()
        self._disqualify(leads)
        owners = Counter(lead.user_id for lead in self._create(4))
        self.assertEqual(sorted(owners.values()), [2, 2])
        self.assertNotIn(gone, rule.turn_ids.user_id)

    def test_lead_of_the_leader_gives_no_turn_back(self):
        """He got it because nobody was free: it cost no turn."""
        rule = self._new_rule(
            self.rep + self.leader, team_id=self.team.id, fallback="leader"
        )
        for user in (self.rep, self.leader):
            self._pause(user)
        lead = self._create()
        self.assertEqual(lead.user_id, self.leader)
        self._disqualify(lead)
        for user in (self.rep, self.leader):
            self._pause(user, False)
        self._create(2)
        for owed in self._owed(rule).values():
            self.assertAlmostEqual(owed, 0)

    def test_given_back_by_load_costs_nobody_a_turn(self):
        rule = self._new_rule(self.rep + self.rep_2, strategy="load")
        self._disqualify(self._create(3))
        self._create()
        self.assertEqual(set(self._owed(rule).values()), {0})

    def test_lead_that_could_not_be_given_costs_no_turn(self):
        rule = self._new_rule(self.rep + self.rep_2 + self.rep_3)
        self._create(4)
        before = self._owed(rule)
        with self._failing_write(), self.assertLogs(LOGGER, "WARNING"):
            failed = self._create(2)
        self.assertEqual(set(failed.assignment_log_ids.mapped("outcome")), {"failed"})
        for user, owed in self._owed(rule).items():
            self.assertAlmostEqual(owed, before[user])
        self.assertLedger(rule)

    def test_leader_who_could_not_be_given_a_lead(self):
        self._new_rule(self.rep, team_id=self.team.id, fallback="leader")
        self._pause(self.rep)
        with self._failing_write(), self.assertLogs(LOGGER, "WARNING"):
            lead = self._create()
        self.assertEqual(lead.assignment_log_ids.outcome, "failed")
        self.assertFalse(lead.user_id)

    def test_member_who_joined_the_team_later_is_counted(self):
        for strategy in ("round_robin", "load", "fit"):
            with self.subTest(strategy=strategy):
                self.team.member_ids = self.rep
                rule = self._new_assignment_rule(strategy=strategy)
                self._create()
                self.team.member_ids += self.rep_2
                self._create(5)
                self.assertLedger(rule)
                self.assertIn(self.rep_2, rule.turn_ids.user_id)
                rule.active = False

    def test_longest_waiting_is_remembered_of_who_joined_later(self):
        self.team.member_ids = self.rep
        self._new_assignment_rule(strategy="fit")
        self.team.member_ids += self.rep_2
        owners = [self._create().user_id for __ in range(4)]
        self.assertEqual(sorted(Counter(owners).values()), [2, 2])
