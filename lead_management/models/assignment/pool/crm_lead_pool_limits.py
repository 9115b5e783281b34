from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL

from ....exceptions import RefusedError
from ...base.apart import apart

# With the id of the user: one pull of somebody at a time, so that parallel clicks are
# counted one after the other.
PULL_LOCK = 0x70756C6C


class CrmLead(models.Model):
    """Who may claim leads of a pool now, and how many."""

    _inherit = "crm.lead"

    @api.model
    def _check_puller(self):
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(
                self.env._(
                    "Only salespeople can claim leads. Ask an administrator for the "
                    "right “Sales: User”."
                )
            )

    def _check_claimable(self):
        """Refuse what the user may not have, or a colleague just took.

        :raise RefusedError: who was faster
        """
        # sudo: who took what everybody could see a moment ago is no secret
        lead = self.sudo()
        if lead._was_claimed_today() and lead.company_id <= self.env.user.company_ids:
            raise RefusedError(lead._pool_get_taken_message())
        self.check_access("write")

    def _was_claimed_today(self):
        """Return whether somebody took this lead from where all could look, today.

        What a rule or a manager gave to somebody may never have been in sight.
        """
        log = self._get_last_decision()
        return (
            self.user_id
            and log.outcome == "claimed"
            and log.user_id == self.user_id
            and log.date > fields.Datetime.now() - timedelta(days=1)
            and not log.pool_id.is_blind
        )

    @api.model
    def _pool_lock(self, user):
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [PULL_LOCK, user.id]
        )

    @api.model
    def _pool_lock_manually(self, user):
        """Let claims of a user be one at a time, also in Odoo's usual isolation.

        A transaction that began before the last claim does not count it.

        :raise ConcurrencyError: when it has to be repeated
        """
        self._pool_lock(user)
        query = SQL(
            """
            SELECT id FROM lead_assignment_log
            WHERE user_id = %s AND outcome = 'claimed'
            ORDER BY date DESC, id DESC LIMIT 1
            """,
            user.id,
        )
        with apart(self.env.registry) as env:
            last = env.execute_query(query)
        # sudo: whether the claim is known, whoever may see its lead
        Log = self.env["lead.assignment.log"].sudo()
        if last and not Log.search_count([("id", "=", last[0][0])], limit=1):
            raise ConcurrencyError("Claims since the transaction began")

    @api.model
    def _pool_get_allowed(self, user):
        """Return the pools the user may pull from now.

        :raise RefusedError: why there is none
        """
        pools = self.env["lead.pool"]._get_of_user(user)
        if not pools:
            raise RefusedError(
                self.env._(
                    "You are not a member of any pool. Ask a sales manager to add "
                    "you under Configuration > Pools."
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
        """Refuse somebody who pauses; return the capacities."""
        capacities = self.env["lead.assignment.capacity"].search(
            [("user_id", "=", user.id)], order="id"
        )
        now = fields.Datetime.now()
        if any(capacity._is_paused_at(now) for capacity in capacities):
            raise RefusedError(
                self.env._("You are paused. End the pause to get the next lead.")
            )
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
            raise RefusedError(
                self.env._("You are not a member of the pool “%s”.", pool.name)
            )

    @api.model
    def _pool_check_limits(self, user, pool, adding=1):
        """Refuse more claims than a pool allows.

        :param adding: how many leads the user is about to claim
        :raise RefusedError: what to do first
        """
        if pool.wip_limit:
            held = self.env["lead.pool.entry"].search_count(
                [("user_id", "=", user.id), ("pool_id", "=", pool.id)]
            )
            if held + adding > pool.wip_limit:
                raise RefusedError(
                    self.env._(
                        "You have claimed the maximum from “%(pool)s” (%(count)s). "
                        "Contact one of these leads or release it to get the next "
                        "one.",
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
                raise RefusedError(
                    self.env._(
                        "You have reached the daily limit of “%(pool)s” (%(count)s). "
                        "You can claim more leads tomorrow.",
                        count=pulled,
                        pool=pool.name,
                    )
                )
