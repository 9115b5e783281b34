from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class LeadScoreModel(models.Model):
    """What a version would change for the open leads."""

    _inherit = "lead.score.model"

    def _test_open(self, data):
        """Return how many open leads would change, were this version active."""
        query = self._new_lead_query()
        pending = Domain("won_status", "=", "pending") & Domain("active", "=", True)
        companies = Domain("company_id", "in", [*self.env.companies.ids, False])
        scope = self._get_lead_domain(data.conditions, data.company_id)
        query.add_where(self._compile_domain(pending & companies & scope, query))
        rank = "array_position(ARRAY['cold', 'warm', 'hot']::varchar[], %s)"
        after = SQL(rank, SQL("scored.temperature"))
        before = SQL(rank, SQL("COALESCE(own.temperature, 'cold')"))
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE %(after)s > %(before)s),
                       count(*) FILTER (WHERE %(after)s < %(before)s),
                       count(*) FILTER (WHERE own.temperature = 'hot'),
                       count(*) FILTER (WHERE scored.temperature = 'hot')
                FROM (%(scores)s) AS scored
                LEFT JOIN lead_score own ON own.id = scored.id
                """,
                scores=self._sql_scores([data], query),
                after=after,
                before=before,
            )
        )
        names = ("leads", "warmer", "colder", "hot_before", "hot_after")
        return {
            **dict(zip(names, row, strict=True)),
            "rerouted": self._count_rerouted(data),
        }

    def _count_rerouted(self, data):
        """Return how many open leads would go elsewhere, were this version active.

        None where nothing asks for the score; later rooms say what does.
        """
        return None
