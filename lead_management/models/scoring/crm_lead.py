from odoo import api, fields, models

from ..base.derived.crm_lead_derived import DerivedColumn
from .lead_score import TEMPERATURES

LEAD_SCORE = "lead.score"


class CrmLead(models.Model):
    """The score of a lead, read from ``lead.score``, and why it is what it is."""

    _inherit = "crm.lead"

    score_total = fields.Integer(
        string="Score",
        compute="_compute_score",
        search="_search_score_total",
        compute_sudo=True,
        aggregator="avg",
        help="Points of the matching scoring rules and answers, as a value from 0 to "
        "100.",
    )
    score_fit = fields.Integer(
        string="Fit",
        compute="_compute_score",
        search="_search_score_fit",
        compute_sudo=True,
        aggregator="avg",
        help="Who the contact is: the part of the score that results from the data of "
        "the lead, from 0 to 100.",
    )
    score_engagement = fields.Integer(
        string="Engagement",
        compute="_compute_score",
        search="_search_score_engagement",
        compute_sudo=True,
        aggregator="avg",
        help="What the contact does: the part of the score that results from "
        "activities, from 0 to 100.",
    )
    score_grade = fields.Char(
        string="Grade",
        compute="_compute_score",
        search="_search_score_grade",
        compute_sudo=True,
        help="The letter shows the fit (A is the best), the number shows the "
        "engagement (1 is the best).",
    )
    score_temperature = fields.Selection(
        TEMPERATURES,
        string="Temperature",
        compute="_compute_score",
        search="_search_score_temperature",
        compute_sudo=True,
    )
    score_model_id = fields.Many2one(
        "lead.score.model",
        string="Scoring Model",
        compute="_compute_score",
        search="_search_score_model_id",
        compute_sudo=True,
    )
    score_reasons = fields.Json(
        compute="_compute_score_reasons",
        compute_sudo=True,
        help="The matching rules, with their points.",
    )
    score_open = fields.Json(
        string="Potential Points",
        compute="_compute_score_reasons",
        compute_sudo=True,
        help="Missing information that could raise the score, with points.",
    )
    score_snapshot_ids = fields.One2many(
        "lead.score.snapshot", "lead_id", string="Score History", readonly=True
    )

    @api.model
    def _derived_models(self):
        return [*super()._derived_models(), LEAD_SCORE]

    @api.model
    def _derived_columns(self):
        return {
            **super()._derived_columns(),
            "score_total": DerivedColumn(LEAD_SCORE, "total", 0),
            "score_fit": DerivedColumn(LEAD_SCORE, "fit", 0),
            "score_engagement": DerivedColumn(LEAD_SCORE, "engagement", 0),
            "score_grade": DerivedColumn(LEAD_SCORE, "grade", "C3"),
            "score_temperature": DerivedColumn(LEAD_SCORE, "temperature", "cold"),
            "score_model_id": DerivedColumn(LEAD_SCORE, "model_id", None),
            "score_reasons": DerivedColumn(LEAD_SCORE, None, None),
            "score_open": DerivedColumn(LEAD_SCORE, None, None),
        }

    def _compute_score(self):
        self._derived_read(LEAD_SCORE)

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_score_reasons(self):
        Score = self.env[LEAD_SCORE]
        explained = {}
        if self.ids:
            self._derived_flush()
            explained = Score._explain(self.ids)
        for lead in self:
            found = explained.get(lead._origin.id)
            lead.score_reasons = Score._get_lead_reasons(found) if found else []
            points_of = Score._get_open_points(lead, found) if found else {}
            hints = [
                # sudo: off, what the reader may not know of is no hint
                lead.sudo(False)._prepare_hint(kind, key, points)
                for (kind, key), points in points_of.items()
            ]
            lead.score_open = sorted(
                filter(None, hints), key=lambda hint: -hint["points"]
            )

    def _get_answer_gains(self):
        return self.score_open or super()._get_answer_gains()

    @api.model
    def _prepare_hint(self, kind, key, points):
        """Return what to tell of an information that is missing, or None."""
        if kind == "qualifier":
            Qualifier = self.env["lead.qualifier"]
            data = Qualifier._get_all()[key]
            if not Qualifier._is_visible(data):
                return None
            return {"label": data.name, "points": points, "qualifier": key}
        field = self._fields[key]
        if not self._has_field_access(field, "read"):
            return None
        return {
            "label": field._description_string(self.env),
            "points": points,
            "field": key,
        }

    # ------------------------------------------------------------
    # Search
    # ------------------------------------------------------------

    def _search_score_total(self, operator, value):
        return self._derived_search("score_total", operator, value)

    def _search_score_fit(self, operator, value):
        return self._derived_search("score_fit", operator, value)

    def _search_score_engagement(self, operator, value):
        return self._derived_search("score_engagement", operator, value)

    def _search_score_grade(self, operator, value):
        return self._derived_search("score_grade", operator, value)

    def _search_score_temperature(self, operator, value):
        return self._derived_search("score_temperature", operator, value)

    def _search_score_model_id(self, operator, value):
        return self._derived_search("score_model_id", operator, value)
