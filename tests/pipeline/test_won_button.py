"""Won by a button: asked for what is missing, nothing left over, and undone."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from odoo.addons.lead_management.exceptions import StageGateError

from .undo import UndoCase


class TestWonButton(UndoCase):
    def setUp(self):
        super().setUp()
        self.lead = self.lead.with_user(self.rep)
        self.today = fields.Date.today()
        self._age(self.step)

    def _age(self, activities):
        """Let activities be planned before what happens now."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_activity SET create_date = create_date - interval '1 day'"
            " WHERE id = ANY(%s)",
            [activities.ids],
        )
        activities.invalidate_recordset(["create_date"])

    def _complete(self):
        self.lead.sudo().date_deadline = self.today
        self.env.cr.flush()

    def _dialog(self, action):
        self.assertEqual(action["res_model"], "lead.won")
        env = self.env["lead.won"].with_user(self.rep)
        return Form(env.with_context(**action["context"]))

    # -- what is asked --------------------------------------------------------

    def test_what_is_missing_is_asked_for(self):
        for missing in (
            {"expected_revenue": 0, "date_deadline": self.today},
            {"expected_revenue": 9, "date_deadline": False},
            {"expected_revenue": 0, "date_deadline": False},
        ):
            with self.subTest(**missing):
                self.lead.write(missing)
                action = self.lead.action_win()
                self.assertEqual(action["res_model"], "lead.won")
                self.assertEqual(self.lead.won_status, "pending")
        with self._dialog(action) as dialog:
            self.assertEqual(dialog.date_deadline, self.today)
            dialog.expected_revenue = 500
        action = dialog.record.action_apply()
        self.assertEqual(action["tag"], "lead_undo")
        self.assertEqual(self.lead.stage_id, self._stage("customer"))
        self.assertEqual(self.lead.expected_revenue, 500)
        self.assertEqual(self.lead.date_deadline, self.today)

    def test_nothing_is_asked_where_all_is_known(self):
        self._complete()
        action = self.lead.action_win()
        self.assertEqual(action["tag"], "lead_undo")
        self.assertIn("Acme", action["params"]["message"])
        self.assertEqual(self.lead.won_status, "won")
        self.assertEqual(self.lead.expected_revenue, 1234.56)

    def test_a_date_that_is_known_is_not_asked_for(self):
        self._complete()
        self.lead.expected_revenue = 0
        dialog = self._dialog(self.lead.action_win())
        self.assertTrue(dialog._get_modifier("date_deadline", "invisible"))
        self.lead.date_deadline = False
        dialog = self._dialog(self.lead.action_win())
        self.assertFalse(dialog._get_modifier("date_deadline", "invisible"))

    def test_a_negative_amount_is_refused(self):
        dialog = self._dialog(self.lead.action_win())
        dialog.expected_revenue = -1
        with self.assertRaises(UserError):
            dialog.save().action_apply()
        self.assertEqual(self.lead.won_status, "pending")

    def test_a_customer_stays_as_it_is(self):
        self._complete()
        self.lead.stage_id = self._stage("inactive")
        self.lead.action_win()
        self.assertEqual(self.lead.stage_id, self._stage("inactive"))

    def test_leads_of_others_are_refused(self):
        self._complete()
        for user in (self.rep_2, self.rep_b):
            with self.assertRaises(AccessError):
                self.lead.with_user(user).action_win()
        with self.assertRaises(UserError):
            self.lead.browse().action_win()
        with self.assertRaises(UserError):
            (self.lead + self._new_lead()).with_user(self.rep).action_win()

    # -- gates ----------------------------------------------------------------

    def _require(self):
        self.env["lead.stage.requirement"].create(
            {"stage_id": self._stage("customer").id, "field_name": "phone"}
        )

    def test_gates_ask_and_what_was_entered_is_kept(self):
        self._require()
        dialog = self._dialog(self.lead.action_win())
        dialog.expected_revenue = 77
        action = dialog.save().action_apply()
        self.assertEqual(action["tag"], "lead_stage_gate")
        self.assertEqual(action["params"]["lead_ids"], self.lead.ids)
        self.assertEqual(self.lead.won_status, "pending")
        self.assertEqual(self.lead.expected_revenue, 77)
        self.assertTrue(self.step.exists())
        self.lead.action_gate_pass(
            action["params"]["stage_id"], {"phone": "+32 470 123456"}, {}
        )
        self.env.cr.flush()
        self.assertEqual(self.lead.won_status, "won")
        self.assertFalse(self.step.exists())

    def test_no_other_way_around_the_gate(self):
        self._require()
        customer = self._stage("customer").id
        for win in (
            self.lead.action_win,
            self.lead.action_set_won_rainbowman,
            lambda: self.lead.write({"stage_id": customer}),
            lambda: self.lead.web_save({"stage_id": customer}, {"name": {}}),
        ):
            try:
                with self.env.cr.savepoint():
                    win()
            except StageGateError:
                pass
            self.assertEqual(self.lead.won_status, "pending")

    # -- what is planned ------------------------------------------------------

    def test_open_steps_are_closed_whatever_the_way(self):
        for win in (
            self.lead.action_win,
            self.lead.action_set_won_rainbowman,
            lambda: self.lead.write({"stage_id": self._stage("customer").id}),
        ):
            self._complete()
            step = self.lead.sudo().activity_schedule(
                "mail.mail_activity_data_todo", summary="Send the offer"
            )
            self._age(step)
            win()
            self.env.cr.flush()
            self.assertFalse(step.exists())
            note = self.lead.message_ids.sorted("id")[-1:]
            notes = self.lead.message_ids.mapped("body")
            self.assertTrue(any("Send the offer" in body for body in notes), note.body)
            self.lead.stage_id = self._stage("qualified")
            self.env.cr.flush()

    def test_what_is_planned_for_the_customer_stays(self):
        self._complete()
        start = fields.Datetime.now() + timedelta(days=3)
        meeting = self.env["calendar.event"].create(
            {
                "name": "Kick-off",
                "start": start,
                "stop": start + timedelta(hours=1),
                "opportunity_id": self.lead.id,
                "res_id": self.lead.id,
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            }
        )
        self.assertTrue(meeting.activity_ids)
        self._age(meeting.activity_ids)
        new = self.lead.activity_schedule(
            "mail.mail_activity_data_call", summary="Onboarding"
        )
        self.lead.action_win()
        self.assertEqual(self.lead.activity_ids, meeting.activity_ids + new)

    # -- undo -----------------------------------------------------------------

    def test_undone_is_as_if_it_never_was(self):
        self._complete()
        before = self._state()
        action = self.lead.action_win()
        self.assertFalse(self.step.exists())
        self._undo(action)
        self._assert_undone(before)
        self.assertEqual(self.lead.won_status, "pending")

    def test_undone_with_what_was_asked(self):
        before = self._state()
        with self._dialog(self.lead.action_win()) as dialog:
            dialog.expected_revenue = 500
        self._undo(dialog.record.action_apply())
        self._assert_undone(before)
        self.assertFalse(self.lead.date_deadline)

    def test_clocks_run_on_after_undo(self):
        self.env["lead.sla"].search([]).active = False
        self.env["lead.sla"].create(
            {"name": "Fast", "domain": "[]", "touch_minutes": 60}
        )
        lead = self._new_lead(
            name="Fresh", expected_revenue=5, date_deadline=self.today
        )
        before = self._state(lead)
        self.assertEqual(
            [row["state"] for row in before["lead_sla_clock"]], ["running"]
        )
        action = lead.with_user(self.rep).action_win()
        self.assertNotEqual(self._state(lead)["lead_sla_clock"][0]["state"], "running")
        self._undo(action)
        self._assert_undone(before, lead)

    def test_unqualify_is_undone_as_well(self):
        leads = self.lead.sudo() + self._new_lead(
            name="Second", stage_id=self._stage("open").id
        )
        before = self._state(leads)
        dialog = (
            self.env["lead.unqualify"]
            .with_user(self.rep)
            .create(
                {
                    "lead_ids": leads.ids,
                    "lost_reason_id": self.reason.id,
                    "note": "<p>Too small</p>",
                }
            )
        )
        action = dialog.action_apply()
        self.assertEqual(set(leads.mapped("won_status")), {"lost"})
        self._undo(action)
        self._assert_undone(before, leads)

    def test_a_stock_loss_is_undone_and_its_steps_are_cancelled(self):
        self._stage("unqualified").team_ids = self.team_b
        before = self._state()
        dialog = (
            self.env["lead.unqualify"]
            .with_user(self.rep)
            .create({"lead_ids": self.lead.ids, "lost_reason_id": self.reason.id})
        )
        action = dialog.action_apply()
        self.assertFalse(self.lead.active)
        self.assertFalse(self.step.exists())
        self._undo(action)
        self._assert_undone(before)
