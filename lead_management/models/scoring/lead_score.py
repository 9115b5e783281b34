from odoo import api, fields, models
from odoo.tools import SQL

from ..base.lead_rule_mixin import LEAD_ID

DEFAULT_WARM_FROM = 30
DEFAULT_HOT_FROM = 60

# From this many leads on PostgreSQL would compile the statement, which costs more than
# it saves.
COMPILED_FROM = 1_000

TEMPERATURES = [("cold", "Cold"), ("warm", "Warm"), ("hot", "Hot")]


class LeadScore(models.Model):
    _name = "lead.score"
    _inherit = ["lead.derived.mixin"]
    _description = "Lead Score"
    _log_access = False

    total = fields.Integer(required=True)
    temperature = fields.Selection(TEMPERATURES, required=True)

    @api.model
    def _get_thresholds(self):
        """Return the scores (warm from, hot from), both 0 to 100."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return (
            int(get_param("lead_management.score_warm_from", DEFAULT_WARM_FROM)),
            int(get_param("lead_management.score_hot_from", DEFAULT_HOT_FROM)),
        )

    @api.model
    def _source_fields(self):
        names = self.env["lead.score.rule"]._rule_fields()
        if self.env["lead.qualifier.answer"]._has_points():
            names = names | {"qualifier_answer_ids"}
        return names

    @api.model
    def _refresh(self, lead_ids=None):
        """Bring the score of leads up to date in one statement.

        The total is the sum of the points of the rules a lead meets, and of the answers
        it gave, limited to 0..100.
        """
        if lead_ids is None or len(lead_ids) > COMPILED_FROM:
            self.env.cr.execute("SET LOCAL jit = off")
        ScoreRule = self.env["lead.score.rule"]
        query = ScoreRule._new_lead_query(lead_ids)
        points = ScoreRule._compile_points(query, lead_ids)
        warm_from, hot_from = self._get_thresholds()
        self.env.execute_query(
            SQL(
                # MATERIALIZED: otherwise every condition is evaluated once per use
                """
                WITH points AS MATERIALIZED (%(select)s),
                total AS (
                    SELECT id, LEAST(100, GREATEST(0, points)) AS total FROM points
                )
                INSERT INTO lead_score (id, lead_id, total, temperature)
                SELECT id, id, total,
                       CASE WHEN total >= %(hot)s THEN 'hot'
                            WHEN total >= %(warm)s THEN 'warm'
                            ELSE 'cold' END
                FROM total
                ON CONFLICT (id) DO UPDATE
                SET total = EXCLUDED.total, temperature = EXCLUDED.temperature
                WHERE (lead_score.total, lead_score.temperature)
                      IS DISTINCT FROM (EXCLUDED.total, EXCLUDED.temperature)
                """,
                select=query.select(
                    SQL("%s AS id", LEAD_ID),
                    SQL("%s AS points", points),
                ),
                hot=hot_from,
                warm=warm_from,
            )
        )
