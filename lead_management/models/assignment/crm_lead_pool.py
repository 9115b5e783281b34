import logging
from datetime import timedelta

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL, format_datetime

from .crm_lead import ENGINE

_logger = logging.getLogger(__name__)

ATTEMPTS = 5
# With the id of the user: one pull of somebody at a time, so that parallel clicks are
# counted one after the other.
PULL_LOCK = 0x70756C6C


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
    def _check_puller(self):
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only salespeople take leads."))

    def _check_takeable(self):
        """Refuse what the user may not have, or a colleague just took.

        :raise UserError: who was faster
        """
        # sudo: who took what everybody could see a moment ago is no secret
        lead = self.sudo()
        is_visible = not lead.assignment_pool_id.is_blind and (
            not lead.company_id or lead.company_id in self.env.user.company_ids
        )
        since = fields.Datetime.now() - timedelta(days=1)
        if lead.user_id and is_visible and (lead.assignment_date or since) > since:
            raise UserError(lead._pool_say_late())
        self.check_access("write")

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
        if modules.module.current_test:
            with self.env.cr.savepoint():
                return getattr(self.sudo(), method)(*args)
        self.env.cr.flush()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                    # sudo: the claim itself decides what the user may have
                    env = self.env(cr=cr, su=True)
                    return getattr(env["crm.lead"].browse(), method)(*args)
            except (DeadlockDetected, SerializationFailure):
                if attempt == ATTEMPTS:
                    raise
        return None

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
                lead._pool_own(user, "pull", {"candidate_count": count})
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

    @api.model
    def _pool_lock(self, user):
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [PULL_LOCK, user.id]
        )

    @api.model
    def _pool_lock_by_hand(self, user):
        """Let claims of a user be one at a time, also in Odoo's usual isolation.

        A transaction that began before the last claim does not count it.

        :raise ConcurrencyError: when it has to be repeated
        """
        self._pool_lock(user)
        if modules.module.current_test:
            return
        query = SQL(
            """
            SELECT id FROM lead_assignment_log
            WHERE user_id = %s AND outcome = 'claimed'
            ORDER BY date DESC, id DESC LIMIT 1
            """,
            user.id,
        )
        with self.env.registry.cursor() as cr:
            cr.execute(query)
            last = cr.fetchone()
        Log = self.env["lead.assignment.log"].sudo()
        if last and not Log.search_count([("id", "=", last[0])], limit=1):
            raise ConcurrencyError("Claims since the transaction began")

    @api.model
    def _pool_get_allowed(self, user):
        """Return the pools the user may pull from now.

        :raise UserError: why there is none
        """
        pools = self.env["lead.pool"]._get_of_user(user)
        if not pools:
            raise UserError(
                self.env._(
                    "You belong to no pool of leads. Your manager can add you under "
                    "Configuration > Lead Management > Pools."
                )
            )
        self._pool_lock(user)
        is_limited = any(one._has_limit() for one in self._pool_check_pause(user))
        allowed, refusals = pools.browse(), []
        for pool in pools:
            try:
                if is_limited:
                    company = pool.company_id or self.env.company
                    self._pool_check_capacity(user, company)
                self._pool_check_limits(user, pool)
                allowed += pool
            except UserError as refusal:
                refusals.append(refusal)
        if not allowed:
            raise refusals[0]
        return allowed

    @api.model
    def _pool_check_pause(self, user):
        """Refuse somebody who pauses; return his capacities."""
        capacities = self.env["lead.assignment.capacity"].search(
            [("user_id", "=", user.id)], order="id"
        )
        now = fields.Datetime.now()
        if any(capacity._is_paused_at(now) for capacity in capacities):
            raise UserError(self.env._("You pause. End your pause to get the next lead."))
        return capacities

    @api.model
    def _pool_check_capacity(self, user, company):
        Capacity = self.env["lead.assignment.capacity"]
        if not Capacity._lock(user):
            return
        capacity = Capacity._get_of(user, company).get(user.id)
        if capacity:
            loads = Capacity._get_loads(user, company)
            self._raise_excess(user, capacity, loads[user.id])

    @api.model
    def _pool_check_member(self, user, pool):
        if pool not in pool._get_of_user(user):
            raise UserError(
                self.env._("“%s” is a pool for others: you are no member.", pool.name)
            )

    @api.model
    def _pool_check_limits(self, user, pool, adding=1):
        """Refuse more claims than a pool allows.

        :param adding: how many leads the user is about to claim
        :raise UserError: what to do first
        """
        if pool.wip_limit:
            held = self.env["lead.pool.entry"].search_count(
                [("user_id", "=", user.id), ("pool_id", "=", pool.id)]
            )
            if held + adding > pool.wip_limit:
                raise UserError(
                    self.env._(
                        "You have %(count)s leads of “%(pool)s” that you did not touch "
                        "yet. Call, write or meet one of them, or give it back.",
                        count=held,
                        pool=pool.name,
                    )
                )
        if pool.day_limit:
            Capacity = self.env["lead.assignment.capacity"]
            timezone = Capacity._get_timezone(user, pool.company_id or user.company_id)
            periods = Capacity._get_periods(timezone, fields.Datetime.now())
            pulled = self.env["lead.assignment.log"].search_count(
                [
                    ("user_id", "=", user.id),
                    ("pool_id", "=", pool.id),
                    ("outcome", "=", "claimed"),
                    ("date", ">=", Capacity._to_utc(periods["day"], timezone)),
                ]
            )
            if pulled + adding > pool.day_limit:
                raise UserError(
                    self.env._(
                        "You had %(count)s leads of “%(pool)s” today, which is all for "
                        "a day. There are more tomorrow.",
                        count=pulled,
                        pool=pool.name,
                    )
                )

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

    # ------------------------------------------------------------
    # Touches and expiry
    # ------------------------------------------------------------

    def _assignment_touch(self):
        """Note that the owner called, wrote or met: claim and deadline are kept."""
        if not self:
            return
        # sudo: pool and clocks follow whatever the user may do there
        self.sudo()._clock_note(touched=True)
        if self.env["lead.pool"]._get_active():
            self.sudo().filtered(
                lambda lead: lead.assignment_pool_id and lead.user_id
            )._pool_leave()

    @api.model
    def _cron_deadlines(self, limit=200):
        """Return expired claims to their pools, and escalate missed deadlines."""
        now = fields.Datetime.now()
        self._run_each(
            "lead.pool.entry",
            [("user_id", "!=", False), ("claim_due", "<=", now)],
            lambda entry: entry._expire(),
            limit,
        )
        self._run_each(
            "lead.sla.clock",
            [("state", "=", "running"), ("date_next", "<=", now)],
            lambda clock: clock._escalate(),
            limit,
        )

    @api.model
    def _run_each(self, model, domain, job, limit):
        """Run a job on records, each in a savepoint: one that fails stops no other."""
        Model = self.env[model].sudo()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=Model.search_count(domain))
        last_id = 0  # once each: one that fails waits for the next run
        while records := Model.search(
            [*domain, ("id", ">", last_id)], order="id", limit=limit
        ):
            last_id = records.ids[-1]
            for record in records:
                locked = record.try_lock_for_update().filtered_domain(domain)
                try:
                    with self.env.cr.savepoint():
                        if locked:
                            job(locked)
                        self.env.flush_all()
                except Exception:
                    _logger.exception("Deadline of %s failed", locked)
                if not progress(1):
                    return
