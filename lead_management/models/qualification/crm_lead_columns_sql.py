from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .lead_qualifier import CHOICE, MULTIPLE, OPTION_KINDS, YES_NO
from .lead_qualifier_answer import VALUE_COLUMNS


class CrmLead(models.Model):
    """Searching, sorting and grouping leads by the columns of questions."""

    _inherit = "crm.lead"

    # What a list counts its leads by, in their order: beside the answers, which are in
    # the same, not a lead is read, and it ends with as many as the list shows.
    _listed_idx = models.Index(
        "(id) INCLUDE (type, company_id, user_id, team_id) WHERE active IS TRUE"
    )

    def _search_qualifier_column(self, column, operator, value):
        """Search the answers; what is negative is left to the ORM to invert."""
        if operator.startswith("not ") or operator == "!=":
            return NotImplemented
        data = self._get_question(column)
        self._check_question_access(data)
        answered = self.env["lead.qualifier"]._get_answered_domain(data)
        unset = Domain.FALSE
        if operator == "in":
            if False in value or None in value:
                unset = ~answered
            value = [item for item in value if item is not False and item is not None]
            if not value:
                return unset
            if data.kind in OPTION_KINDS and data.kind != MULTIPLE:
                value = [o.id for o in data.options if o.key in value]
        elif data.kind in OPTION_KINDS and data.kind != MULTIPLE:
            return NotImplemented
        matching = Domain("qualifier_id", "=", data.id) & Domain(
            VALUE_COLUMNS[data.kind], operator, value, internal=True
        )
        found = Domain("qualifier_answer_ids", "any!", matching, internal=True)
        return found | unset

    def _field_to_sql(self, alias, field_expr, query=None):
        data = self._get_question(field_expr)
        if not data or data.column != field_expr or data.kind == MULTIPLE:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_question_access(data)
        answer_alias = self._join_answer(alias, data, query)
        column = VALUE_COLUMNS[data.kind]
        Answer = self.env["lead.qualifier.answer"]
        value = SQL.identifier(answer_alias, column, to_flush=Answer._fields[column])
        if data.kind not in OPTION_KINDS:
            return value
        keys = [SQL("WHEN %s THEN %s", o.id, o.key) for o in data.options]
        return (
            SQL("CASE %s %s END", value, SQL(" ").join(keys)) if keys else SQL("NULL")
        )

    @api.model
    def _join_answer(self, alias, data, query):
        answer_alias = query.make_alias(alias, data.column)
        query.add_join(
            "LEFT JOIN",
            answer_alias,
            "lead_qualifier_answer",
            SQL(
                "%s = %s AND %s = %s AND %s",
                SQL.identifier(alias, "id"),
                SQL.identifier(answer_alias, "lead_id"),
                SQL.identifier(answer_alias, "qualifier_id"),
                data.id,
                SQL.identifier(answer_alias, "is_current"),
            ),
        )
        return answer_alias

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Group by a question with several choices: a lead is in each of its groups."""
        data = self._get_question(groupby_spec)
        if not data or data.column != groupby_spec or data.kind != MULTIPLE:
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_question_access(data)
        answer_alias = self._join_answer(alias, data, query)
        option_alias = query.make_alias(answer_alias, "option")
        query.add_join(
            "LEFT JOIN",
            option_alias,
            "lead_qualifier_answer_option_rel",
            SQL(
                "%s = %s",
                SQL.identifier(answer_alias, "id"),
                SQL.identifier(option_alias, "answer_id"),
            ),
        )
        return SQL.identifier(option_alias, "option_id")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort choices in the order of the options, not by their technical names."""
        data = self._get_question(field_name)
        if not self._is_choice_column(field_name):
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        term = self._sql_option_position(
            data, self._field_to_sql(alias, field_name, query)
        )
        query._order_groupby.append(term)
        return SQL("%s %s %s", term, direction, nulls)

    def _read_group_orderby(self, order, groupby_terms, query):
        """The groups of a choice come in the order of its options."""
        parts = [part.split() for part in (order or ",".join(groupby_terms)).split(",")]
        if not any(part and self._is_choice_column(part[0]) for part in parts):
            return super()._read_group_orderby(order, groupby_terms, query)
        terms = []
        for name, *words in parts:
            if name in groupby_terms and self._is_choice_column(name):
                data = self._get_question(name)
                direction = SQL("DESC" if "desc" in map(str.lower, words) else "ASC")
                position = self._sql_option_position(data, groupby_terms[name])
                terms.append(SQL("%s %s", position, direction))
            else:
                part = " ".join([name, *words])
                terms.append(super()._read_group_orderby(part, groupby_terms, query))
        return SQL(", ").join(terms)

    @api.model
    def _is_choice_column(self, fname):
        data = self._get_question(fname)
        return bool(data) and data.column == fname and data.kind in (YES_NO, CHOICE)

    @api.model
    def _sql_option_position(self, data, key):
        positions = [
            SQL("WHEN %s THEN %s", option.key, number)
            for number, option in enumerate(data.options)
        ]
        return SQL("CASE %s %s END", key, SQL(" ").join(positions))
