from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestPrediction(LeadManagementCase):
    """Odoo's probability learns a loss at the stage where the lead was lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm.pls_start_date", "2000-01-01")
        cls.env["ir.config_parameter"].set_param("crm.pls_fields", "")
        cls.env["crm.lead"].search([]).unlink()
        cls.env["crm.lead.scoring.frequency"].search([]).unlink()

    def _lose_in(self, stage_type, count):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": "Lost",
                    "type": "opportunity",
                    "user_id": False,
                    "stage_id": self._stage(stage_type).id,
                }
            ]
            * count
        )
        leads.write({"stage_id": self._stage("unqualified").id})
        return leads

    def _lost_by_stage(self):
        self.env.flush_all()
        frequencies = self.env["crm.lead.scoring.frequency"].search(
            [("variable", "=", "stage_id"), ("team_id", "=", False)]
        )
        names = {str(stage.id): stage.stage_type for stage in self._all_stages()}
        return {
            names[frequency.value]: round(frequency.lost_count)
            for frequency in frequencies
            if round(frequency.lost_count)
        }

    def _all_stages(self):
        return self.env["crm.stage"].search([])

    def test_loss_counts_up_to_the_true_stage(self):
        self._lose_in("contacted", 10)
        self.assertEqual(self._lost_by_stage(), {"open": 10, "contacted": 10})

    def test_rebuild_counts_the_same(self):
        self._lose_in("open", 6)
        self._lose_in("contacted", 4)
        live = self._lost_by_stage()
        self.env["crm.lead"]._rebuild_pls_frequency_table()
        self.assertEqual(self._lost_by_stage(), live)
        self.assertEqual(live, {"open": 10, "contacted": 4})

    def test_reopening_elsewhere_forgets_the_loss_where_it_was(self):
        leads = self._lose_in("negotiation", 3)
        leads.write({"stage_id": self._stage("open").id})
        self.assertEqual(self._lost_by_stage(), {})

    def test_probabilities_differ_by_stage(self):
        self._lose_in("open", 20)
        won = self.env["crm.lead"].create(
            [{"name": "Won", "type": "opportunity", "user_id": False}] * 20
        )
        won.action_set_won()
        early = self._new_lead(user_id=False)
        late = self._new_lead(user_id=False, stage_id=self._stage("negotiation").id)
        self.env["crm.lead"]._rebuild_pls_frequency_table()
        (early + late)._compute_probabilities()
        self.assertLess(early.automated_probability, 60)
        self.assertGreater(late.automated_probability, 90)
