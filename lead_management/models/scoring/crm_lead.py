from odoo import api, fields, models

from ..base.crm_lead import DerivedColumn
from .lead_score import TEMPERATURES

LEAD_SCORE = "lead.score"


class CrmLead(models.Model):
    """The score of a lead, read from ``lead.score``."""

    _inherit = "crm.lead"

    score_total = fields.Integer(
        string="Score",
        compute="_compute_score",
        search="_search_score_total",
        compute_sudo=True,
        aggregator="avg",
        help="Sum of the points of the scoring rules the lead meets and of the answers "
        "it gave, from 0 to 100.",
    )
    score_temperature = fields.Selection(
        TEMPERATURES,
        string="Temperature",
        compute="_compute_score",
        search="_search_score_temperature",
        compute_sudo=True,
    )
    score_reasons = fields.Json(
        compute="_compute_score_reasons",
        compute_sudo=True,
        help="The rules the lead meets, with their points.",
    )

    @api.model
    def _derived_models(self):
        return [*super()._derived_models(), LEAD_SCORE]

    @api.model
    def _derived_columns(self):
        return {
            **super()._derived_columns(),
            "score_total": DerivedColumn(LEAD_SCORE, "total", 0),
            "score_temperature": DerivedColumn(LEAD_SCORE, "temperature", "cold"),
            "score_reasons": DerivedColumn(LEAD_SCORE, None, None),
        }

    def _compute_score(self):
        self._derived_read(LEAD_SCORE)

    def _compute_score_reasons(self):
        reasons = {}
        if self.ids:
            self._derived_flush()
            reasons = self.env["lead.score.rule"]._get_reasons(self.ids)
        for lead in self:
            lead.score_reasons = reasons.get(lead._origin.id, [])

    def _search_score_total(self, operator, value):
        return self._derived_search("score_total", operator, value)

    def _search_score_temperature(self, operator, value):
        return self._derived_search("score_temperature", operator, value)
