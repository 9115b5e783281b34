from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..base.lead_rule_mixin import LEAD_ID


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

    @api.model
    def _get_denied_fields(self):
        return set(self.env["crm.lead"]._derived_fields(["lead.score"]))

    def _rules_changed(self):
        super()._rules_changed()
        self.env["crm.lead"]._derived_mark_all("lead.score")

    # ------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _get_points(self):
        """Return the points of each active rule, by id."""
        return {rule.id: rule.points for rule in self.sudo().search([])}

    @api.model
    def _compile_points(self, query, lead_ids=None):
        """Return the SQL expression of the points of a lead of ``query``."""
        points = self._get_points()
        terms = [
            SQL("CASE WHEN %s THEN %s ELSE 0 END", condition, points[rule.id])
            for rule, condition in self._compile_rules(query)
        ]
        Answer = self.env["lead.qualifier.answer"]
        if Answer._has_points():
            query.add_join(
                "LEFT JOIN",
                "answer_points",
                SQL("(%s)", Answer._sql_points(lead_ids)),
                SQL("answer_points.lead_id = %s", LEAD_ID),
            )
            terms.append(SQL("COALESCE(answer_points.points, 0)"))
        return SQL(" + ").join([SQL("0"), *terms])

    @api.model
    def _read_matches(self, lead_ids, *columns):
        """Return which rules each lead meets now, in one statement.

        :param columns: more SQL expressions to read of each lead
        :return: dict of lead id to a list of pairs (rule data, whether it is met),
          followed by what was read in addition
        """
        query = self._new_lead_query(lead_ids)
        compiled = self._compile_rules(query)
        rules = [rule for rule, __ in compiled]
        rows = self.env.execute_query(
            query.select(
                LEAD_ID,
                SQL(
                    "ARRAY[%s]::bool[]",
                    SQL(", ").join(SQL("(%s) IS TRUE", sql) for __, sql in compiled),
                ),
                *columns,
            )
        )
        return {
            lead_id: (list(zip(rules, matches, strict=True)), *others)
            for lead_id, matches, *others in rows
        }

    @api.model
    def _get_reasons(self, lead_ids):
        """Return the rules that each lead meets, and its answers that give points.

        :return: dict of lead id to a list of ``{"name": str, "points": int}``, the
          strongest first and what lowers the score last
        """
        points = self._get_points()
        Answer = self.env["lead.qualifier.answer"]
        chosen = SQL("ARRAY[]::int[]")
        if Answer._has_points():
            chosen = Answer._sql_options(LEAD_ID)
        reasons = {}
        for lead_id, (matches, option_ids) in self._read_matches(
            lead_ids, chosen
        ).items():
            matched = [
                {"name": rule.name, "points": points[rule.id]}
                for rule, match in matches
                if match and points[rule.id]
            ]
            reasons[lead_id] = sorted(
                matched + Answer._get_point_reasons(option_ids),
                key=lambda reason: -reason["points"],
            )
        return reasons

    @api.model
    def _get_open_points(self, lead_ids, fnames):
        """Return the points that rules not met yet would add, by the field they read.

        :param fnames: the names of the fields to tell about
        :return: dict of lead id to a dict of field name to points
        """
        points = self._get_points()
        fields_of = {
            rule.id: self._read_fields(rule) & set(fnames)
            for rule in self._active_rules()
            if points[rule.id] > 0
        }
        if not any(fields_of.values()):
            return {}
        open_points = {}
        for lead_id, (matches,) in self._read_matches(lead_ids).items():
            of_lead = open_points.setdefault(lead_id, {})
            for rule, match in matches:
                if not match:
                    for fname in fields_of.get(rule.id, ()):
                        of_lead[fname] = of_lead.get(fname, 0) + points[rule.id]
        return open_points
