from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.lead_management.exceptions import StageGateError
from odoo.addons.lead_management.models.base.context import (
    STAGE_ORIGIN,
    STAGE_REASON,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestTransitions(LeadManagementCase):
    """Every move is kept, by whichever way it is made."""

    def _moves(self, lead):
        self.env.flush_all()
        moves = lead.sudo().stage_transition_ids.sorted("id")
        return [
            (move.type_before or "", move.stage_type, move.direction, move.origin)
            for move in moves
        ]

    def test_a_new_lead_starts(self):
        lead = self._new_lead()
        self.assertEqual(self._moves(lead), [("", "open", "start", "created")])

    def test_a_rep_moves_a_lead_up_and_down(self):
        lead = self._new_lead()
        for stage_type in ("negotiation", "contacted"):
            lead.with_user(self.rep).stage_id = self._stage(stage_type)
        self.assertEqual(
            self._moves(lead)[1:],
            [
                ("open", "negotiation", "forward", "hand"),
                ("negotiation", "contacted", "back", "hand"),
            ],
        )
        last = lead.stage_transition_ids.sorted("id")[-1]
        self.assertEqual(last.user_id, self.rep)
        self.assertEqual(last.owner_id, self.rep)
        self.assertEqual(last.company_id, lead.company_id)

    def test_how_long_it_was_in_the_stage_before(self):
        now = fields.Datetime.now()
        with freeze_time(now - timedelta(days=5)):
            lead = self._new_lead()
        with freeze_time(now - timedelta(days=2)):
            lead.stage_id = self._stage("contacted")
        lead.stage_id = self._stage("qualified")
        self.assertEqual(
            lead.stage_transition_ids.sorted("id").mapped("days"), [0, 3, 2]
        )

    def test_the_score_at_that_moment(self):
        self._new_score_rule([("phone", "!=", False)], 30)
        lead = self._new_lead(phone="+32 470 12 34 56")
        self.env.cr.flush()
        lead.stage_id = self._stage("contacted")
        self.assertEqual(
            lead.stage_transition_ids.sorted("id")[-1].score, lead.score_total
        )
        self.assertGreater(lead.score_total, 0)

    def test_the_same_stage_again_is_no_move(self):
        lead = self._new_lead()
        lead.stage_id = self._stage("open")
        lead.write({"name": "Other", "user_id": self.rep_2.id})
        self.assertEqual(len(self._moves(lead)), 1)

    def test_another_team_may_move_a_lead(self):
        stage = self.env["crm.stage"].create(
            {"name": "Ours", "sequence": 2, "team_ids": self.team.ids}
        )
        lead = self._new_lead(team_id=self.team.id, stage_id=stage.id)
        other = self.env["crm.team"].create({"name": "Others"})
        lead.team_id = other
        self.assertEqual(self._moves(lead)[-1], ("", "open", "back", "automation"))

    def test_a_list_moves_each_once(self):
        leads = self.env["crm.lead"].concat(*(self._new_lead() for __ in range(5)))
        leads[0].stage_id = self._stage("qualified")
        leads.with_user(self.rep).write({"stage_id": self._stage("qualified").id})
        for lead in leads:
            self.assertEqual(len(self._moves(lead)), 2)

    def test_many_cost_what_few_cost(self):
        def count(number):
            leads = self.env["crm.lead"].create(
                [{"name": "L", "user_id": self.rep.id}] * number
            )
            self.env.cr.flush()
            before = {lead.id: lead.stage_id for lead in leads}
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            leads._stage_record(before)
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(2)
        self.assertEqual(count(100), count(2))

    def test_a_gate_passed_by_a_manager_keeps_the_reason(self):
        self.env["lead.stage.requirement"].create(
            {"stage_id": self._stage("qualified").id, "field_name": "phone"}
        )
        lead = self._new_lead()
        lead.with_user(self.manager).action_gate_override(
            self._stage("qualified").id, "Met at the fair"
        )
        self.assertEqual(
            lead.stage_transition_ids.sorted("id")[-1].reason, "Met at the fair"
        )

    def test_nobody_forges_history_from_outside(self):
        lead = self._new_lead()
        lead.with_user(self.rep).with_context(
            **{STAGE_ORIGIN.name: "merge", STAGE_REASON.name: "Forged"}
        ).write({"stage_id": self._stage("contacted").id})
        move = lead.stage_transition_ids.sorted("id")[-1]
        self.assertEqual((move.origin, move.reason), ("hand", False))

    def test_a_refused_move_leaves_no_trace(self):
        self.env["lead.stage.requirement"].create(
            {"stage_id": self._stage("qualified").id, "field_name": "phone"}
        )
        lead = self._new_lead()
        self.env.flush_all()
        with self.assertRaises(StageGateError), self.env.cr.savepoint():
            lead.with_user(self.rep).stage_id = self._stage("qualified")
        self.assertEqual(len(self._moves(lead)), 1)

    def test_merged_leads_keep_their_moves(self):
        lead = self._new_lead(email_from="a@example.com")
        other = self._new_lead(email_from="a@example.com")
        lead.stage_id = self._stage("contacted")
        survivor = (lead + other).merge_opportunity()
        moves = survivor.stage_transition_ids
        self.assertEqual(len(moves.filtered("is_merged")), 1)
        self.assertEqual(len(moves - moves.filtered("is_merged")), 2)
        survivor.stage_id = self._stage("qualified")
        self.assertEqual(len(survivor.stage_transition_ids), 4)

    def test_deleted_leads_take_their_moves_along(self):
        lead = self._new_lead()
        moves = lead.stage_transition_ids
        lead.unlink()
        self.assertFalse(moves.exists())

    def test_the_funnel_outlives_its_stages(self):
        stage = self.env["crm.stage"].create(
            {"name": "Ours", "stage_type": "nurturing", "sequence": 3}
        )
        lead = self._new_lead()
        lead.stage_id = stage
        lead.stage_id = self._stage("qualified")
        stage.unlink()
        self.env.invalidate_all()
        self.assertIn(
            ("nurturing", "qualified", "forward", "automation"), self._moves(lead)
        )


class TestSeed(LeadManagementCase):
    """History from before the moves were recorded comes from Odoo's tracking."""

    def setUp(self):
        super().setUp()
        self.lead = self._new_lead()
        self.env.cr.flush()
        for stage_type in ("contacted", "unqualified"):
            self.lead.stage_id = self._stage(stage_type)
            self.env.cr.flush()
            self.env["mail.thread"]._track_finalize()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM lead_stage_transition")
        self.env.invalidate_all()

    def _seed(self):
        self.env["lead.stage.transition"]._seed_history()
        self.env.invalidate_all()
        return [
            (move.type_before or "", move.stage_type, move.direction)
            for move in self.lead.stage_transition_ids.sorted("id")
        ]

    def test_tracked_moves(self):
        self.assertEqual(
            self._seed(),
            [
                ("", "open", "start"),
                ("open", "contacted", "forward"),
                ("contacted", "unqualified", "dropped"),
            ],
        )
        self.assertEqual(
            set(self.lead.stage_transition_ids.mapped("origin")), {"history"}
        )

    def test_twice_is_once(self):
        self.assertEqual(self._seed(), self._seed())

    def test_a_stage_nobody_tracked(self):
        self.env.cr.execute(
            "UPDATE crm_lead SET stage_id = %s WHERE id = %s",
            (self._stage("negotiation").id, self.lead.id),
        )
        self.assertEqual(self._seed()[-1], ("unqualified", "negotiation", "forward"))

    def test_a_lead_without_tracking(self):
        self.env.cr.execute("DELETE FROM mail_tracking_value")
        self.assertEqual(self._seed(), [("", "unqualified", "start")])
