from odoo.tests import HttpCase

from ..pipeline.common import StageMappingCase


class TestStageMappingTour(StageMappingCase, HttpCase):
    def test_manager_maps_applies_and_undoes(self):
        lead = self._lead_in("Signed", name="Tour lead")
        lost = self._lost_in("Contact made", name="Lost lead")
        before = self._state(lead + lost), self._types()
        self.start_tour(
            "/odoo/action-crm.crm_stage_action",
            "lead_management_stage_mapping",
            login=self.manager.login,
            timeout=90,
        )
        self.env.invalidate_all()
        mapping = self.env["lead.stage.mapping"].search([])
        self.assertEqual(mapping.state, "undone")
        self.assertEqual((mapping.won_count, mapping.moved_count), (1, 1))
        self.assertEqual((self._state(lead + lost), self._types()), before)
