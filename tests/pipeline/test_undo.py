"""What was done a moment ago is undone as if it never was."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .undo import UndoCase


class TestUndo(UndoCase):
    def _do(self, leads=None, **values):
        """Move leads to Unqualified as the rep does, recorded."""
        leads = (leads or self.lead).with_user(self.rep)
        Undo = leads.env["lead.undo"]
        with Undo._record(leads) as recording:
            leads.write(
                {
                    "stage_id": self._stage("unqualified").id,
                    "lost_reason_id": self.reason.id,
                    **values,
                }
            )
        return Undo._offer(recording, "Done.")

    def test_undone_is_as_if_it_never_was(self):
        before = self._state()
        action = self._do()
        changed = self._state()
        self.assertFalse(self.step.exists(), "the step is cancelled")
        for table in (
            "crm_lead",
            "mail_activity",
            "mail_message",
            "lead_stage_transition",
            "ir_attachment",
            "activity_attachment_rel",
            "learned",
        ):
            self.assertNotEqual(before[table], changed[table], table)
        self._undo(action)
        self._assert_undone(before)
        self.assertEqual(self.lead.stage_id, self._stage("qualified"))
        self.assertEqual(self.lead.activity_ids, self.step)
        self.assertEqual(self.step.attachment_ids.raw, b"offer")

    def test_what_a_call_proved_is_not_proved_any_more(self):
        self.lead.write({"phone": "+32 470 12 34 56", "contact_name": "Ann"})
        before = self._state()
        lead = self.lead.with_user(self.rep)
        Undo = lead.env["lead.undo"]
        with Undo._record(lead) as recording:
            self.env["lead.touch"].sudo()._record(
                [
                    {
                        "lead_id": lead.id,
                        "channel": "call",
                        "is_contact": True,
                        "user_id": self.rep.id,
                        "date": fields.Datetime.now(),
                    }
                ]
            )
        changed = self._state()
        for table in ("lead_touch", "lead_check", "lead_verification"):
            self.assertNotEqual(before[table], changed[table], table)
        self._undo(Undo._offer(recording, "Done."))
        self._assert_undone(before)

    def test_many_cost_a_constant_number_of_statements(self):
        counts = []
        for number in (2, 12, 32):
            leads = self.env["crm.lead"].create(
                [
                    {"name": f"Lead {n}", "user_id": self.rep.id, "type": "opportunity"}
                    for n in range(number)
                ]
            )
            leads._touch_schedule(leads._touch_get_days(), {"summary": "Step"})
            before = self._state(leads)
            action = self._do(leads)
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._undo(action)
            self.env.cr.flush()
            counts.append(self.env.cr.sql_log_count - start)
            self._assert_undone(before, leads)
        # Odoo recomputes in an order of its own, which reads one or two records more
        # or less of users and contacts; twenty leads more must not be seen.
        self.assertLess(counts[2] - counts[1], 4)

    def test_only_by_who_did_it(self):
        action = self._do()
        for user in (self.rep_2, self.manager, self.rep_b):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self._undo(action, user)
        self.assertEqual(self.lead.stage_id, self._stage("unqualified"))
        Undo = self.env["lead.undo"].with_user(self.rep)
        undo = Undo.browse(action["params"]["undo_id"])
        for do in (
            lambda: undo.read(["changes"]),
            lambda: undo.write({"changes": {}}),
            lambda: Undo.create({"changes": {}}),
            lambda: Undo.search([]),
        ):
            with self.assertRaises(AccessError):
                do()

    def test_only_once_and_for_a_moment(self):
        action = self._do()
        undo = self.env["lead.undo"].browse(action["params"]["undo_id"])
        late = fields.Datetime.subtract(fields.Datetime.now(), minutes=3)
        self.env.cr.execute(
            "UPDATE lead_undo SET create_date = %s WHERE id = %s", [late, undo.id]
        )
        undo.invalidate_recordset()
        with self.assertRaises(UserError):
            self._undo(action)
        action = self._do_again()
        self._undo(action)
        with self.assertRaises(UserError):
            self._undo(action)

    def _do_again(self):
        self.lead.stage_id = self._stage("qualified")
        return self._do()

    def test_nobody_loses_what_was_done_since(self):
        for change in (
            lambda: self.lead.write({"phone": "+32 470 123456"}),
            lambda: self.lead.write({"stage_id": self._stage("nurturing").id}),
            lambda: self.lead.unlink(),
        ):
            action = self._do_again()
            change()
            self.env.flush_all()
            with self.assertRaisesRegex(UserError, "Somebody has worked on it since"):
                self._undo(action)

    def test_a_lead_that_went_to_a_colleague_is_out_of_reach(self):
        action = self._do()
        self.lead.user_id = self.rep_2
        self.env.flush_all()
        with self.assertRaises(AccessError):
            self._undo(action)

    def test_other_records_take_part_when_named(self):
        partner = self.env["res.partner"].create({"name": "Ann", "phone": "1"})
        before = self._state()
        leads = self.lead.with_user(self.rep)
        Undo = leads.env["lead.undo"]
        with Undo._record(leads) as recording:
            Undo._watch(partner)
            partner.phone = "2"
            Undo._watch(partner)
            Undo._watch_created(self.env["res.partner"].create({"name": "Bob"}))
        self._undo(Undo._offer(recording, "Done."))
        self._assert_undone(before)
        Undo._watch(partner)
        Undo._watch_created(partner)

    def test_a_watched_record_that_was_changed_since_stays(self):
        partner = self.env["res.partner"].create({"name": "Ann", "phone": "1"})
        leads = self.lead.with_user(self.rep)
        Undo = leads.env["lead.undo"]
        with Undo._record(leads) as recording:
            Undo._watch(partner)
            partner.phone = "2"
        partner.phone = "3"
        self._undo(Undo._offer(recording, "Done."))
        self.assertEqual(partner.phone, "3")

    def test_what_was_created_and_is_used_by_now_stays(self):
        leads = self.lead.with_user(self.rep)
        Undo = leads.env["lead.undo"]
        with Undo._record(leads) as recording:
            used, unused = self.env["res.partner"].create(
                [{"name": "Bob"}, {"name": "Ben"}]
            )
            Undo._watch_created(used + unused)
        self._new_user("lm_bob", "salesman").partner_id = used
        with mute_logger("odoo.sql_db"):
            self._undo(Undo._offer(recording, "Done."))
        self.assertEqual((used + unused).exists(), used)

    def test_hostile_ids(self):
        Undo = self.env["lead.undo"].with_user(self.rep)
        for undo in (Undo, Undo.browse(0), Undo.browse([1, 2]), Undo.browse(2**31)):
            with self.assertRaises(UserError):
                undo.action_undo()
