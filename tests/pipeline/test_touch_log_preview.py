"""The Log dialog says what saving does, and does what it said."""

from freezegun import freeze_time

from odoo.tests import Form

from odoo.addons.lead_management.exceptions import RefusedError

from .test_touch_log import MONDAY, TouchLogCase
from .undo import UndoCase


@freeze_time(MONDAY)
class TestPreview(TouchLogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the shipped ones that move leads are on
        for name in ("touch_contacted", "touch_reactivate", "stage_unqualified"):
            cls.env.ref(f"lead_management.base_automation_{name}").active = True
        cls.env["lead.followup.policy"].search([]).active = False
        cls.none = cls.env["mail.activity.type"]

    def _policy(self, stage_type="contacted", **values):
        return self.env["lead.followup.policy"].create(
            {
                "name": "Send",
                "trigger": "stage",
                "stage_type": stage_type,
                "activity_type_id": self.env.ref("mail.mail_activity_data_email").id,
                "delay_days": 2,
                "summary": "Send what was promised",
                **values,
            }
        )

    def _preview(self, outcome, lead=None, **values):
        log = self._open(lead)
        with Form(log) as form:
            form.outcome_id = self._result(outcome)
            for fname, value in values.items():
                setattr(form, fname, value)
        return log, log.preview

    def test_every_outcome_does_what_was_said(self):
        """Whatever was said is what is there after the commit."""
        policy = self._policy()
        outcomes = self.env["lead.touch.outcome"].search([("for_call", "=", True)])
        stages = ("open", "contacted", "negotiation", "inactive", "customer")
        for outcome in outcomes.filtered(lambda o: o.stage_type != "unqualified"):
            for stage in stages:
                with self.subTest(outcome=outcome.name, stage=stage):
                    policy.active = False  # nothing is planned for a new lead
                    lead = self._new_lead(
                        stage_id=self._stage(stage).id, phone="+32 470 123456"
                    )
                    self.env.cr.flush()
                    policy.active = True
                    self._check_said(outcome, lead)

    def _check_said(self, outcome, lead):
        stage = lead.stage_id
        log = self._open(lead)
        log.outcome_id = outcome
        said = log.preview
        log.action_log()
        self.env.cr.flush()
        moved = f"Moves to {lead.stage_id.name}." if lead.stage_id != stage else False
        self.assertEqual(said["stage"], moved)
        steps = lead.activity_ids
        self.assertLessEqual(len(steps), 1)
        if steps:
            self.assertTrue(steps.summary)
            self.assertIn(steps.summary, said["step"])
            self.assertIn(steps.activity_type_id.name, said["step"])
            self.assertIn(steps.date_deadline.strftime("%b %-d"), said["step"])
        else:
            self.assertEqual(said["step"], "No next step.")

    def test_a_contact_moves_an_open_lead_as_is_said(self):
        """No stage of the outcome, but an automated action."""
        __, said = self._preview("call_back")
        self.assertEqual(said["stage"], "Moves to Contacted.")
        self.env.ref("lead_management.base_automation_touch_contacted").active = False
        __, said = self._preview("call_back")
        self.assertFalse(said["stage"])

    def test_the_step_of_the_stage_is_proposed(self):
        """Nothing of the outcome, but a follow-up of the stage it leads to."""
        self._policy()
        self._result("reached").activity_type_id = False
        log, said = self._preview("reached")
        self.assertEqual(log.next_summary, "Send what was promised")
        self.assertIn("Nov 25", said["step"])
        self.assertFalse(log.no_next_reason)

    def test_no_next_step_is_none(self):
        """Who says why there is none does not get one planned."""
        self._policy(is_additional=True)
        log, __ = self._preview(
            "reached", activity_type_id=self.none, no_next_reason="They call"
        )
        self.assertEqual(log.preview["step"], "No next step.")
        log.action_log()
        self.env.cr.flush()
        self.assertEqual(self.lead.stage_id, self._stage("contacted"))
        self.assertFalse(self._open_activities())

    def test_a_wrong_number_proposes_what_is_planned(self):
        log, said = self._preview("wrong_number")
        self.assertIn("Find the right number", said["step"])
        log.action_log()
        self.assertEqual(len(self._open_activities()), 1)

    def test_without_a_step_or_a_reason_it_says_so(self):
        log, __ = self._preview("no_answer")
        log.activity_type_id = self.none
        self.assertRegex(log.preview["step"], "Choose the next step")
        self._plan("meeting", days=4)
        log.invalidate_recordset()
        self.assertRegex(log.preview["step"], "Planned already: .*Nov 27")

    def test_a_step_without_words_gets_some(self):
        self._result("reached").next_summary = False
        log, __ = self._preview("reached")
        self.assertEqual(log.next_summary, "Follow up")
        with Form(self._open()) as form:
            form.activity_type_id = self.env.ref("mail.mail_activity_data_todo")
            self.assertEqual(form.next_summary, "Follow up")
            form.outcome_id = self._result("reached")

    def test_many_leads_are_counted(self):
        leads = self.lead + self._new_lead(
            stage_id=self._stage("negotiation").id, team_id=self.team.id
        )
        __, said = self._preview("reached", leads)
        self.assertEqual(said["stage"], "Stage changes: Contacted: 1.")

    # ------------------------------------------------------------
    # Not interested
    # ------------------------------------------------------------

    def test_not_interested_asks_why(self):
        todo = self._plan("todo")
        log, said = self._preview("not_interested")
        self.assertRegex(said["stage"], "asked why")
        action = log.action_log()
        self.assertFalse(self.lead.touch_ids)  # nothing yet
        self.assertEqual(self.lead.stage_id, self._stage("open"))
        dialog = self.env["lead.unqualify"].with_user(self.rep)
        dialog = dialog.with_context(**action["context"]).create({})
        self.assertEqual(dialog.lead_ids, self.lead)
        # the way back needs no reason
        self.assertEqual(dialog.action_back()["res_id"], log.id)
        with self.assertRaises(RefusedError):
            dialog.action_apply()
        dialog.lost_reason_id = self.env.ref("crm.lost_reason_1")
        dialog.revisit = "3"
        done = dialog.action_apply()
        self.env.cr.flush()
        self.assertEqual(done["tag"], "lead_undo")
        self.assertEqual(self.lead.stage_id, self._stage("unqualified"))
        self.assertEqual(self.lead.lost_reason_id, self.env.ref("crm.lost_reason_1"))
        self.assertTrue(self.lead.stage_revisit_date)
        self.assertEqual(self._last().outcome_id, self._result("not_interested"))
        self.assertFalse(todo.exists())
        # a second click does nothing
        dialog.action_apply()
        self.assertEqual(len(self.lead.touch_ids), 1)

    def test_only_those_that_are_unqualified_are_asked_about(self):
        customer = self._new_lead(
            stage_id=self._stage("customer").id, team_id=self.team.id
        )
        action = self._log("not_interested", self.lead + customer)
        self.assertEqual(action["context"]["default_lead_ids"], self.lead.ids)
        self._apply(action)
        self.assertEqual(len(customer.touch_ids), 1)
        self.assertEqual(customer.stage_id, self._stage("customer"))

    # ------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------

    def test_refusals_are_no_invalid_operations(self):
        for values in (
            {"outcome_id": False},
            {"note": False},
            {"next_date": "2020-01-01"},
            {"activity_type_id": False},
        ):
            log = self._open()
            log.outcome_id = self._result("reached")
            log.write(values)
            with self.subTest(values=values), self.assertRaises(RefusedError):
                log.action_log()


@freeze_time(MONDAY)
class TestLogUndo(TouchLogCase, UndoCase):
    """What was logged can be taken back as if it never was."""

    def test_a_call_is_undone(self):
        self._plan(days=-2, note="Ask about the budget")
        self.env.cr.flush()
        before = self._state(self.lead)
        action = self._log("reached")
        self.assertEqual(action["tag"], "lead_undo")
        self.assertRegex(action["params"]["message"], "Logged: .*Reached. Next step")
        self.assertNotEqual(self._state(self.lead), before)
        self._undo(action)
        self.assertEqual(self._state(self.lead), before)

    def test_an_unqualified_one_as_well(self):
        self._plan("todo")
        self.env.cr.flush()
        before = self._state(self.lead)
        action = self._apply(self._log("not_interested"))
        self._undo(action)
        self.assertEqual(self._state(self.lead), before)
