from odoo import api, fields, models
from odoo.tools import SQL

from ..base.fast.sql_rows import sql_rows
from .lead_score import TEMPERATURES

CAPTURE, ASSIGNMENT, CONTACT = "capture", "assignment", "contact"
QUALIFIED, WON, LOST = "qualified", "won", "lost"
MOMENTS = [
    (CAPTURE, "Received"),
    (ASSIGNMENT, "Assigned"),
    (CONTACT, "First Contact"),
    (QUALIFIED, "Qualified"),
    (WON, "Won"),
    (LOST, "Lost"),
]
# The fields whose values have an order of their own.
RANKED = {"moment": MOMENTS, "temperature": TEMPERATURES}
# Columns that say nothing of a lead, or too much: texts of any length.
LEFT_OUT_TYPES = ("html", "text", "json", "properties", "binary")


class LeadScoreSnapshot(models.Model):
    """The score of a lead at a moment of its life, written once.

    At capture the columns of the lead are kept too, so that other rules can be tried on
    what was known then. Reports that take the score from here do not leak what came
    later.
    """

    _name = "lead.score.snapshot"
    _inherit = ["lead.row.mixin"]
    _description = "Score History"
    _order = "date desc, id desc"
    _log_access = False
    _impersonal = ("grade",)

    lead_id = fields.Many2one(index=False)
    moment = fields.Selection(MOMENTS, string="Milestone", required=True)
    date = fields.Datetime(required=True)
    model_id = fields.Many2one("lead.score.model", ondelete="set null")
    total = fields.Integer(string="Score", aggregator="avg")
    fit = fields.Integer(aggregator="avg")
    engagement = fields.Integer(aggregator="avg")
    grade = fields.Char()
    temperature = fields.Selection(TEMPERATURES)
    values = fields.Json(string="Known at the Time")

    _date_idx = models.Index("(date)")
    _moment_uniq = models.UniqueIndex(
        "(lead_id, moment)", "Each milestone of a lead is recorded only once."
    )

    @api.depends("lead_id", "moment")
    def _compute_display_name(self):
        moments = dict(self._fields["moment"]._description_selection(self.env))
        for snapshot in self:
            snapshot.display_name = (
                f"{snapshot.lead_id.name}: {moments[snapshot.moment]}"
            )

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Put moments and temperatures in their order, not in that of the alphabet."""
        ranked = {
            term: self._sql_rank(term, sql) for term, sql in groupby_terms.items()
        }
        result = super()._read_group_orderby(order, ranked, query)
        # terms of records may have got what they are ordered by
        groupby_terms.update(
            {term: sql for term, sql in ranked.items() if term not in RANKED}
        )
        return result

    @api.model
    def _sql_rank(self, term, sql):
        """Return what a group is ordered by: for a choice, its place among all."""
        if term not in RANKED:
            return sql
        return SQL("array_position(%s::varchar[], %s)", [*dict(RANKED[term])], sql)

    @api.model
    def _get_left_out(self):
        """Return the columns of a lead that are not kept."""
        return [
            field.name
            for field in self.env["crm.lead"]._fields.values()
            if field.store and field.type in LEFT_OUT_TYPES
        ]

    @api.model
    def _sql_insert(self, scores, moments):
        """Return the statement that records moments.

        :param scores: name of a table or query with the columns of ``lead.score``
        :param moments: query of (lead_id, moment)
        """
        return SQL(
            """
            INSERT INTO lead_score_snapshot
                (lead_id, moment, date, model_id, total, fit, engagement, grade,
                 temperature, values)
            SELECT lead.id, reached.moment, %(now)s, score.model_id, score.total,
                   score.fit, score.engagement, score.grade, score.temperature,
                   CASE reached.moment WHEN 'capture' THEN %(values)s END
            FROM (%(moments)s) AS reached (lead_id, moment)
            JOIN crm_lead lead ON lead.id = reached.lead_id
            JOIN %(scores)s AS score ON score.id = lead.id
            ON CONFLICT DO NOTHING
            """,
            now=fields.Datetime.now(),
            values=self._sql_kept(SQL("to_jsonb(lead)")),
            moments=moments,
            scores=SQL.identifier(scores),
        )

    @api.model
    def _sql_moments(self, reached):
        """Return a query of (lead_id, moment), of a dict of moment to lead ids."""
        rows = [
            (lead_id, moment)
            for moment, lead_ids in sorted(reached.items())
            for lead_id in sorted(lead_ids)
        ]
        return sql_rows(("int4", "text"), rows)

    @api.model
    def _record(self, reached):
        """Record moments with the score the leads have now, in one statement.

        :param reached: dict of moment to a set of lead ids
        """
        self.env["crm.lead"].flush_model()
        self.env.cr.execute(self._sql_insert("lead_score", self._sql_moments(reached)))
        self.env["crm.lead"]._score_forget_moments(reached)
