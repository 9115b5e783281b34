from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows
from ...base.rule.conditions import DOMAIN_ERRORS, LEAD_ID
from .lead_score_rule import ACTIVITY, ENGAGEMENT, FIT, VETO

# What a model comes to in SQL: whom it scores, and (rule or None, points) of each term.
Compiled = namedtuple("Compiled", "model applies terms")


class LeadScoreModel(models.Model):
    """Scoring models as one SQL query."""

    _inherit = "lead.score.model"

    @api.model
    def _compile(self, models_, query, lead_ids=None, events=None):
        """Compile scoring models to SQL expressions on the leads of ``query``.

        :param models_: ``ModelData``, in the order they are asked
        :param query: a :class:`~odoo.tools.Query` on ``crm_lead``; joins are added
        :param lead_ids: what the query is restricted to, or None for all leads
        :param events: a query of events in place of those that really happened
        :return: list of :class:`Compiled`
        """
        rules = [rule for model in models_ for rule in model.rules]
        self._join_answers(query, models_, lead_ids)
        self._join_events(
            query, [r for r in rules if r.kind == ACTIVITY], lead_ids, events
        )
        compiled = []
        for model in models_:
            applies = None
            try:
                domain = self._get_engine_domain(model.conditions, model.company_id)
                if not domain.is_true():
                    applies = self._compile_domain(domain, query)
            except DOMAIN_ERRORS as error:
                # sudo: whoever meets a broken model need not be a manager
                self.browse(model.id).sudo()._switch_off(str(error))
                continue
            compiled.append(Compiled(model, applies, self._compile_terms(model, query)))
        return compiled

    @api.model
    def _compile_terms(self, model, query):
        terms = []
        for rule in model.rules:
            try:
                points = self._compile_rule(rule, query)
            except DOMAIN_ERRORS as error:
                # sudo: whoever meets a broken rule need not be a manager
                self.env["lead.score.rule"].browse(rule.id).sudo()._switch_off(
                    str(error)
                )
                continue
            terms.append((rule, points))
        if model.options:
            terms.append((None, self._sql_joined("answers", -model.id)))
        return terms

    @api.model
    def _drop_failing(self, lead_ids=None):
        """Switch off the conditions that fail on some of these leads.

        :return: whether there were any
        """
        query = self._new_lead_query(lead_ids)
        compiled = self._compile(self._get_active(), query, lead_ids)
        scopes = [(one.model, one.applies) for one in compiled if one.applies]
        terms = [
            (rule, SQL("(%s) IS NOT NULL", points))
            for one in compiled
            for rule, points in one.terms
            if rule
        ]
        Rule = self.env["lead.score.rule"]
        passing = [
            *self._get_passing(query, scopes, self),
            *self._get_passing(query, terms, Rule),
        ]
        return len(passing) < len(scopes) + len(terms)

    # ------------------------------------------------------------
    # Sums
    # ------------------------------------------------------------

    @api.model
    def _sql_dimension(self, compiled, dimension):
        """Return the points of a dimension, each group within its limits."""
        by_group = {}
        for rule, points in compiled.terms:
            of = rule.dimension if rule else FIT
            if of == dimension and not (rule and rule.kind == VETO):
                by_group.setdefault(rule.group_id if rule else False, []).append(points)
        limits = {group.id: group for group in compiled.model.groups}
        base = compiled.model.base if dimension == FIT else 0
        sums = [SQL("%s", base), *by_group.pop(False, [])]
        for group_id, points in by_group.items():
            group = limits[group_id]
            sums.append(
                SQL(
                    "GREATEST(%s, LEAST(%s, %s))",
                    group.floor,
                    group.cap,
                    SQL(" + ").join(points),
                )
            )
        return SQL(" + ").join(sums)

    @api.model
    def _sql_raw(self, compiled):
        """Return SQL expressions: the model of a lead, its points, the vetoes."""
        vetoes = [
            SQL(" + ").join(
                [
                    SQL("0"),
                    *(
                        points
                        for rule, points in one.terms
                        if rule and rule.kind == VETO
                    ),
                ]
            )
            for one in compiled
        ]
        return (
            self._sql_first(compiled, [SQL("%s", c.model.id) for c in compiled], None),
            self._sql_first(compiled, [self._sql_dimension(c, FIT) for c in compiled]),
            self._sql_first(
                compiled, [self._sql_dimension(c, ENGAGEMENT) for c in compiled]
            ),
            self._sql_first(compiled, vetoes),
        )

    @api.model
    def _sql_first(self, compiled, expressions, default=0):
        """Return the expression of the first model that applies to a lead."""
        whens = []
        otherwise = SQL("%s::int4", default)
        for one, expression in zip(compiled, expressions, strict=True):
            if one.applies is None:
                otherwise = expression
                break
            whens.append(SQL("WHEN %s THEN %s", one.applies, expression))
        if not whens:
            return otherwise
        return SQL("CASE %s ELSE %s END", SQL(" ").join(whens), otherwise)

    @api.model
    def _sql_scores(self, models_, query, lead_ids=None, events=None, more=None):
        """Return a query of scores, one row a lead.

        Its columns: ``id``, ``model_id``, ``fit``, ``engagement``, ``total`` (0 to
        100), ``grade``, ``temperature`` (null without a model), and those of ``more``.

        The points of a dimension are scaled to 0..100 by
        ``100 * points / points for a score of 100``, rounded half up.

        :param more: function of the list of :class:`Compiled` that returns further
          columns of the inner query, as pairs (name, SQL expression)
        """
        compiled = self._compile(models_, query, lead_ids, events)
        model_id, fit, engagement, veto = self._sql_raw(compiled)
        others = more(compiled) if more else []
        raw = query.select(
            SQL("%s AS id", LEAD_ID),
            SQL("%s AS model_id", model_id),
            SQL("(%s)::int4 AS fit_points", fit),
            SQL("(%s)::int4 AS engagement_points", engagement),
            SQL("(%s)::int4 AS veto", veto),
            *(SQL("%s AS %s", sql, SQL.identifier(name)) for name, sql in others),
        )
        names = SQL("").join(
            SQL(", scaled.%s", SQL.identifier(name)) for name, __ in others
        )
        # OFFSET 0: otherwise each condition is evaluated once per use
        return SQL(
            """
            SELECT scaled.id, scaled.model_id, scaled.fit, scaled.engagement,
                   scaled.total,
                   CASE WHEN scaled.veto > 0 THEN 'C'
                        WHEN scaled.fit >= scaled.fit_a THEN 'A'
                        WHEN scaled.fit >= scaled.fit_b THEN 'B'
                        ELSE 'C' END ||
                   CASE WHEN scaled.veto > 0 THEN '3'
                        WHEN scaled.engagement >= scaled.engagement_1 THEN '1'
                        WHEN scaled.engagement >= scaled.engagement_2 THEN '2'
                        ELSE '3' END AS grade,
                   CASE WHEN scaled.veto > 0 THEN 'cold'
                        WHEN scaled.total >= scaled.hot THEN 'hot'
                        WHEN scaled.total >= scaled.warm THEN 'warm'
                        ELSE 'cold' END AS temperature%(names)s
            FROM (
                SELECT raw.*, scale.*, %(fit)s AS fit, %(engagement)s AS engagement,
                       CASE WHEN raw.veto > 0 THEN 0 ELSE %(total)s END AS total
                FROM (%(raw)s OFFSET 0) AS raw
                LEFT JOIN (%(scale)s) AS scale
                    (scale_id, full_points, warm, hot, fit_b, fit_a, engagement_2,
                     engagement_1) ON scale.scale_id = raw.model_id
                OFFSET 0
            ) AS scaled
            """,
            names=names,
            raw=raw,
            scale=self._sql_scale([one.model for one in compiled]),
            fit=self._sql_scaled("raw.fit_points"),
            engagement=self._sql_scaled("raw.engagement_points"),
            total=self._sql_scaled("(raw.fit_points + raw.engagement_points)"),
        )

    @api.model
    def _sql_scaled(self, points):
        """Return points in percent of those for a score of 100, rounded half up."""
        full = "COALESCE(scale.full_points, 100)"
        return SQL(f"LEAST(100, (200 * GREATEST(0, {points}) + {full}) / (2 * {full}))")

    @api.model
    def _sql_scale(self, models_):
        rows = [(model.id, model.full, *model.thresholds) for model in models_]
        return sql_rows(["int4"] * 8, rows)
