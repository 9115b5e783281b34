import logging
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import OperationalError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models, modules
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import format_datetime

from .crm_lead import BATCH_SIZE, ENGINE
from .lead_assignment_rule import CAPTURE

_logger = logging.getLogger(__name__)

ATTEMPTS = 5


class RefusedOwnerError(Exception):
    """A lead that was claimed cannot be given an owner."""

    def __init__(self, lead, pool_id, error):
        super().__init__(str(error) or type(error).__name__)
        self.lead_id = lead.id
        self.pool_id = pool_id


class CrmLead(models.Model):
    """Pull: the next lead of a pool, for whoever is ready to work on it."""

    _inherit = "crm.lead"

    assignment_pool_id = fields.Many2one(
        "lead.pool",
        string="Pool",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The pool this lead waits in, or was taken from.",
    )
    pool_entry_ids = fields.One2many("lead.pool.entry", "lead_id", readonly=True)
    assignment_claim = fields.Char(string="Claim", compute="_compute_assignment_claim")

    @api.depends("pool_entry_ids", "assignment_pool_id", "user_id")
    def _compute_assignment_claim(self):
        """Until when one may keep the lead, which one sees, is no secret."""
        for lead in self:
            lead.assignment_claim = False
            entry = lead.sudo().pool_entry_ids if lead.assignment_pool_id else None
            if entry and entry.user_id and entry.claim_due:
                lead.assignment_claim = self.env._(
                    "Call, write or meet by %s, or it goes back into the pool.",
                    format_datetime(self.env, entry.claim_due, dt_format="short"),
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    @api.model
    def action_pull_next(self):
        """Give the user the best lead of the pools he belongs to, and open it.

        :return: an action that opens the lead, or a notice that nothing waits
        :raise UserError: when he belongs to no pool, pauses, or has enough leads
        """
        self._check_puller()
        lead_id = self._pool_run_apart("_pool_pull")
        if not lead_id:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._("Nothing waits in your pools. Well done!"),
                },
            }
        return self._get_pulled_action(lead_id)

    def action_take(self):
        """Take this lead, which nobody owns yet, out of an open pool or the list.

        :return: an action that opens the lead
        :raise UserError: when a colleague was faster, or the user has enough leads
        """
        self.ensure_one()
        self._check_puller()
        self._check_takeable()
        self._pool_run_apart("_pool_take", self.id)
        return self._get_pulled_action(self.id)

    @api.model
    def _get_pulled_action(self, lead_id):
        self.env.invalidate_all()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": lead_id,
            "views": [(False, "form")],
            "target": "current",
        }

    @api.model
    def _pool_run_apart(self, method, *args):
        """Run a claim in a transaction of its own, READ COMMITTED.

        In Odoo's usual isolation, claims made since this request began would make it
        fail. Nothing of the request is written before.
        """
        self.env.cr.flush()
        failures = Counter()
        while True:
            try:
                with self._pool_transaction() as leads:
                    return getattr(leads, method)(*args)
            except RefusedOwnerError as refusal:
                with self._pool_transaction() as leads:
                    leads._pool_park(refusal)
                failures["refused"] += 1
                if failures["refused"] == ATTEMPTS:
                    raise UserError(str(refusal)) from refusal
            except (DeadlockDetected, SerializationFailure):
                failures["met"] += 1
                if failures["met"] == ATTEMPTS:
                    raise

    @api.model
    @contextmanager
    def _pool_transaction(self):
        """Yield the model in a transaction of its own, with all rights."""
        if modules.module.current_test:
            with self.env.cr.savepoint():
                yield self.sudo().browse()
            return
        with self.env.registry.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            # sudo: the claim itself decides what the user may have
            yield self.env(cr=cr, su=True)["crm.lead"].browse()

    @api.model
    def _pool_park(self, refusal):
        """Put a lead that cannot be given to the end of its pool, and say why once.

        Everybody else would be offered it first, and get an error instead of a lead.

        :param refusal: :class:`RefusedOwnerError`
        """
        lead = self.browse(refusal.lead_id)
        self.env["lead.pool.entry"]._put_last(lead.ids)
        if lead.assignment_log_ids[:1].outcome == "failed":
            return
        _logger.warning("Lead %s cannot be pulled: %s", lead.id, refusal)
        self.env["lead.assignment.log"].create(
            {
                **self._prepare_owner_log(lead, "pull", "failed"),
                "pool_id": refusal.pool_id,
                "detail": str(refusal),
            }
        )

    # ------------------------------------------------------------
    # Claims
    # ------------------------------------------------------------

    @api.model
    def _pool_pull(self):
        """Claim the next lead for the user; return its id, or None."""
        user = self.env.user
        pools = self._pool_get_allowed(user)
        Entry = self.env["lead.pool.entry"]
        while pools:
            lead_id, pool_id = Entry._claim_next(user, pools)
            lead = self.browse(lead_id or ())
            if not lead:
                return None
            if not lead.user_id and lead._get_owner_state().is_open:
                count = Entry._count_waiting(pool_id) + 1
                lead._pool_try_own(user, pool_id, {"candidate_count": count})
                return lead.id
            Entry._leave(lead.ids)  # was taken out of the pool past all of this
        return None

    @api.model
    def _pool_take(self, lead_id):
        """Claim a certain lead for the user."""
        user = self.env.user
        self._pool_lock(user)
        lead = self.browse(lead_id)
        self.env.cr.execute(
            "SELECT FROM crm_lead WHERE id = %s FOR NO KEY UPDATE", [lead_id]
        )
        if not self.env.cr.rowcount or lead.user_id:
            raise UserError(lead._pool_say_late())
        if lead.assignment_pool_id and not lead.assignment_pool_id.active:
            lead._pool_leave()
            lead.assignment_pool_id = False
        pool = lead.assignment_pool_id
        if pool:
            self._pool_check_member(user, pool)
            self._pool_check_limits(user, pool)
        self._pool_check_capacity(user, lead.company_id or self.env.company)
        values = {}
        if pool:
            Entry = self.env["lead.pool.entry"]
            rank, count = Entry._rank(lead_id)
            values = {"candidate_count": count, "pick_rank": rank}
            Entry._claim(user, [lead_id])
        lead._pool_own(user, "take", values)

    def _pool_say_late(self):
        """Return who was faster, for a message."""
        if not self.exists():
            return self.env._("This lead does not exist any more.")
        return self.env._(
            "%(user)s has this lead since %(date)s. Take another one.",
            user=self.user_id.name,
            date=fields.Datetime.context_timestamp(
                self, self.assignment_date or self.write_date
            ).strftime("%H:%M"),
        )

    def _pool_try_own(self, user, pool_id, values):
        """Make the user the owner of the next lead of a pool.

        :raise RefusedOwnerError: when the lead cannot be written
        """
        try:
            self._pool_own(user, "pull", values)
            self.env.flush_all()
        except (ConcurrencyError, OperationalError):
            raise
        except Exception as error:
            raise RefusedOwnerError(self, pool_id, error) from error

    def _pool_own(self, user, trigger, values):
        """Make the user the owner of the lead he claimed, and note it."""
        before = {self.id: (self.user_id, self.team_id)}
        pool = self.assignment_pool_id
        waited = self._get_waited(self._get_waiting_since().get(self.id))
        team = pool.team_id or self.team_id
        self._write_owner(
            {"user_id": user.id, "team_id": team.id, "assignment_pending": False}
        )
        self._pool_set_due(user)
        self._assignment_track([self], before)
        self.env["lead.assignment.log"].create(
            {
                **self._prepare_owner_log(self, trigger, "claimed"),
                "basis": "best" if trigger == "pull" else False,
                "pool_id": pool.id,
                "waited": waited,
                **values,
            }
        )

    def _pool_set_due(self, user):
        """Set until when claimed leads have to be touched."""
        Capacity = self.env["lead.assignment.capacity"]
        rows = [
            (
                lead.id,
                Capacity._add_working_time(
                    user,
                    lead.company_id or self.env.company,
                    fields.Datetime.now(),
                    timedelta(minutes=lead.assignment_pool_id.claim_minutes),
                ),
            )
            for lead in self
            if lead.assignment_pool_id.claim_minutes
        ]
        self.env["lead.pool.entry"]._set_due(rows)

    def _claim_by_hand(self, user):
        """Claim those of the leads that wait in pools, for a salesperson's write.

        Somebody who writes the owner himself meets the limits of the button.

        :return: the leads that are claimed now, and stay leads of their pool
        """
        # sudo: the claim itself decides what the user may have
        pooled = self.sudo().filtered(
            lambda lead: lead.assignment_pool_id.active and not lead.user_id
        )
        if not pooled:
            return self.browse()
        if self._is_above_limits():
            return self.browse()
        Entry = self.env["lead.pool.entry"].sudo()
        self._pool_lock_by_hand(user)
        for pool, leads in pooled.grouped("assignment_pool_id").items():
            leads._pool_check_member(user, pool)
            leads._pool_check_limits(user, pool, len(leads))
        for lead in pooled:
            if not Entry._claim(user, lead.ids):
                raise UserError(
                    self.env._("Somebody else is just taking “%s”.", lead.name)
                )
        pooled._pool_set_due(user)
        return self.browse(pooled.ids)

    def _merge_opportunity(self, user_id=False, *args, **kwargs):
        """Let who merges leads of a pool into somebody's lead take them first.

        Limits and history are those of a lead that is taken.
        """
        waiting = self.filtered(lambda lead: not lead.user_id).sudo()
        waiting = waiting.filtered(lambda lead: lead.assignment_pool_id.active)
        if waiting and (user_id or self.user_id) and not self._is_above_limits():
            self.browse(waiting.ids).write({"user_id": self.env.uid})
        return super()._merge_opportunity(user_id, *args, **kwargs)

    def _pool_leave(self):
        """Take leads out of their pools, claimed or not."""
        # sudo: the pools are kept in step whatever the user may do there
        self.env["lead.pool.entry"].sudo()._leave(self.ids)

    def _pool_return(self):
        """Let leads that have a pool and no owner wait there again."""
        # sudo: the pools are kept in step whatever the user may do there
        waiting = self.sudo().filtered(
            lambda lead: not lead.user_id and lead.assignment_pool_id.active
        )
        waiting.env["lead.pool.entry"]._enter(
            [(lead.id, lead.assignment_pool_id.id) for lead in waiting]
        )

    @api.model
    def _pool_dissolve(self, limit=BATCH_SIZE):
        """Let the rules decide on leads that wait in archived pools.

        Who claimed one keeps it, as long as he touches it in time.

        :return: whether there are more of them
        """
        # sudo: a pool is archived with all that waits in it
        Entry = self.env["lead.pool.entry"].sudo()
        entries = Entry.search(
            [("pool_id.active", "=", False), ("user_id", "=", False)], limit=limit
        )
        if not entries:
            return False
        leads = entries.lead_id
        leads._pool_leave()
        waits = self.env["lead.assignment.rule"]._has_trigger(CAPTURE)
        leads.with_context(**ENGINE).write(
            {"assignment_pool_id": False, "assignment_pending": waits}
        )
        if waits:
            leads._assignment_defer()
        return len(entries) == limit
