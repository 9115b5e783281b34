import logging
from collections import namedtuple

from psycopg2 import OperationalError, errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

from ..apart import READ_COMMITTED, apart, attempt
from ..context import BY_RULES, ENGINE
from ..work import note, take

_logger = logging.getLogger(__name__)

REFRESH, REFRESH_APART = "refresh", "refresh_apart"
CREATED_KEY = "lead_management.created"
ALL = "all"
# Set on the registry when a rule failed in SQL, until it is found.
CAREFUL = "lead_management_careful"
# Set while leads wait for the cron because of a change of the rules.
RULES_CHANGED = "lead_management.rules_changed"

# Up to this many leads a change of the rules is applied at once, while the user
# waits (a fraction of a second); beyond, a cron does it in the background.
REFRESH_AT_ONCE = 20_000

# A refresh of which nothing was heard for so many seconds has died.
STALE_AFTER = 300

# Where a field is stored: the model, its column, and the value for a lead without row.
DerivedColumn = namedtuple("DerivedColumn", "model name default")


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

    def _derived_changed(self, change):
        for leads, names in change.get_written():
            leads._derived_mark_by(names)
        if change.is_new:
            for model in self._derived_models():
                self.env[model]._find_new(self)._derived_mark([model])
            data = self.env.cr.precommit.data
            data.setdefault(CREATED_KEY, set()).update(self.ids)

    def _derived_mark_by(self, fnames):
        """Mark these leads in the tables that are worked out of one of the fields."""
        kept = ENGINE.get(self.env, frozenset())
        written = [
            model
            for model in self._derived_models()
            if not self.env[model]._trigger_fields(kept).isdisjoint(fnames)
        ]
        self._derived_mark(written)

    def _derived_mark(self, model_names):
        """Refresh these leads before anybody can see them as they were."""
        if not (self and model_names):
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
            for fname, column in self._derived_known().items()
            if column.model == model_name
        }
        later = [
            model
            for model in self._derived_models()
            if not columns.isdisjoint(self.env[model]._source_fields())
        ]
        # sudo: rules are about leads the user does not see, too
        CrmLead = self.env["crm.lead"].sudo().with_context(active_test=False)
        if CrmLead.search_count([], limit=REFRESH_AT_ONCE + 1) > REFRESH_AT_ONCE:
            # sudo: whoever may change a rule need not be an administrator
            self.env["ir.config_parameter"].sudo().set_param(
                RULES_CHANGED, self.env.cr.now().isoformat()
            )
            # sudo: scheduled actions are the administrator's
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
            for fname, column in self._derived_known().items()
            if column.model in model_names
        ]

    @api.model
    def _work_refresh(self, pending):
        """Refresh what is marked, right before the commit."""
        self._derived_refresh_pending(pending)

    @api.model
    def _derived_flush(self):
        """Refresh what is marked by now, for somebody who reads it."""
        if pending := take(self.env.cr, REFRESH):
            self._derived_refresh_pending(pending)

    @api.model
    def _derived_refresh_pending(self, pending):
        """Refresh leads.

        Where somebody else writes the same rows right now (the cron, most often), the
        leads are refreshed after the commit instead: nobody waits, and nothing fails.

        :param pending: dict of model name to ids, which may be ``ALL``
        :raise ConcurrencyError: when a rule fails in SQL on some lead, which is found
            and switched off when the request is repeated
        """
        pending = {
            model: ALL if ALL in ids else set(ids) for model, ids in pending.items()
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
                # sudo: whoever saves a lead may not switch off a rule that fails
                if not any(
                    self.env[model]
                    .sudo()
                    ._drop_failing(None if lead_ids == ALL else lead_ids)
                    for model, lead_ids in pending.items()
                ):
                    raise

    @api.model
    def _derived_refresh(self, pending, nowait=False):
        # sudo: what is worked out is nobody's to write
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
    def _work_refresh_apart(self, pending):
        self._derived_refresh_deferred(sorted(set().union(*pending.values())))

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
        return self._derived_cron_progress(cron)

    @api.model
    def _derived_cron_progress(self, cron):
        """Return how far a job over all leads is, given with all rights."""
        # sudo: it is no secret that it is about to run
        waiting = (
            self.env["ir.cron.trigger"]
            .sudo()
            .search_count(
                [("cron_id", "=", cron.id), ("call_at", "<=", fields.Datetime.now())],
                limit=1,
            )
        )
        # sudo: as for the cron itself
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
