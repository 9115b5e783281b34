from odoo.exceptions import ValidationError

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestStageTypes(LeadManagementCase):
    def test_eight_stages_in_order(self):
        stages = self.env["crm.stage"].search([("stage_type", "!=", False)])
        self.assertEqual(
            stages.mapped("stage_type"),
            [
                "open",
                "contacted",
                "nurturing",
                "qualified",
                "negotiation",
                "customer",
                "inactive",
                "unqualified",
            ],
        )

    def test_stock_records_are_reused(self):
        for number, stage_type in enumerate(
            ("open", "qualified", "negotiation", "customer"), start=1
        ):
            self.assertEqual(
                self.env.ref(f"crm.stage_lead{number}"), self._stage(stage_type)
            )

    def test_only_customer_and_inactive_are_won(self):
        won = self.env["crm.stage"].search([("is_won", "=", True)])
        self.assertEqual(set(won.mapped("stage_type")), {"customer", "inactive"})

    def test_type_sets_won(self):
        stage = self.env["crm.stage"].create({"name": "S", "stage_type": "customer"})
        self.assertTrue(stage.is_won)
        stage.stage_type = "nurturing"
        self.assertFalse(stage.is_won)

    def test_type_and_won_must_agree(self):
        with self.assertRaises(ValidationError):
            self.env["crm.stage"].create(
                {"name": "S", "stage_type": "open", "is_won": True}
            )

    def test_stage_without_type_stays_stock(self):
        stage = self.env["crm.stage"].create({"name": "Demo", "sequence": 4})
        lead = self._new_lead(stage_id=stage.id)
        self.assertEqual(lead.won_status, "pending")
        self.assertTrue(lead.active)

    def test_stage_becomes_unqualified_with_leads_in_it(self):
        stage = self.env["crm.stage"].create({"name": "Dead", "sequence": 95})
        leads = self._new_lead(stage_id=stage.id) + self._new_lead(stage_id=stage.id)
        stage.stage_type = "unqualified"
        self.assertEqual(set(leads.mapped("won_status")), {"lost"})
        self.assertEqual(set(leads.mapped("probability")), {0})
        stage.stage_type = False
        self.assertEqual(set(leads.mapped("won_status")), {"pending"})

    def test_giving_types_does_not_touch_leads(self):
        stage = self.env["crm.stage"].create({"name": "Mine", "sequence": 3})
        lead = self._new_lead(stage_id=stage.id, probability=42)
        self.env.flush_all()
        before = lead.write_date
        stage.stage_type = "nurturing"
        self.env.flush_all()
        self.assertEqual(lead.probability, 42)
        self.assertEqual(lead.write_date, before)
