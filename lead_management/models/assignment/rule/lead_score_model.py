from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...base.fast.shadow import shadow
from ...base.rule.conditions import LEAD_ID


class LeadScoreModel(models.Model):
    """Whom leads would go to, were a version active."""

    _inherit = "lead.score.model"

    def _count_rerouted(self, data):
        """Return how many open leads another assignment rule would take, or None.

        None when no assignment rule asks for the score.
        """
        # sudo: rules the user does not see take leads, too
        Rule = self.env["lead.assignment.rule"].sudo()
        score_fields = set(self.env["crm.lead"]._derived_fields(["lead.score"]))
        if score_fields.isdisjoint(Rule._rule_fields()):
            return None
        before = self._read_routes(Rule)
        scores = self._sql_scores([data, *self._get_active()], self._new_lead_query())
        rows = SQL("SELECT scored.id AS lead_id, scored.* FROM (%s) AS scored", scores)
        with shadow(self.env, "lead_score", rows):
            after = self._read_routes(Rule)
        return sum(before[lead_id] != route for lead_id, route in after.items())

    def _read_routes(self, Rule):
        """Return which assignment rule fits each open lead first."""
        query = Rule._new_lead_query()
        pending = Domain("won_status", "=", "pending") & Domain(
            "company_id", "in", [*self.env.companies.ids, False]
        )
        query.add_where(Rule._compile_domain(pending, query))
        whens = [
            SQL("WHEN %s THEN %s", condition, rule.id)
            for rule, condition in Rule._compile_rules(query)
        ]
        route = SQL("CASE %s END", SQL(" ").join(whens)) if whens else SQL("NULL")
        return dict(self.env.execute_query(query.select(LEAD_ID, route)))
