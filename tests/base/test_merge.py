from odoo.addons.lead_management.models.base.lead_row_mixin import DROP, MOVE, OWN
from odoo.addons.lead_management.tests.common import LeadManagementCase

# Worked out anew, without a meaning for another lead, or kept by the room itself.
LEFT = {
    "lead.milestone",  # worked out of the moves
    "lead.credit",
    "lead.verification",
    "lead.enrollment",
    "lead.assignment.notice",
    "lead.pool.entry",
    "lead.profile",
    "lead.qualifier.answer",
    "lead.score",
    "lead.stage.mapping.lead",
}
# Of persons, not of leads: what counts for one lead does not outlive it.
OTHERWISE = {
    "lead.consent",
    "lead.share",  # between two leads: its step moves either end
}


class TestMerge(LeadManagementCase):
    def test_nothing_is_deleted_with_the_merged_leads_unawares(self):
        """Rows that hang on a lead would be deleted with it, without a word."""
        hanging = {
            field.model_name
            for model in self.registry.models.values()
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == "crm.lead"
            and field.store
            and model._name.startswith("lead.")
            and not model._abstract
            and not model._transient
            and model._auto
        }
        kept = set(self.env["crm.lead"]._merge_get_rows())
        left = {
            name
            for name in hanging
            if getattr(self.env[name], "_merge", MOVE) in (DROP, OWN)
        }
        self.assertFalse(kept & left)
        self.assertEqual(hanging, kept | left | OTHERWISE)
        self.assertEqual(left, LEFT)

    def test_rows_go_with_the_lead_that_stays(self):
        contacted = self._stage("contacted")
        leads = self.env["crm.lead"].concat(
            *(self._new_lead(name=name, phone="+32 470 1") for name in "ABC")
        )
        for lead in leads:
            lead.stage_id = contacted
            self.env["lead.touch"]._record([{"lead_id": lead.id, "channel": "call"}])
        self.env.cr.flush()
        survivor = leads.merge_opportunity()
        self.assertEqual(len(survivor.touch_ids), 3)
        moves = survivor.stage_transition_ids
        self.assertEqual(len(moves), 6)
        self.assertEqual(len(moves.filtered("is_merged")), 4)
        self.assertEqual(survivor, leads.exists())

    def test_statements_do_not_grow_with_rooms(self):
        leads = [self._new_lead() + self._new_lead() for __ in range(3)]
        counts = []
        for pair in leads:
            self.env.cr.flush()
            before = self.env.cr.sql_log_count
            pair._merge_get_rows()
            pair[0]._merge_dependences(pair[1])
            counts.append(self.env.cr.sql_log_count - before)
        # 4 of Odoo, clocks, decisions, answers, checks under way, and one for the rest
        self.assertLessEqual(counts[-1], 11)
