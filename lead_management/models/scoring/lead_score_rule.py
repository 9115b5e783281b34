from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache

from ..base.lead_rule_mixin import LEAD_ID

# Up to this many leads a change of the rules is worked in at once, while the user
# waits (a fraction of a second); beyond, a cron does it in the background.
RESCORE_AT_ONCE = 20_000


class LeadScoreRule(models.Model):
    _name = "lead.score.rule"
    _inherit = ["lead.rule.mixin"]
    _description = "Scoring Rule"

    points = fields.Integer(
        required=True,
        default=10,
        help="Added to the score of the leads that meet the condition. Negative points "
        "lower it. The score of a lead is the sum, limited to 0..100.",
    )

    _points_range = models.Constraint(
        "CHECK(points BETWEEN -100 AND 100)",
        "The points of a rule lie between -100 and 100.",
    )

    @api.constrains("domain")
    def _check_domain_without_score(self):
        """A score that depends on itself would never settle."""
        for rule in self:
            for condition in self._parse_domain(rule.domain).iter_conditions():
                if condition.field_expr.startswith("score_"):
                    raise ValidationError(
                        self.env._(
                            "“%(rule)s” gives points for a score: choose a condition "
                            "on the lead itself.",
                            rule=rule.name,
                        )
                    )

    def _rules_changed(self):
        super()._rules_changed()
        self.env["crm.lead"]._score_mark_all()

    # ------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _get_points(self):
        """Return the points of each active rule, by id."""
        return {rule.id: rule.points for rule in self.sudo().search([])}

    @api.model
    def _compile_points(self, query):
        """Return the SQL expression of the points of a lead of ``query``."""
        points = self._get_points()
        return SQL(" + ").join(
            [
                SQL("0"),
                *(
                    SQL("CASE WHEN %s THEN %s ELSE 0 END", condition, points[rule.id])
                    for rule, condition in self._compile_rules(query)
                ),
            ]
        )

    @api.model
    def _get_reasons(self, lead_ids):
        """Return the rules that each lead meets now, in one statement.

        :return: dict of lead id to a list of ``{"name": str, "points": int}``, the
          strongest first and what lowers the score last
        """
        query = self._new_lead_query(lead_ids)
        compiled = self._compile_rules(query)
        points = self._get_points()
        rows = self.env.execute_query(
            query.select(
                LEAD_ID,
                *(SQL("(%s) IS TRUE", condition) for __, condition in compiled),
            )
        )
        reasons = {}
        for lead_id, *matches in rows:
            matched = [
                {"name": rule.name, "points": points[rule.id]}
                for (rule, __), match in zip(compiled, matches, strict=True)
                if match and points[rule.id]
            ]
            reasons[lead_id] = sorted(matched, key=lambda reason: -reason["points"])
        return reasons

    # ------------------------------------------------------------
    # Cron
    # ------------------------------------------------------------

    @api.model
    def _cron_rescore(self, batch_size=50_000):
        """Rescore every lead, for conditions on time and on related records."""
        CrmLead = self.env["crm.lead"].with_context(active_test=False)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=CrmLead.search_count([]))
        last_id = 0
        while batch := CrmLead.search(
            [("id", ">", last_id)], order="id", limit=batch_size
        ):
            self.env["lead.score"]._rescore(batch.ids)
            last_id = batch.ids[-1]
            self.env.invalidate_all()
            progress(len(batch))
