import logging
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import OperationalError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import format_datetime

from ....exceptions import RefusedError
from ...base.actor import Actor
from ...base.apart import READ_COMMITTED, apart
from ...base.client_actions import notice

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
        help="The pool where this lead is waiting or was claimed.",
    )
    pool_entry_ids = fields.One2many(
        "lead.pool.entry", "lead_id", string="Pool Leads", readonly=True
    )
    assignment_claim = fields.Char(string="Claim", compute="_compute_assignment_claim")

    @api.depends("pool_entry_ids", "assignment_pool_id", "user_id")
    def _compute_assignment_claim(self):
        """Until when one may keep the lead, which one sees, is no secret."""
        for lead in self:
            lead.assignment_claim = False
            # sudo: entries are for managers, this one is of a lead one sees
            entry = lead.sudo().pool_entry_ids if lead.assignment_pool_id else None
            if entry and entry.user_id and entry.claim_due:
                lead.assignment_claim = self.env._(
                    "Contact this lead by %s. Otherwise it returns to the pool.",
                    format_datetime(self.env, entry.claim_due, dt_format="short"),
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    @api.model
    def action_pull_next(self):
        """Give the user the best lead of the pools they belong to, and open it.

        :return: an action that opens the lead, or a notice that nothing waits
        :raise RefusedError: when they belong to no pool, pause, or have enough leads
        """
        self._check_puller()
        lead_id = self._pool_run_apart("_pool_pull")
        if not lead_id:
            return notice(self.env._("No leads are waiting in your pools."))
        return self._get_pulled_action(lead_id)

    def action_take(self):
        """Take this lead, which nobody owns yet, out of an open pool or the list.

        :return: an action that opens the lead
        :raise RefusedError: when a colleague was faster, or the user has enough leads
        """
        self.ensure_one()
        self._check_puller()
        self._check_claimable()
        self._pool_run_apart("_pool_claim", self.id)
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
                    leads._pool_move_last(refusal)
                failures["refused"] += 1
                if failures["refused"] == ATTEMPTS:
                    raise RefusedError(str(refusal)) from refusal
            except (DeadlockDetected, SerializationFailure):
                failures["met"] += 1
                if failures["met"] == ATTEMPTS:
                    raise

    @api.model
    @contextmanager
    def _pool_transaction(self):
        """Yield the model in a transaction of its own, with all rights."""
        # all is allowed: the claim itself decides what the user may have
        actor = Actor.of(self.env)
        with apart(self.env.registry, actor, READ_COMMITTED) as env:
            yield env["crm.lead"]

    @api.model
    def _pool_move_last(self, refusal):
        """Put a lead that cannot be given to the end of its pool, and say why once.

        Everybody else would be offered it first, and get an error instead of a lead.

        :param refusal: :class:`RefusedOwnerError`
        """
        lead = self.browse(refusal.lead_id)
        self.env["lead.pool.entry"]._put_last(lead.ids)
        if lead._get_last_decision().outcome == "failed":
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
                lead._pool_try_assign(user, pool_id, {"candidate_count": count})
                return lead.id
            Entry._leave(lead.ids)  # was taken out of the pool past all of this
        return None

    @api.model
    def _pool_claim(self, lead_id):
        """Claim a certain lead for the user."""
        user = self.env.user
        self._pool_lock(user)
        lead = self.browse(lead_id)
        self.env.cr.execute(
            "SELECT FROM crm_lead WHERE id = %s FOR NO KEY UPDATE", [lead_id]
        )
        if not self.env.cr.rowcount or lead.user_id:
            raise RefusedError(lead._pool_get_taken_message())
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
        lead._pool_assign(user, "take", values)

    def _pool_get_taken_message(self):
        """Return who was faster, for a message."""
        if not self.exists():
            return self.env._("This lead no longer exists.")
        return self.env._(
            "This lead was claimed by %s. Choose another lead.", self.user_id.name
        )

    def _pool_try_assign(self, user, pool_id, values):
        """Make the user the owner of the next lead of a pool.

        :raise RefusedOwnerError: when the lead cannot be written
        """
        try:
            self._pool_assign(user, "pull", values)
            self.env.flush_all()
        except (ConcurrencyError, OperationalError):
            raise
        except Exception as error:
            raise RefusedOwnerError(self, pool_id, error) from error

    def _pool_assign(self, user, trigger, values):
        """Make the user the owner of the lead they claimed, and note it."""
        before = {self.id: (self.user_id, self.team_id)}
        pool = self.assignment_pool_id
        waited = self._get_waited(self._get_waiting_since().get(self.id))
        team = pool.team_id or self.team_id
        self._write_owner(
            {"user_id": user.id, "team_id": team.id, "assignment_pending": False}
        )
        self._pool_set_due(user)
        self._note_owners([self], before)
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
