import logging
import operator
from collections import namedtuple

from psycopg2 import OperationalError, errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from .apart import READ_COMMITTED, apart, attempt
from .context import BY_RULES
from .work import note, take

_logger = logging.getLogger(__name__)

REFRESH, REFRESH_APART = "refresh", "refresh_apart"
CREATED_KEY = "lead_management.created"
ALL = "all"
# Set on the registry when a rule failed in SQL, until it is found.
CAREFUL = "lead_management_careful"
# Set while leads wait for the cron because of a change of the rules.
RULES_CHANGED = "lead_management.rules_changed"

# Up to this many leads a change of the rules is worked in at once, while the user
# waits (a fraction of a second); beyond, a cron does it in the background.
REFRESH_AT_ONCE = 20_000

# A refresh of which nothing was heard for so many seconds has died.
STALE_AFTER = 300

# Where a field is stored: the model, its column, and the worth for a lead without row.
DerivedColumn = namedtuple("DerivedColumn", "model name default")

# How each comparison of a domain works, in Python and in SQL.
COMPARISONS = {
    "<": (operator.lt, "%s < %s"),
    "<=": (operator.le, "%s <= %s"),
    ">": (operator.gt, "%s > %s"),
    ">=": (operator.ge, "%s >= %s"),
}


def _get_origin(record_id):
    """Return the id in the database of a lead that may be edited in a form."""
    return record_id or record_id.origin


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
        leads = super().create([self._clean_texts(vals) for vals in vals_list])
        leads._derived_mark(self._derived_models())
        data = self.env.cr.precommit.data
        data.setdefault(CREATED_KEY, set()).update(leads.ids)
        return leads

    def write(self, vals):
        result = super().write(self._clean_texts(vals))
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
        for model in model_names:
            note(self.env, REFRESH, self.ids, model)
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
            # sudo: whoever may change a rule need not be an administrator
            self.env["ir.config_parameter"].sudo().set_param(
                RULES_CHANGED, self.env.cr.now().isoformat()
            )
            self.env.ref("lead_management.ir_cron_rescore").sudo()._trigger()
            return
        model_names = {model_name, *later}
        for model in model_names:
            note(self.env, REFRESH, [ALL], model)
        self.env["crm.lead"].invalidate_model(
            self._derived_fields(model_names), flush=False
        )

    @api.model
    def _derived_fields(self, model_names):
        """Return the names of the fields that change with these tables."""
        return [
            fname
            for fname, column in self._derived_columns().items()
            if column.model in model_names
        ]

    @api.model
    def _work_refresh(self, noted):
        """Refresh what is marked, right before the commit."""
        self._derived_flush_noted(noted)

    @api.model
    def _derived_flush(self):
        """Refresh what is marked by now, for somebody who reads it."""
        if noted := take(self.env.cr, REFRESH):
            self._derived_flush_noted(noted)

    @api.model
    def _derived_flush_noted(self, noted):
        """Refresh leads.

        Where somebody else writes the same rows right now (the cron, most often), the
        leads are refreshed after the commit instead: nobody waits, and nothing fails.

        :param noted: dict of model name to ids, which may be ``ALL``
        :raise ConcurrencyError: when a rule fails in SQL on some lead, which is found
            and switched off when the request is repeated
        """
        pending = {
            model: ALL if ALL in ids else set(ids) for model, ids in noted.items()
        }
        # nobody else knows of leads that were created in this transaction
        created = self.env.cr.precommit.data.get(CREATED_KEY, set())
        is_own = ALL in pending.values() or not any(
            ids - created for ids in pending.values()
        )
        if is_own and not getattr(self.env.registry, CAREFUL, False):
            try:
                self._derived_refresh(pending)
            except errors.DataError as error:
                # what fails is looked for when the request is repeated: so no savepoint
                # is paid for as long as nothing fails
                setattr(self.env.registry, CAREFUL, True)
                raise ConcurrencyError(str(error)) from error
            return
        try:
            self._derived_refresh_safely(pending, nowait=not is_own)
        except (errors.LockNotAvailable, errors.SerializationFailure):
            self._derived_defer(pending)
        setattr(self.env.registry, CAREFUL, False)

    @api.model
    def _derived_refresh_safely(self, pending, nowait):
        """Refresh what is marked, without rules that fail on these leads."""
        while True:
            try:
                with attempt(self.env):
                    return self._derived_refresh(pending, nowait)
            except errors.DataError:
                if not any(
                    self.env[model]
                    .sudo()
                    ._drop_failing(None if lead_ids == ALL else lead_ids)
                    for model, lead_ids in pending.items()
                ):
                    raise

    @api.model
    def _derived_refresh(self, pending, nowait=False):
        tables = [
            (self.env[model].sudo(), None if pending[model] == ALL else pending[model])
            for model in self._derived_models()
            if pending.get(model)
        ]
        self.env["lead.derived.mixin"]._refresh_tables(tables, nowait)

    # ------------------------------------------------------------
    # Beside others
    # ------------------------------------------------------------

    @api.model
    def _derived_defer(self, pending):
        """Refresh leads as soon as this transaction is committed."""
        note(self.env, REFRESH_APART, set().union(*pending.values()))

    @api.model
    def _work_refresh_apart(self, noted):
        self._derived_refresh_deferred(sorted(set().union(*noted.values())))

    @api.model
    def _derived_refresh_deferred(self, lead_ids, rules_changed=False):
        """Refresh leads that others were busy with, or leave them to the cron."""
        try:
            self._derived_refresh_apart(lead_ids, rules_changed, wait=True)
        except OperationalError:
            _logger.info("Refresh of %s leads left to the cron", len(lead_ids))
            with apart(self.env.registry) as env:
                env.ref("lead_management.ir_cron_rescore")._trigger()

    @api.model
    def _derived_refresh_apart(self, lead_ids, rules_changed=False, wait=False):
        """Refresh leads in a transaction of its own.

        READ COMMITTED, and in two steps: what is locked first is then read as the last
        who changed it left it.

        :param rules_changed: whether what may change is due to the rules
        :param wait: whether to wait a moment for rows that others write
        :return: the ids of the leads that were left out because of others
        """
        begun = apart(self.env.registry, isolation=READ_COMMITTED, patience="2s")
        with begun as env:
            leads = BY_RULES.set(env["crm.lead"], rules_changed)
            return leads._derived_refresh_locked(lead_ids, wait)

    @api.model
    def _derived_refresh_locked(self, lead_ids, wait):
        free = list(lead_ids)
        for model in self._derived_models():
            free = self.env[model]._lock(free, wait)
        if free:
            self.env.flush_all()
            self._derived_refresh_safely(
                dict.fromkeys(self._derived_models(), free), nowait=False
            )
        return sorted(set(lead_ids) - set(free))

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
        values = [
            rows.get(lead_id, defaults) for lead_id in map(_get_origin, self._ids)
        ]
        for fname, column in zip(columns, zip(*values, strict=True), strict=True):
            # straight into the cache: a page of cards reads a thousand of them
            self._fields[fname]._insert_cache(self, column)

    def _derived_search(self, fname, operator_, value):
        """Return a domain on the joined table, as the domain of a column would be."""
        if operator_ in ("in", "not in"):
            default = self._derived_columns()[fname].default
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
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                template, model._field_to_sql(alias, fname, query), value
            ),
            predicate=lambda lead: compare(lead[fname], value),
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
        try:
            return float(value)
        except (TypeError, ValueError):
            raise UserError(
                self.env._(
                    "“%(field)s” is a number: compare it with one, not with "
                    "“%(value)s”.",
                    field=field._description_string(self.env),
                    value=value,
                )
            ) from None

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
    def _cron_derived(self, batch_size=5_000):
        """Refresh every lead, for conditions on time and on related records.

        In small batches, beside people at work: leads that somebody is just editing are
        left out and taken up again at the end.
        """
        # sudo: settings of the database
        parameters = self.env["ir.config_parameter"].sudo()
        changed = parameters.get_param(RULES_CHANGED)
        CrmLead = self.env["crm.lead"].with_context(active_test=False)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=CrmLead.search_count([]))
        last_id, left_out = 0, []
        while batch := CrmLead.search(
            [("id", ">", last_id)], order="id", limit=batch_size
        ):
            last_id = batch.ids[-1]
            left_out += self._derived_refresh_apart(batch.ids, bool(changed))
            self.env.invalidate_all()
            progress(len(batch))
        if left_out:
            self._derived_refresh_deferred(left_out, bool(changed))
        if changed and parameters.get_param(RULES_CHANGED) == changed:
            parameters.set_param(RULES_CHANGED, False)
        self.env.invalidate_all()

    @api.model
    def action_refresh_progress(self):
        """Return how far the refresh in the background is, for a progress bar.

        :return: dict with ``running``, ``percent``, ``done`` and ``total`` leads
        """
        self.check_access("read")
        # sudo: the crons are the administrator's, how far they are is no secret
        cron = self.env.ref("lead_management.ir_cron_rescore").sudo()
        waiting = (
            self.env["ir.cron.trigger"]
            .sudo()
            .search_count(
                [("cron_id", "=", cron.id), ("call_at", "<=", fields.Datetime.now())],
                limit=1,
            )
        )
        last = (
            self.env["ir.cron.progress"]
            .sudo()
            .search([("cron_id", "=", cron.id)], order="id desc", limit=1)
        )
        recent = last.write_date and (
            (self.env.cr.now() - last.write_date).total_seconds() < STALE_AFTER
        )
        busy = bool(last.remaining and recent)
        total = last.done + last.remaining
        return {
            "running": bool(waiting or busy),
            "done": last.done if busy else 0,
            "total": total,
            "percent": 100 * last.done // total if busy and total else 0,
        }
