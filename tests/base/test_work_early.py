"""Odoo runs what waits for the commit at its own savepoints: early, or for nothing.

Such a savepoint is one of an import, of a form of the website, of a merge of contacts.
"""

from contextlib import contextmanager

import pytest

from odoo.exceptions import UserError

from odoo.addons.lead_management.tests.common import LeadManagementCase

PHONE = "+1 202 555 0100"


class EarlyCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model in (
            "lead.pool",
            "lead.sla",
            "lead.assignment.capacity",
            "lead.followup.policy",
            "lead.score.model",
        ):
            cls.env[model].search([]).active = False
        model = cls.env["lead.score.model"].create({"name": "All", "state": "active"})
        cls._new_score_rule([("phone", "!=", False)], 70, model_id=model.id)
        cls.lead = cls._new_lead(stage_id=cls._stage("open").id)
        cls.env.cr.flush()
        cls.env.cr.postcommit.clear()

    @contextmanager
    def _undone(self):
        """Let what waits be done within a savepoint that is rolled back in the end."""
        with pytest.raises(UserError), self.env.cr.savepoint():
            yield
            with self.env.cr.savepoint():
                pass
            raise UserError("undone")

    def _count(self, model):
        return self.env[model].sudo().search_count([("lead_id", "=", self.lead.id)])

    def _move(self, stage_type):
        self.lead.with_user(self.rep).stage_id = self._stage(stage_type)


class TestRolledBack(EarlyCase):
    """Nothing of it is left, in no queue."""

    def test_refresh(self):
        with self._undone():
            self.lead.phone = PHONE
        self.commit()
        self.assertEqual(self.lead.score_total, 0)
        self.lead.phone = PHONE
        self.commit()
        self.assertEqual(self.lead.score_total, 70)

    def test_moments(self):
        before = self._count("lead.score.snapshot")
        with self._undone():
            self._move("qualified")
        self.commit()
        self.assertEqual(self._count("lead.score.snapshot"), before)

    def test_crossings(self):
        before = self._count("lead.score.change")
        with self._undone():
            self.lead.phone = PHONE
        self.commit()
        self.assertEqual(self._count("lead.score.change"), before)

    def test_clocks(self):
        self.env["lead.sla"].create({"name": "Fast", "touch_minutes": 60})
        lead = self._new_lead()
        self.commit()
        self.assertEqual(lead.clock_ids.state, "running")
        with self._undone():
            lead.action_set_lost()
        self.commit()
        self.assertEqual(lead.clock_ids.state, "running")

    def test_automations_and_followups(self):
        self._followup_policy()
        todo = self.lead.activity_schedule("mail.mail_activity_data_todo")
        with self._undone():
            self._move("unqualified")
        self.commit()
        self.assertEqual(self.lead.activity_ids, todo)
        todo.unlink()
        with self._undone():
            self._move("contacted")
        self.commit()
        self.assertFalse(self.lead.activity_ids)
        self._move("contacted")
        self.commit()
        self.assertEqual(self.lead.activity_ids.summary, "Call")

    def _followup_policy(self):
        self.env["lead.followup.policy"].create(
            {
                "name": "Call",
                "trigger": "stage",
                "stage_type": "contacted",
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "summary": "Call",
            }
        )

    def test_log(self):
        before = self._count("lead.assignment.log")
        with self._undone():
            self.lead.user_id = self.rep_2
        self.commit()
        self.assertEqual(self._count("lead.assignment.log"), before)
        self.lead.phone = PHONE
        self.lead.user_id = self.rep_2
        self.commit()
        self.assertEqual(self.lead.assignment_log_ids[0].score, 70)

    def test_wake(self):
        cron = self.env.ref("lead_management.ir_cron_assign")
        self._new_assignment_rule()
        self.env["crm.lead"].create({"name": "Waits", "user_id": False})
        self.env.cr.flush()
        self.env.cr.postcommit.clear()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        with self._undone():
            self.lead.action_set_lost()
        self.commit()
        self.assertEqual(
            self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]), triggers
        )

    # -- after the commit -----------------------------------------------------

    def _rule(self, **values):
        return self._new_assignment_rule(
            target="user", user_id=self.rep_2.id, team_id=False, **values
        )

    def test_a_lead_whose_move_was_undone_is_not_routed(self):
        stages = self._stage("open") + self._stage("qualified")
        self._rule(trigger="stage", trigger_stage_ids=stages.ids)
        with self._undone():
            self._move("qualified")
        with pytest.raises(UserError), self.env.cr.savepoint():
            self._move("qualified")
            raise UserError("undone")
        self.commit()
        self.assertEqual(self.lead.user_id, self.rep)
        self._move("qualified")
        self.commit()
        self.assertEqual(self.lead.user_id, self.rep_2)

    def test_a_lead_that_did_not_turn_hot_is_not_routed(self):
        self._rule(trigger="score", trigger_temperature="hot")
        with self._undone():
            self.lead.phone = PHONE
        self.commit()
        self.assertEqual(self.lead.user_id, self.rep)
        self.lead.phone = PHONE
        self.commit()
        self.assertEqual(self.lead.user_id, self.rep_2)

    def test_a_lead_that_was_not_created_is_not_routed(self):
        self._rule()
        with self._undone():
            lead = self.env["crm.lead"].create({"name": "Gone", "user_id": False})
        self.commit()
        self.assertFalse(lead.exists())
        lead = self.env["crm.lead"].create({"name": "Stays", "user_id": False})
        self.commit()
        self.assertEqual(lead.user_id, self.rep_2)

    def test_a_refresh_that_is_left_for_later(self):
        with self._undone():
            self.lead._score_events_later()
            self.env["crm.lead"]._derived_defer({"lead.score": set(self.lead.ids)})
        self.commit()
        self.assertEqual(self.lead.score_total, 0)


class TestEarly(EarlyCase):
    """What was done early, and goes on: the end is the same as without."""

    def _early(self):
        with self.env.cr.savepoint():
            pass

    def test_what_is_done_early_is_not_done_twice(self):
        self._followup_policy = TestRolledBack._followup_policy.__get__(self)
        self._followup_policy()
        self.lead.phone = PHONE
        self._move("contacted")
        self._early()
        self._early()
        self.commit()
        self.assertEqual(len(self.lead.activity_ids), 1)
        changes = self.env["lead.score.change"].search(
            [("lead_id", "=", self.lead.id), ("temperature", "=", "hot")]
        )
        self.assertEqual(len(changes), 1)

    def test_what_changes_afterwards_counts(self):
        self.lead.phone = PHONE
        self._early()
        self.lead.phone = False
        self.commit()
        self.assertEqual(self.lead.score_total, 0)
        self.lead.invalidate_recordset()
        self.assertEqual(self.lead.score_temperature, "cold")
