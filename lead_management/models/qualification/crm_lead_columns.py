from functools import partial

from lxml import etree

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.choices import ChoiceChange
from .lead_qualifier import (
    CHOICE,
    COLUMN_PREFIX,
    DATE,
    MULTIPLE,
    NUMBER,
    OPTION_KINDS,
    TEXT_SUFFIX,
    YES_NO,
)
from .lead_qualifier_answer import VALUE_COLUMNS

# How a list shows the answers of each kind.
LIST_WIDGETS = {
    "selection": {"widget": "badge"},
    "many2many": {"widget": "many2many_tags"},
    "float": {"widget": "lead_qualifier_number"},
}


class CrmLead(models.Model):
    """One column per question: lists, filters, conditions, imports and templates.

    The columns are custom fields (``ir_model_fields.py``) that are read from the
    answers, joined where they are searched, sorted or grouped, and whose values are
    taken out of ``create`` and ``write`` and noted as answers.
    """

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    @api.model
    def _get_question(self, fname):
        """Return the question whose column this is, or None."""
        if not fname.startswith(COLUMN_PREFIX):
            return None
        by_column = self.env["lead.qualifier"]._get_by_column()
        return by_column.get(fname) or by_column.get(fname.removesuffix(TEXT_SUFFIX))

    # Not by _has_field_access: the ORM asks it each time a field of a record is read,
    # which would cost a list a tenth of its time.

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Tell nobody of a question of another company."""
        description = super().fields_get(allfields, attributes)
        visible = self.env["lead.qualifier"]._is_visible
        return {
            fname: values
            for fname, values in description.items()
            if not (data := self._get_question(fname)) or visible(data)
        }

    @api.model
    def _check_question_access(self, data):
        """Refuse to search, sort, group or write by a question of another company."""
        if not self.env["lead.qualifier"]._is_visible(data):
            raise AccessError(self.env._("“%s” is no field you may use.", data.column))

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    @api.depends("qualifier_answer_ids")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_qualifier_columns(self):
        Answer = self.env["lead.qualifier.answer"]
        answers = Answer._read_current(self.ids) if self.ids else {}
        for column, data in self.env["lead.qualifier"]._get_by_column().items():
            if column not in self._fields:
                continue  # never in service
            has_text = f"{column}{TEXT_SUFFIX}" in self._fields
            visible = self.env["lead.qualifier"]._is_visible(data)
            for lead in self:
                answer = visible and answers.get((lead._origin.id, data.id))
                value = answer["value"] if answer else None
                lead[column] = self._to_column(data, value)
                if has_text:
                    shown = Answer._show(data, value) if answer else False
                    lead[f"{column}{TEXT_SUFFIX}"] = shown

    @api.model
    def _to_column(self, data, value):
        """Return what the column of a question holds for an answer, None for none."""
        if data.kind == MULTIPLE:
            return self.env["lead.qualifier.option"].browse(value or [])
        if data.kind in OPTION_KINDS:
            return next((o.key for o in data.options if o.id == value), False)
        return value if value is not None else False

    def _get_qualifier_selection(self, column):
        data = self._get_question(column)
        return [(option.key, option.name) for option in data.options] if data else []

    # ------------------------------------------------------------
    # Searching, sorting, grouping
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    def _answers_prepare(self, change):
        given = change.own["answers"] = []
        change.split(partial(self._take_answers, given))

    def _take_answers(self, given, leads, vals):
        """Take the answers out of what is written, and add them to those given."""
        values, answers = self._split_answers(vals)
        given.append((leads, answers))
        # where somebody only answers, Odoo has nothing to write
        return [] if answers and leads and not values else [(leads, values)]

    def _answers_changed(self, change):
        given = change.own["answers"]
        if change.is_new:
            given = [
                (lead, answers) for lead, (__, answers) in zip(self, given, strict=True)
            ]
        given = {
            lead.id: answers for leads, answers in given if answers for lead in leads
        }
        if given and not change.is_new:
            self.check_access("write")
        if given:
            self._record_answers_of(given)

    @api.model
    def _split_answers(self, vals):
        """Return the values of fields, and the answers by question."""
        columns = [fname for fname in vals if fname.startswith(COLUMN_PREFIX)]
        if not columns:
            return vals, {}
        others = {fname: vals[fname] for fname in vals if fname not in columns}
        answers = {}
        for column in columns:
            data = self._get_question(column)
            if not data or data.column != column:
                continue
            self._check_question_access(data)
            value = vals[column]
            if data.kind == MULTIPLE:
                value = self._read_choices(data, value)
            answers[data.id] = value
        return others, answers

    @api.model
    def _read_choices(self, data, value):
        """Return how somebody changes the choices of an answer, or their names."""
        names = value if isinstance(value, list) else [value]
        if any(isinstance(name, str) for name in names):
            return value
        try:
            return ChoiceChange(value)
        except (ValueError, TypeError) as error:
            raise ValidationError(
                self.env._(
                    "Choose among what “%s” offers: its choices can be added to a lead "
                    "and taken off it, and are made in the question itself.",
                    data.name,
                )
            ) from error

    # ------------------------------------------------------------
    # Views
    # ------------------------------------------------------------

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, tuple(self.env.companies.ids))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Offer the questions as columns of lists, and in searches."""
        arch, view = super()._get_view(view_id, view_type, **options)
        extend = {"list": self._add_list_columns, "search": self._add_search_items}
        if view_type in extend:
            visible = [
                data
                for column, data in self.env["lead.qualifier"]._get_by_column().items()
                if data.active
                and column in self._fields
                and self.env["lead.qualifier"]._is_visible(data)
            ]
            extend[view_type](arch, visible)
        return arch, view

    @api.model
    def _add_list_columns(self, arch, questions):
        """Add the columns behind the temperature, or at the end."""
        nodes = []
        for data in questions:
            attributes = {
                "name": data.column,
                "optional": "hide",
                **LIST_WIDGETS.get(self._fields[data.column].type, {}),
            }
            if data.kind == NUMBER:
                text = f"{data.column}{TEXT_SUFFIX}"
                nodes.append(etree.Element("field", name=text, column_invisible="1"))
                attributes["options"] = str({"text": text})
            nodes.append(etree.Element("field", attributes))
        self._insert_behind(arch, arch.find("field[@name='score_temperature']"), nodes)

    @api.model
    def _add_search_items(self, arch, questions):
        """Add what can be typed behind the other fields, and groups behind ours."""
        fields_ = [
            etree.Element("field", name=data.column)
            for data in questions
            if data.kind not in (NUMBER, DATE)
        ]
        self._insert_behind(arch, (arch.findall("field") or [None])[-1], fields_)
        product = arch.find("group/filter[@name='product']")
        if product is not None:
            groups = [
                etree.Element(
                    "filter",
                    name=f"group_{data.column}",
                    string=data.name,
                    context=str({"group_by": data.column}),
                )
                for data in questions
                if data.kind in OPTION_KINDS
            ]
            self._insert_behind(product.getparent(), product, groups)

    @api.model
    def _insert_behind(self, parent, node, new):
        position = len(parent) if node is None else parent.index(node) + 1
        parent[position:position] = new
