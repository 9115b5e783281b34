from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestStockFeatures(LeadManagementCase):
    """What Odoo does with stages keeps working with eight of them."""

    def test_rotting(self):
        self._stage("contacted").rotting_threshold_days = 5
        self._stage("unqualified").rotting_threshold_days = 5
        lead = self._new_lead(stage_id=self._stage("contacted").id)
        lost = self._new_lead()
        lost.stage_id = self._stage("unqualified")
        long_ago = fields.Datetime.now() - timedelta(days=9)
        (lead + lost).date_last_stage_update = long_ago
        self.assertTrue(lead.is_rotting)
        self.assertFalse(lost.is_rotting)

    def test_digest(self):
        lead = self._new_lead()
        lead.stage_id = self._stage("customer")
        # a digest ends before the moment it is made
        before = fields.Datetime.now() - timedelta(hours=1)
        lead.date_closed = before
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", (before, lead.id)
        )
        digest = self.env["digest.digest"].create(
            {
                "name": "Digest",
                "periodicity": "daily",
                "kpi_crm_lead_created": True,
                "kpi_crm_opportunities_won": True,
                "user_ids": [Command.set(self.manager.ids)],
            }
        )
        kpis = digest._compute_kpis(self.company, self.manager)
        values = {kpi["kpi_name"]: kpi["kpi_col1"]["value"] for kpi in kpis}
        self.assertGreaterEqual(float(values["kpi_crm_lead_created"]), 1)
        self.assertGreaterEqual(float(values["kpi_crm_opportunities_won"]), 1)

    def test_forecast_without_the_lost_ones(self):
        open_lead, lost = (
            self._new_lead(
                expected_revenue=100, probability=50, date_deadline="2030-01-15"
            )
            for __ in range(2)
        )
        lost.stage_id = self._stage("unqualified")
        [(total,)] = self.env["crm.lead"]._read_group(
            [("id", "in", (open_lead + lost).ids)], [], ["prorated_revenue:sum"]
        )
        self.assertEqual(total, open_lead.prorated_revenue)

    def test_the_lead_mode(self):
        self.env["res.config.settings"].create({"group_use_lead": True}).execute()
        lead = self._new_lead(type="lead")
        self.assertEqual(lead.stage_id, self._stage("open"))
        lead.with_user(self.rep).stage_id = self._stage("nurturing")
        self.env.cr.flush()
        self.assertEqual(lead.type, "lead")
        lead.with_user(self.rep).stage_id = self._stage("qualified")
        self.env.cr.flush()
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(len(lead.stage_transition_ids), 3)

    def test_columns_of_several_teams(self):
        stage = self.env["crm.stage"].create(
            {
                "name": "Ours",
                "sequence": 3,
                "stage_type": "nurturing",
                "team_ids": [Command.set(self.team.ids)],
            }
        )
        self._stage("nurturing").team_ids = self.team_b
        lead = self._new_lead(team_id=self.team.id)
        lead._stage_move("nurturing")
        self.assertEqual(lead.stage_id, stage)
