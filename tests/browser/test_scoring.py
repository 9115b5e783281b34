from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import (
    LeadHistoryCase,
    LeadManagementCase,
)


class TestScoringModel(LeadHistoryCase, HttpCase):
    """Scoring models, as a manager meets them in the browser."""

    def test_manager_builds_a_model_from_zero(self):
        self.start_tour(
            "/odoo/lead-pipeline",
            "lead_management_scoring_model",
            login=self.manager.login,
            timeout=120,
        )
        model = self.env["lead.score.model"].search([("name", "=", "Tour model")])
        self.assertEqual(model.state, "active")
        self.assertEqual(model.rule_ids.points, 70)
        self.assertEqual(model.backtest["leads"], 400)

    def test_manager_lets_points_be_suggested(self):
        self.start_tour(
            "/odoo/lead-scoring",
            "lead_management_suggest_points",
            login=self.manager.login,
            timeout=120,
        )
        starter = self.env.ref("lead_management.score_model_starter")
        draft = self.env["lead.score.model"].search([("origin_id", "=", starter.id)])
        self.assertEqual(draft.state, "draft")
        self.assertTrue(draft.rule_ids)


class TestScoreReasons(LeadManagementCase, HttpCase):
    def test_rep_sees_why(self):
        self._new_score_rule([("phone", "!=", False)], 60, name="Phone is known")
        self._new_qualifier("Funds", options=[("Yes", 20), ("No", 0)])
        self._new_lead(name="Tour lead", phone="+1 555 0100")
        self.start_tour(
            "/odoo/lead-pipeline",
            "lead_management_score_reasons",
            login=self.rep.login,
            timeout=90,
        )
