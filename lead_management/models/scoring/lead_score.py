from odoo import api, fields, models
from odoo.tools import SQL

from ..base.context import BY_RULES

TEMPERATURES = [("cold", "Cold"), ("warm", "Warm"), ("hot", "Hot")]
GRADES = [f"{letter}{digit}" for letter in "ABC" for digit in "123"]
COLUMNS = ("model_id", "fit", "engagement", "total", "grade", "temperature")


class LeadScore(models.Model):
    _name = "lead.score"
    _inherit = ["lead.derived.mixin"]
    _description = "Lead Score"
    _log_access = False
    _reports_changes = True
    _indexed = ("total",)

    model_id = fields.Many2one("lead.score.model", ondelete="set null", index=True)
    fit = fields.Integer(required=True)
    engagement = fields.Integer(required=True)
    total = fields.Integer(required=True)
    grade = fields.Char(required=True)
    temperature = fields.Selection(TEMPERATURES, required=True)

    # the hottest leads of a column or of a list, without sorting all of them
    _total_idx = models.Index("(total DESC, lead_id DESC)")
    _hot_idx = models.Index("(total DESC, lead_id DESC) WHERE temperature = 'hot'")

    @api.model
    def _source_fields(self):
        Model = self.env["lead.score.model"]
        return Model._get_source_fields(Model._get_active())

    @api.model
    def _prepare_refresh(self, lead_ids, nowait):
        """Return the one statement that brings scores up to date.

        Leads that turned colder or hotter are noted, for what is to happen then (new
        ones only when they are hot), and moments are recorded; not when everything is
        scored again by other rules.
        """
        Model = self.env["lead.score.model"]
        query = Model._new_lead_query(lead_ids)
        self._prepare_query(query, lead_ids, nowait)
        scores = Model._sql_scores(Model._get_active(), query, lead_ids)
        reached = self.env["crm.lead"]._score_get_moments(lead_ids)
        # MATERIALIZED: a join the other way round would work all out once per row. Rows
        # that stay are not even locked, as a bare upsert would.
        statement = SQL(
            """
            WITH scored AS MATERIALIZED (%(scores)s),
            changed AS MATERIALIZED (
                SELECT scored.*, COALESCE(
                    before.temperature,
                    CASE scored.temperature WHEN 'hot' THEN 'cold'
                        ELSE scored.temperature END
                ) AS turned_from
                FROM scored LEFT JOIN lead_score before ON before.id = scored.id
                WHERE before.id IS NULL OR (%(before)s) IS DISTINCT FROM (%(scored)s)
            ),
            upserted AS (
                INSERT INTO lead_score (id, lead_id, %(columns)s)
                SELECT id, id, %(columns)s FROM changed
                ON CONFLICT (id) DO UPDATE SET (%(columns)s) = (%(excluded)s)
            )%(recorded)s
            SELECT id, turned_from, temperature, total FROM changed
            WHERE %(crossings)s AND turned_from != temperature
            """,
            scores=scores,
            columns=SQL(", ").join(map(SQL.identifier, COLUMNS)),
            excluded=self._sql_columns("excluded"),
            before=self._sql_columns("before"),
            scored=self._sql_columns("scored"),
            recorded=self._sql_recorded(reached),
            crossings=SQL("FALSE")
            if self._skips_notifications(lead_ids)
            else SQL("TRUE"),
        )
        return [statement]

    @api.model
    def _refreshed(self, lead_ids, rows):
        CrmLead = self.env["crm.lead"]
        CrmLead._score_note_crossings(rows)
        CrmLead._score_forget_moments(CrmLead._score_get_moments(lead_ids))

    @api.model
    def _drop_failing(self, lead_ids):
        return self.env["lead.score.model"]._drop_failing(lead_ids)

    @api.model
    def _sql_columns(self, table):
        return SQL(", ").join(SQL.identifier(table, column) for column in COLUMNS)

    @api.model
    def _sql_recorded(self, reached):
        if not reached:
            return SQL("")
        self.env["crm.lead"].flush_model()
        Snapshot = self.env["lead.score.snapshot"]
        return SQL(
            ", recorded AS (%s)",
            Snapshot._sql_insert("scored", Snapshot._sql_moments(reached)),
        )

    @api.model
    def _skips_notifications(self, lead_ids):
        """Return whether nothing is to happen because of a new temperature.

        What changed is then not the lead but the rules: nobody wants to be told of a
        thousand leads at once.
        """
        return lead_ids is None or BY_RULES.get(self.env)
