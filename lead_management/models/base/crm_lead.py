import operator
from collections import namedtuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

PENDING_KEY = "lead_management.derived"
ALL = "all"

# Up to this many leads a change of the rules is worked in at once, while the user
# waits (a fraction of a second); beyond, a cron does it in the background.
REFRESH_AT_ONCE = 20_000

# Where a field is stored: the model, its column, and the worth for a lead without row.
DerivedColumn = namedtuple("DerivedColumn", "model name default")

# How each comparison of a domain works, in Python and in SQL.
COMPARISONS = {
    "<": (operator.lt, "%s < %s"),
    "<=": (operator.le, "%s <= %s"),
    ">": (operator.gt, "%s > %s"),
    ">=": (operator.ge, "%s >= %s"),
}


class CrmLead(models.Model):
    """Fields worked out by statements over many leads (``lead.derived.mixin``).

    A change marks leads; what is marked is refreshed in a few statements when somebody
    reads such a field in the same transaction, and else right before it is committed.
    """

    _inherit = "crm.lead"

    @api.model
    def _derived_models(self):
        """Return the models of the tables, in the order they are refreshed."""
        return []

    @api.model
    def _derived_columns(self):
        """Return the :class:`DerivedColumn` of each field in such a table."""
        return {}

    # ------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._derived_mark(self._derived_models())
        return leads

    def write(self, vals):
        result = super().write(vals)
        self._derived_changed(vals)
        return result

    def _derived_changed(self, fnames):
        """Mark these leads in the tables that are worked out of one of the fields."""
        self._derived_mark(
            [
                model
                for model in self._derived_models()
                if not self.env[model]._trigger_fields().isdisjoint(fnames)
            ]
        )

    def _derived_mark(self, model_names):
        """Refresh these leads before anybody can see them as they were."""
        if not model_names:
            return
        pending = self._derived_pending()
        for model in model_names:
            if pending.get(model) != ALL:
                pending.setdefault(model, set()).update(self.ids)
        self.invalidate_recordset(self._derived_fields(model_names), flush=False)

    @api.model
    def _derived_mark_all(self, model_name):
        """Refresh all leads: at once when they are few, else in the background.

        So are the later tables that are worked out of this one.
        """
        self.env.registry.clear_cache()
        columns = {
            fname
            for fname, column in self._derived_columns().items()
            if column.model == model_name
        }
        later = [
            model
            for model in self._derived_models()
            if not columns.isdisjoint(self.env[model]._source_fields())
        ]
        CrmLead = self.env["crm.lead"].sudo().with_context(active_test=False)
        if CrmLead.search_count([], limit=REFRESH_AT_ONCE + 1) > REFRESH_AT_ONCE:
            self.env.ref("lead_management.ir_cron_rescore")._trigger()
            return
        pending = self._derived_pending()
        model_names = {model_name, *later}
        pending.update(dict.fromkeys(model_names, ALL))
        self.env["crm.lead"].invalidate_model(
            self._derived_fields(model_names), flush=False
        )

    @api.model
    def _derived_pending(self):
        """Return what is marked: a dict of model name to a set of ids, or ``ALL``."""
        precommit = self.env.cr.precommit
        if PENDING_KEY not in precommit.data:
            precommit.data[PENDING_KEY] = {}
            precommit.add(self.env["crm.lead"].sudo().browse()._derived_flush)
        return precommit.data[PENDING_KEY]

    @api.model
    def _derived_fields(self, model_names):
        """Return the names of the fields that change with these tables."""
        return [
            fname
            for fname, column in self._derived_columns().items()
            if column.model in model_names
        ]

    @api.model
    def _derived_flush(self):
        """Refresh what is marked."""
        pending = self.env.cr.precommit.data.pop(PENDING_KEY, None)
        if not pending:
            return
        for model in self._derived_models():
            if lead_ids := pending.pop(model, None):
                self.env[model].sudo()._refresh(None if lead_ids == ALL else lead_ids)

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _derived_read(self, model_name):
        """Give the fields of a table their worth, in one statement."""
        self._derived_flush()
        columns = {
            fname: column
            for fname, column in self._derived_columns().items()
            if column.model == model_name and column.name
        }
        rows = {}
        if self.ids:
            statement = SQL(
                "SELECT lead_id, %s FROM %s WHERE lead_id = ANY(%s)",
                SQL(", ").join(SQL.identifier(c.name) for c in columns.values()),
                SQL.identifier(self.env[model_name]._table),
                list(self.ids),
            )
            rows = {row[0]: row[1:] for row in self.env.execute_query(statement)}
        defaults = tuple(column.default for column in columns.values())
        for lead in self:
            values = rows.get(lead._origin.id, defaults)
            lead.update(dict(zip(columns, values, strict=True)))

    def _derived_search(self, fname, operator_, value):
        """Return a domain on the joined table, as the domain of a column would be."""
        if operator_ in ("in", "not in"):
            default = self._derived_columns()[fname].default
            values = [default if item is False else item for item in value]
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
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                template, model._field_to_sql(alias, fname, query), value
            ),
            predicate=lambda lead: compare(lead[fname], value),
        )

    def _derived_in(self, fname, values):
        known = [value for value in values if value is not None]

        def to_sql(model, alias, query):
            expression = model._field_to_sql(alias, fname, query)
            condition = SQL("%s = ANY(%s)", expression, known)
            if None in values:
                condition = SQL("%s OR %s IS NULL", condition, expression)
            return SQL("((%s) IS TRUE)", condition)

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
            return SQL(
                "((%s IN %s) IS TRUE)",
                model._field_to_sql(alias, fname, query),
                matching.subselect(),
            )

        return Domain.custom(
            to_sql=to_sql,
            predicate=lambda lead: bool(lead[fname].sudo().filtered_domain(domain)),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        column = self._derived_columns().get(field_expr)
        if not column or not column.name:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        self._derived_flush()
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
        expression = SQL.identifier(row_alias, column.name)
        if column.default is None:
            return expression
        return SQL("COALESCE(%s, %s)", expression, column.default)

    # ------------------------------------------------------------
    # Cron
    # ------------------------------------------------------------

    @api.model
    def _cron_derived(self, batch_size=50_000):
        """Refresh every lead, for conditions on time and on related records."""
        CrmLead = self.env["crm.lead"].with_context(active_test=False)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=CrmLead.search_count([]))
        last_id = 0
        while batch := CrmLead.search(
            [("id", ">", last_id)], order="id", limit=batch_size
        ):
            for model in self._derived_models():
                self.env[model]._refresh(batch.ids)
            last_id = batch.ids[-1]
            self.env.invalidate_all()
            progress(len(batch))
