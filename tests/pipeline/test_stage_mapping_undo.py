from odoo.exceptions import UserError

from .common import PIPELINE, StageMappingCase, read_frequencies


class TestStageMappingUndo(StageMappingCase):
    """Everything back as it was, except what somebody changed since."""

    def _apply(self, **options):
        mapping = self._open()
        mapping.write(options)
        mapping.action_apply()
        self.env.invalidate_all()
        return mapping

    def _undo(self, mapping):
        mapping.action_undo()
        self.env.invalidate_all()

    def _everywhere(self):
        """Leads of each kind in each stage, in two companies."""
        leads = self.env["crm.lead"]
        for name, __, is_won, *__ in PIPELINE:
            leads += self._lead_in(name, expected_revenue=100)
            leads += self._lead_in(
                name, user_id=self.rep_b.id, company_id=self.company_b.id
            )
            if not is_won:
                leads += self._lead_in(name, probability=37)
                leads += self._lost_in(name)
                archived = self._lead_in(name, probability=20)
                archived.action_archive()
                leads += archived
        return leads

    def test_all_is_as_it_was(self):
        leads = self._everywhere()
        before = self._state(leads), read_frequencies(self.env), self._types()
        order = self.env["crm.stage"].search([]).mapped("sequence")
        mapping = self._apply(move_lost=True)
        self.assertNotEqual(self._state(leads), before[0])
        self._undo(mapping)
        after = self._state(leads), read_frequencies(self.env), self._types()
        self.assertEqual(after, before)
        self.assertEqual(self.env["crm.stage"].search([]).mapped("sequence"), order)
        self._assert_learned()
        self.assertEqual(mapping.state, "undone")
        self.assertEqual(mapping.undone_uid, self.manager)
        self.assertEqual(mapping.left_count, 0)
        self.assertEqual(mapping.restored_count, len(mapping.sudo().lead_ids))
        self.assertFalse(mapping.notes)

    def test_the_history_of_moves(self):
        """A lost lead moved when it was lost; what is undone never happened."""
        lost = self._lost_in("Contact made")
        before = lost.stage_transition_ids
        mapping = self._apply(move_lost=True)
        move = lost.stage_transition_ids - before
        self.assertEqual((move.origin, move.direction), ("mapping", "dropped"))
        self.assertEqual(move.date, lost.date_closed)
        self.assertEqual(move.stage_before_id, self.stages["Contact made"])
        self.assertEqual(move.stage_type, "unqualified")
        self._undo(mapping)
        self.assertEqual(lost.stage_transition_ids, before)

    def test_the_day_to_come_back_is_kept(self):
        self._apply()
        lead = self._lead_in("Dead", stage_revisit_date="2050-01-01")
        before = self._state(lead)
        mapping = self._open()
        self._choose(mapping, Dead="nurturing")
        mapping.action_apply()
        self.env.invalidate_all()
        self.assertFalse(lead.stage_revisit_date)
        self._undo(mapping)
        self.assertEqual(str(lead.stage_revisit_date), "2050-01-01")
        self.assertEqual(self._state(lead), before)

    def test_a_former_win_is_a_win_again(self):
        leads = self._everywhere()
        before = self._state(leads), read_frequencies(self.env)
        mapping = self._open()
        self._choose(mapping, Party="negotiation", Dead="customer")
        mapping.action_apply()
        self._assert_learned()
        self._undo(mapping)
        self.assertEqual((self._state(leads), read_frequencies(self.env)), before)

    def test_what_somebody_changed_since_is_left(self):
        moved, kept, called = (self._lead_in("Signed") for __ in range(3))
        lost = self._lost_in("Contact made")
        mapping = self._apply(move_lost=True)
        moved.with_user(self.rep).stage_id = self.stages["Contact made"]
        # nothing that undoing would write
        called.with_user(self.rep).phone = "+32 2 290 34 90"
        lost.with_user(self.rep).action_restore()
        self._undo(mapping)
        self.assertEqual(moved.stage_id, self.stages["Contact made"])
        self.assertEqual((kept + called).mapped("won_status"), ["pending", "pending"])
        self.assertTrue(lost.active)
        self.assertEqual(mapping.left_count, 2)
        self.assertEqual(mapping.restored_count, 2)
        results = {line.lead_id: line.result for line in mapping.lead_ids}
        self.assertEqual(results[moved], "left")
        self.assertEqual(results[kept], "restored")
        self._assert_learned()

    def test_a_lead_won_since_follows_its_stage(self):
        mapping = self._apply()
        lead = self._lead_in("Contact made")
        lead.stage_id = self.stages["Signed"]
        self.assertEqual(lead.won_status, "won")
        self._undo(mapping)
        self.assertEqual(lead.stage_id, self.stages["Signed"])
        self.assertEqual(lead.won_status, "pending")
        self._assert_learned()

    def test_a_new_prediction_is_no_change_by_somebody(self):
        lead = self._lead_in("Party")
        for __ in range(3):
            self._lead_in("Party")
            self._lost_in("Contact made")
        before = self._state(lead)
        mapping = self._open()
        self._choose(mapping, Party="negotiation")
        mapping.action_apply()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET probability = 11, automated_probability = 11"
            " WHERE id = %s",
            [lead.id],
        )
        self._undo(mapping)
        self.assertEqual(mapping.left_count, 0)
        self.assertEqual(self._state(lead), before)

    def test_added_stages_in_use_stay(self):
        mapping = self._apply()
        nurturing = self.env["crm.stage"].search([("stage_type", "=", "nurturing")])
        lead = self._lead_in("Contact made")
        lead.stage_id = nurturing
        self._undo(mapping)
        self.assertEqual(lead.stage_id, nurturing)
        self.assertEqual(nurturing.stage_type, "nurturing")
        self.assertIn("“Nurturing” is kept because it contains leads: 1", mapping.notes)
        self.assertEqual(len(self._types()), len(PIPELINE) + 1)

    def test_a_type_changed_by_hand_since_stays(self):
        lead = self._lead_in("Signed")
        mapping = self._apply()
        self.stages["Signed"].stage_type = "inactive"
        self._undo(mapping)
        self.assertEqual(self._types()["Signed"], ("inactive", True))
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(self._types()["Party"], (False, True))
        self.assertIn("“Signed” is kept", mapping.notes)
        self.assertEqual(mapping.left_count, 1)

    def test_a_stage_or_lead_deleted_since(self):
        gone, lost = self._lead_in("Signed"), self._lost_in("Pitch")
        mapping = self._apply(move_lost=True)
        gone.unlink()
        self.stages["Pitch"].unlink()
        self._undo(mapping)
        self.assertEqual(lost.stage_id, self.stages["Dead"])
        self.assertEqual((mapping.restored_count, mapping.left_count), (0, 1))
        self.assertIn("“Pitch” was deleted afterwards.", mapping.notes)

    def test_an_order_changed_since_stays(self):
        mapping = self._apply()
        self.assertNotEqual(self.stages["Pitch"].sequence, 5)
        self.stages["Pitch"].sequence = 60
        self._undo(mapping)
        self.assertEqual(self.stages["Pitch"].sequence, 60)
        self.assertEqual(self.stages["Devis envoyé"].sequence, 4)

    def test_twice(self):
        mapping = self._apply()
        self._undo(mapping)
        with self.assertRaises(UserError):
            mapping.action_undo()
        with self.assertRaises(UserError):
            mapping.action_apply()

    def test_the_later_one_first(self):
        first = self._apply()
        second = self._open()
        self._choose(second, Pitch="qualified")
        second.action_apply()
        with self.assertRaises(UserError):
            first.action_undo()
        self._undo(second)
        self._undo(first)
        self.assertFalse(any(self.env["crm.stage"].search([]).mapped("stage_type")))

    def test_map_again_after_undo(self):
        leads = self._everywhere()
        mapping = self._apply()
        mapped = self._state(leads)
        self._undo(mapping)
        self._apply()
        self.assertEqual(self._state(leads), mapped)

    def test_by_another_manager(self):
        mapping = self._apply()
        self._undo(mapping.with_user(self.manager_b))
        self.assertEqual(mapping.undone_uid, self.manager_b)
