import operator
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query, ormcache

# How each comparison of a domain works, in Python and in SQL.
COMPARISONS = {
    "<": (operator.lt, "%s < %s"),
    "<=": (operator.le, "%s <= %s"),
    ">": (operator.gt, "%s > %s"),
    ">=": (operator.ge, "%s >= %s"),
}
# The rest of an order that begins with the highest values of a field.
DESCENDING = re.compile(r"desc(?:\s*,\s*(.+))?$", re.IGNORECASE)
# Up to this many leads all tables are read together.
FEW = 10


def _get_origin(record_id):
    """Return the id in the database of a lead that may be edited in a form."""
    return record_id or record_id.origin


class CrmLead(models.Model):
    """Fields of a narrow table, read, searched and sorted as columns of leads are."""

    _inherit = "crm.lead"

    def _derived_read(self, model_name):
        """Give the fields of a table their values, in one statement.

        Who reads one table of a few leads mostly reads the others: these come with it.
        """
        self._derived_flush()
        models_ = self._derived_models() if len(self) <= FEW else [model_name]
        tables = {model: self._derived_stored(model) for model in models_}
        rows = {}
        if self.ids:
            rows = {
                lead_id: values
                for lead_id, *values in self.env.execute_query(
                    self._derived_sql_rows(tables)
                )
            }
        columns = [pair for names in tables.values() for pair in names.items()]
        defaults = [column.default for __, column in columns]
        values = [
            rows.get(lead_id, defaults) for lead_id in map(_get_origin, self._ids)
        ]
        for (fname, __), column in zip(columns, zip(*values, strict=True), strict=True):
            # straight into the cache: a page of cards reads a thousand of them
            self._fields[fname]._insert_cache(self, column)

    @api.model
    @ormcache(cache="stable")
    def _derived_known(self):
        """Return :meth:`_derived_columns`, collected from the rooms once."""
        return self._derived_columns()

    @api.model
    def _derived_stored(self, model_name):
        """Return the columns of a table, by the names of the fields."""
        return {
            fname: column
            for fname, column in self._derived_known().items()
            if column.model == model_name and column.name
        }

    def _derived_sql_rows(self, tables):
        """Return the statement that reads rows; a lead without one has its defaults.

        :param tables: dict of model to its columns
        """
        selected, joins = [], []
        for model, columns in tables.items():
            table = self.env[model]._table
            lead_id = SQL.identifier(table, "lead_id")
            found = SQL("%s = lead.id", lead_id)
            if len(self) > FEW:
                # else PostgreSQL reads the whole table to join a thousand rows
                found = SQL("%s AND %s = ANY(%s)", found, lead_id, list(self.ids))
            joins.append(SQL("LEFT JOIN %s ON %s", SQL.identifier(table), found))
            selected += [
                SQL(
                    "CASE WHEN %s IS NULL THEN %s ELSE %s END",
                    lead_id,
                    column.default,
                    SQL.identifier(table, column.name),
                )
                for column in columns.values()
            ]
        return SQL(
            "SELECT lead.id, %s FROM unnest(%s) AS lead(id) %s",
            SQL(", ").join(selected),
            list(self.ids),
            SQL(" ").join(joins),
        )

    def _derived_search(self, fname, operator_, value):
        """Return a domain on the joined table, as the domain of a column would be."""
        if operator_ in ("in", "not in"):
            default = self._derived_column(fname).default
            values = [
                default if item is False else self._derived_value(fname, item)
                for item in value
            ]
            condition = self._derived_in(fname, values)
            return ~condition if operator_ == "not in" else condition
        if operator_ in ("child_of", "parent_of"):
            # sudo: the tree; who may see which lead is settled by the rest
            comodel = self.env[self._fields[fname].comodel_name].sudo()
            tree = comodel.with_context(active_test=False)
            return self._derived_in(fname, tree.search([("id", operator_, value)]).ids)
        if operator_ in ("any", "any!") and self._fields[fname].type == "many2one":
            return self._derived_any(fname, value, operator_ == "any!")
        if operator_ not in COMPARISONS:
            return NotImplemented
        compare, template = COMPARISONS[operator_]
        value = self._derived_value(fname, value)
        default = self._derived_column(fname).default
        has_default = None not in (default, value) and compare(default, value)
        return Domain.custom(
            to_sql=lambda model, alias, query: model._derived_condition(
                alias,
                fname,
                query,
                lambda column: SQL(template, column, value),
                has_default,
            ),
            # a date that is not there is neither before nor after another
            predicate=lambda lead: (
                lead[fname] is not False and compare(lead[fname], value)
            ),
        )

    @api.model
    def _derived_value(self, fname, value):
        """Return a value of a domain as the column can be compared with.

        :raise UserError: when it is no number, and the column is one
        """
        field = self._fields[fname]
        if field.type in ("char", "selection"):
            return value if value is None else str(value)
        if field.type == "many2one" or isinstance(value, (int, float, type(None))):
            return value
        if field.type == "datetime":
            return fields.Datetime.to_datetime(value)
        try:
            return float(value)
        except (TypeError, ValueError):
            raise UserError(
                self.env._(
                    "“%(field)s” is a number and cannot be compared with "
                    "“%(value)s”. Enter a number.",
                    field=field._description_string(self.env),
                    value=value,
                )
            ) from None

    def _derived_condition(self, alias, fname, query, condition, has_default):
        """Return SQL of a condition on the column of a field.

        The column itself is compared, as indexes and statistics know it: a lead without
        a row is added where the default meets the condition.

        :param condition: a function that makes a condition of the column
        :param has_default: whether a lead without a row meets it
        """
        column = self._derived_join(alias, fname, query)
        if has_default:
            return SQL("(%s OR %s IS NULL)", condition(column), column)
        return condition(column)

    def _derived_in(self, fname, values):
        known = [value for value in values if value is not None]
        has_default = self._derived_column(fname).default in values

        def to_sql(model, alias, query):
            return model._derived_condition(
                alias,
                fname,
                query,
                lambda column: SQL("%s = ANY(%s)", column, known),
                has_default,
            )

        def predicate(lead):
            value = lead[fname]
            if self._fields[fname].type == "many2one":
                value = value.id
            return (value or None) in values or value in known

        return Domain.custom(to_sql=to_sql, predicate=predicate)

    def _derived_any(self, fname, domain, bypass_access):
        def to_sql(model, alias, query):
            comodel = model.env[model._fields[fname].comodel_name]
            matching = (
                domain
                if isinstance(domain, Query)
                else comodel.with_context(active_test=False)._search(
                    domain, bypass_access=bypass_access
                )
            )
            column = model._derived_join(alias, fname, query)
            return SQL("%s IN %s", column, matching.subselect())

        # sudo: what a lead one sees is linked to need not be shown itself
        return Domain.custom(
            to_sql=to_sql,
            predicate=lambda lead: bool(lead[fname].sudo().filtered_domain(domain)),
        )

    @api.model
    @ormcache("fname", cache="stable")
    def _derived_column(self, fname):
        """Return the :class:`DerivedColumn` of a field, or None."""
        return self._derived_known().get(fname)

    def _field_to_sql(self, alias, field_expr, query=None):
        column = self._derived_column(field_expr)
        if not column or not column.name:
            return super()._field_to_sql(alias, field_expr, query)
        expression = self._derived_join(alias, field_expr, query)
        if column.default is None:
            return expression
        return SQL("COALESCE(%s, %s)", expression, column.default)

    def _derived_join(self, alias, fname, query):
        """Return the column of a field, NULL where a lead has no row."""
        self._check_field_access(self._fields[fname], "read")
        self._derived_flush()
        column = self._derived_column(fname)
        table = self.env[column.model]._table
        row_alias = query.make_alias(alias, table)
        query.add_join(
            "LEFT JOIN",
            row_alias,
            table,
            SQL(
                "%s = %s",
                SQL.identifier(alias, "id"),
                SQL.identifier(row_alias, "lead_id"),
            ),
        )
        return SQL.identifier(row_alias, column.name)

    # ------------------------------------------------------------
    # The first ones
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Find the first leads by such a field along the index of its table.

        A lead may have no row yet: so the ORM would join, sort and cut off all that
        match. Those with more than the least are found first, which is enough where
        they fill a page.
        """
        fname, __, rest = (order or "").partition(" ")
        first = self._derived_first(fname) if limit else None
        if first and (rest := DESCENDING.match(rest)):
            found = super()._search(domain, offset, limit, **kwargs)
            found = self._derived_cut(found, fname, first, rest[1])
            if len(found) == limit:
                return found._as_query()
        return super()._search(domain, offset, limit, order, **kwargs)

    def _derived_cut(self, query, fname, column, rest):
        """Return the leads of a query with the highest values of a column.

        :param rest: the order of those that have the same, or nothing
        """
        self._check_field_access(self._fields[fname], "read")
        self._derived_flush()
        joined = "derived_first"
        value = SQL.identifier(joined, column.name)
        is_row = SQL(
            "%s = %s AND %s > %s",
            SQL.identifier(self._table, "id"),
            SQL.identifier(joined, "lead_id"),
            value,
            column.default,
        )
        if query.is_empty():
            return self.browse()
        query.add_join("JOIN", joined, self.env[column.model]._table, is_row)
        parts = [SQL("%s DESC", value)]
        if rest:
            parts.append(self._order_to_sql(rest, query))
        query.order = SQL(", ").join(parts)
        return self.browse(query)

    @api.model
    @ormcache("fname", cache="stable")
    def _derived_first(self, fname):
        """Return the column of a field whose highest values are found by an index."""
        column = self._derived_column(fname)
        if column and column.name in self.env[column.model]._indexed:
            return column
        return None
