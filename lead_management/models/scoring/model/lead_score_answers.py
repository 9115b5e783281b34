from itertools import pairwise

from odoo import api, models
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows
from ...base.rule.conditions import LEAD_ID
from .lead_score_data import AnswerRow
from .lead_score_rule import QUALIFIER


class LeadScoreModel(models.Model):
    """What answers give, in SQL."""

    _inherit = "lead.score.model"

    @api.model
    def _get_answer_rows(self, models_):
        """Return what answers are matched with, as :class:`AnswerRow`."""
        rows = []
        for model in models_:
            rows += model.options
            for rule in model.rules:
                if rule.kind == QUALIFIER:
                    rows += self._get_rule_rows(rule)
        return rows

    @api.model
    def _get_rule_rows(self, rule):
        lows = sorted(b.low for b in rule.bands if not b.option_id and not b.is_unset)
        highs = dict(pairwise([*lows, None]))
        return [
            AnswerRow(
                rule.id,
                rule.qualifier_id,
                band.option_id or None,
                None if band.option_id else band.low,
                None if band.option_id else highs[band.low],
                band.points,
                self._name_answer(rule.name, band.name),
            )
            for band in rule.bands
            if not band.is_unset
        ]

    @api.model
    def _join_answers(self, query, models_, lead_ids):
        """Join the points that the answers of a lead give, a column a term.

        As for rules, a question of a company counts for the leads of that company.
        """
        rows = self._get_answer_rows(models_)
        asked = {row.qualifier_id for row in rows} | {
            rule.qualifier_id
            for model in models_
            for rule in model.rules
            if rule.kind == QUALIFIER
        }
        if not asked:
            return
        for name in ("lead.qualifier.answer", "lead.qualifier"):
            self.env[name].flush_model()
        terms = {row.term for row in rows} | {
            rule.id for model in models_ for rule in model.rules if rule.qualifier_id
        }
        columns = [
            SQL(
                "sum(known.points) FILTER (WHERE known.term = %s)::int4 AS %s",
                term,
                self._sql_term(term),
            )
            for term in sorted(terms)
        ]
        leads = SQL("TRUE")
        if lead_ids is not None:
            leads = SQL("answer.lead_id = ANY(%s)", list(lead_ids))
        points = SQL(
            """(
            SELECT answer.lead_id, %(columns)s,
                   array_agg(known.number) FILTER (WHERE known.points != 0) AS hits,
                   array_agg(DISTINCT answer.qualifier_id) AS answered
            FROM lead_qualifier_answer answer
            JOIN crm_lead lead ON lead.id = answer.lead_id
            JOIN lead_qualifier qualifier
                ON qualifier.id = answer.qualifier_id AND qualifier.active
                AND (qualifier.company_id IS NULL
                     OR qualifier.company_id = lead.company_id)
            LEFT JOIN lead_qualifier_answer_option_rel rel
                ON rel.answer_id = answer.id
            LEFT JOIN (%(known)s) AS known
                (number, term, qualifier_id, option_id, low, high, points)
                ON known.qualifier_id = answer.qualifier_id
                AND CASE WHEN known.option_id IS NULL
                    THEN answer.value_number >= known.low
                        AND (known.high IS NULL OR answer.value_number < known.high)
                    ELSE known.option_id = COALESCE(answer.option_id, rel.option_id)
                    END
            WHERE answer.is_current AND answer.qualifier_id = ANY(%(asked)s)
                AND %(leads)s
            GROUP BY answer.lead_id
            )""",
            columns=SQL(", ").join(columns),
            known=self._sql_answer_rows(rows),
            asked=sorted(asked),
            leads=leads,
        )
        query.add_join(
            "LEFT JOIN", "answers", points, SQL("answers.lead_id = %s", LEAD_ID)
        )

    @api.model
    def _sql_answer_rows(self, rows):
        types = ("int4", "int4", "int4", "int4", "numeric", "numeric", "int4")
        return sql_rows(types, [(n, *row[:-1]) for n, row in enumerate(rows)])

    @api.model
    def _sql_term(self, term):
        """Return the name of the column of a term."""
        return SQL.identifier(f"term_{abs(term)}_{'rule' if term > 0 else 'model'}")

    @api.model
    def _sql_joined(self, table, term):
        return SQL("COALESCE(%s.%s, 0)", SQL.identifier(table), self._sql_term(term))

    @api.model
    def _compile_answer_bands(self, rule):
        points = self._sql_joined("answers", rule.id)
        unset = sum(band.points for band in rule.bands if band.is_unset)
        if not unset:
            return points
        return SQL(
            "CASE WHEN %s = ANY(answers.answered) THEN %s ELSE %s END",
            rule.qualifier_id,
            points,
            unset,
        )
