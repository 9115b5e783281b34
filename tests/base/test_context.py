"""What code of the product puts into a context, and no caller can."""

import json
from datetime import timedelta

from odoo import fields

from odoo.addons.lead_management.models.base.context import (
    BULK_NOTES,
    ENGINE,
    KEYS,
    Sealed,
)
from odoo.addons.lead_management.models.base.stage_types import OPEN
from odoo.addons.lead_management.tests.common import LeadManagementCase

# Names they had when any caller could set them.
FORMER = (
    "lead_assignment_engine",
    "lead_commit",
    "lead_rules_changed",
    "lead_touch_planned",
    "without_rules",
)
FORGED = (
    dict.fromkeys([*KEYS, *FORMER], True),
    dict.fromkeys([*KEYS, *FORMER], {"value": True}),
    dict.fromkeys([*KEYS, *FORMER], [["user_id"]]),
)


class TestForged(LeadManagementCase):
    """A caller over RPC writes the context, and is served as if it were empty."""

    def _as_caller(self, records, context):
        # as it arrives: nothing but what JSON knows
        context = json.loads(json.dumps(context))
        return records.with_user(self.rep).with_context(**context)

    def test_nobody_silences_crossings(self):
        self.env["lead.score.model"].search([]).active = False
        model = self.env["lead.score.model"].create({"name": "All", "state": "active"})
        self._new_score_rule([("phone", "!=", False)], 70, model_id=model.id)
        for context in FORGED:
            lead = self._new_lead()
            self.env.cr.flush()
            self._as_caller(lead, context).phone = "+1 202 555 0100"
            self.env.cr.flush()
            with self.subTest(context=context):
                change = self.env["lead.score.change"].search(
                    [("lead_id", "=", lead.id), ("before", "!=", False)]
                )
                self.assertEqual(change.temperature, "hot")

    def test_nobody_silences_follow_ups(self):
        self.env["lead.followup.policy"].search([]).active = False
        outcome = self.env.ref("lead_management.touch_outcome_reached")
        self.env["lead.followup.policy"].create(
            {
                "name": "After a call",
                "trigger": "outcome",
                "outcome_ids": outcome.ids,
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "summary": "Again",
            }
        )
        for context in FORGED:
            lead = self._new_lead()
            self.env.cr.flush()
            Touch = self._as_caller(self.env["lead.touch"], context)
            Touch._record(
                [
                    {
                        "lead_id": lead.id,
                        "user_id": self.rep.id,
                        "channel": "call",
                        "direction": "out",
                        "outcome_id": outcome.id,
                    }
                ]
            )
            self.env.cr.flush()
            with self.subTest(context=context):
                self.assertEqual(lead.activity_ids.summary, "Again")

    def test_nobody_writes_as_the_engine(self):
        for context in FORGED:
            lead = self._new_lead()
            date = fields.Datetime.now() - timedelta(days=3)
            with self.subTest(context=context):
                forged = self._as_caller(lead, context)
                forged.write({"assignment_date": date, "assignment_pending": True})
                self.assertNotEqual(lead.assignment_date, date)
                self.assertFalse(lead.assignment_pending)
                new = forged.create({"name": "New", "assignment_date": date})
                self.assertNotEqual(new.assignment_date, date)

    def test_a_model_is_copied_with_its_rules(self):
        model = self.env["lead.score.model"].create({"name": "Model"})
        self._new_score_rule([("phone", "!=", False)], 70, model_id=model.id)
        for context in FORGED:
            copy = model.with_user(self.manager).with_context(**context).copy()
            with self.subTest(context=context):
                self.assertEqual(len(copy.rule_ids), 1)

    def test_no_move_is_called_what_it_is_not(self):
        for context in FORGED:
            lead = self._new_lead(stage_id=self._stage(OPEN).id)
            forged = self._as_caller(lead, context)
            forged.stage_id = self._stage("contacted")
            move = lead.stage_transition_ids.sorted("id")[-1]
            with self.subTest(context=context):
                self.assertEqual((move.origin, move.reason), ("hand", False))


class TestKeys(LeadManagementCase):
    def test_a_key_returns_what_was_sealed(self):
        lead = self._new_lead()
        self.assertIsNone(BULK_NOTES.get(lead.env))
        self.assertEqual(BULK_NOTES.get(lead.env, 0), 0)
        self.assertEqual(BULK_NOTES.get(BULK_NOTES.set(lead, "x").env), "x")
        for forged in (True, "x", {"value": "x"}, ("x",), object()):
            plain = lead.with_context(**{BULK_NOTES.name: forged})
            self.assertIsNone(BULK_NOTES.get(plain.env))

    def test_what_is_equal_is_one_environment(self):
        lead = self._new_lead()
        one = ENGINE.set(lead, frozenset({"company_id"}))
        other = ENGINE.set(lead, frozenset({"company_id"}))
        self.assertIs(one.env, other.env)
        self.assertIsNot(one.env, ENGINE.set(lead, frozenset()).env)
        self.assertEqual(hash(Sealed(1)), hash(Sealed(1)))

    def test_what_is_sealed_stays_as_it_is(self):
        with self.assertRaises(AttributeError):
            Sealed(1).value = 2

    def test_no_user_is_the_engine(self):
        lead = ENGINE.set(self._new_lead(), frozenset())
        self.assertIsNotNone(ENGINE.get(lead.env))
        self.assertIsNone(ENGINE.get(lead.with_user(self.rep).env))

    def test_it_says_what_each_means(self):
        for key in KEYS.values():
            with self.subTest(key=key.name):
                self.assertTrue(key.name.startswith("lead_management_"))
                self.assertTrue(key.meaning)
