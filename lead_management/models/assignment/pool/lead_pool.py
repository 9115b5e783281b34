from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

ORDERS = [
    ("score", "Highest score first"),
    ("oldest", "Oldest first"),
    ("newest", "Newest first"),
]

PoolData = namedtuple("PoolData", "id is_blind user_ids")


class LeadPool(models.Model):
    """A heap of leads that salespeople pull the next one from."""

    _name = "lead.pool"
    _description = "Pool"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    # Who
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        ondelete="restrict",
        help="Its members can claim leads, unless members are chosen below.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "lead_pool_member_rel",
        "pool_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False)]",
        help="Salespeople who can claim leads from this pool. Leave empty for all "
        "members of the team.",
    )
    # What
    is_blind = fields.Boolean(
        string="Hidden",
        default=True,
        help="Salespeople cannot see the waiting leads and get the next one. In a "
        "visible pool they can also choose a lead from the list.",
    )
    order = fields.Selection(
        ORDERS,
        required=True,
        default="score",
        help="If leads are equal, the oldest one comes first.",
    )
    # Limits
    wip_limit = fields.Integer(
        string="Open Claims",
        default=3,
        help="Leads a salesperson can hold without a first contact. 0 means no limit.",
    )
    day_limit = fields.Integer(
        string="Per Day",
        help="Leads a salesperson can claim per day. 0 means no limit.",
    )
    claim_minutes = fields.Integer(
        string="Contact Within (Minutes)",
        default=120,
        help="A claimed lead without a call, message or meeting returns to the pool "
        "after this number of working minutes. 0 means never.",
    )
    # State
    entry_ids = fields.One2many(
        "lead.pool.entry", "pool_id", string="Leads", readonly=True
    )
    waiting_count = fields.Integer(string="Waiting Leads", compute="_compute_counts")
    claimed_count = fields.Integer(string="Claimed Leads", compute="_compute_counts")

    _limits_positive = models.Constraint(
        "CHECK(wip_limit >= 0 AND day_limit >= 0 AND claim_minutes >= 0)",
        "The limit must be 0 or more. 0 means no limit.",
    )

    @api.depends("team_id")
    def _compute_company_id(self):
        for pool in self:
            pool.company_id = pool.team_id.company_id or pool.company_id

    def _compute_counts(self):
        Entry = self.env["lead.pool.entry"]
        for fname, operator in (("waiting_count", "="), ("claimed_count", "!=")):
            counts = dict(
                Entry._read_group(
                    [("pool_id", "in", self.ids), ("user_id", operator, False)],
                    ["pool_id"],
                    ["__count"],
                )
            )
            for pool in self:
                pool[fname] = counts.get(pool._origin, 0)

    @api.constrains("team_id", "member_ids")
    def _check_members(self):
        for pool in self:
            if not (pool.team_id or pool.member_ids):
                raise ValidationError(
                    self.env._("Choose a team or members for “%s”.", pool.name)
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        pools = super().create(vals_list)
        self._forget_cached()
        return pools

    def write(self, vals):
        result = super().write(vals)
        self._forget_cached()
        if "order" in vals:
            # sudo: entries are nobody's to write by hand
            self.env["lead.pool.entry"].sudo()._follow_scores(pools=self)
        if "active" in vals:
            self._active_changed()
        return result

    def _active_changed(self):
        """Let the rules decide on what waits in pools that are no more.

        More than a batch is left to the cron.
        """
        # sudo: leads the manager does not see wait in the pool, too
        CrmLead = self.env["crm.lead"].sudo()
        left = CrmLead._pool_reassign()
        CrmLead._assignment_trigger_retry(force=left)

    def unlink(self):
        result = super().unlink()
        self._forget_cached()
        return result

    def _forget_cached(self):
        """Forget what is cached of pools: now, and what others cache until the commit.

        Threads of the same process share the cache, and see no pool before.
        """
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting(self):
        for pool in self:
            # sudo: leads the user does not see wait, too
            if pool.sudo().entry_ids:
                raise ValidationError(
                    self.env._(
                        "Leads are waiting in “%s”. Archive the pool instead, then "
                        "assign its leads again.",
                        pool.name,
                    )
                )

    # ------------------------------------------------------------
    # Membership
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _get_active(self):
        """Return the active pools, as ``PoolData``."""
        # sudo: cached for everybody
        return tuple(
            PoolData(
                pool.id,
                pool.is_blind,
                frozenset((pool.member_ids or pool.team_id.member_ids).ids),
            )
            for pool in self.sudo().with_context(active_test=True).search([])
        )

    @api.model
    @ormcache()
    def _has_any(self):
        """Return whether there are pools, archived ones included."""
        # sudo: cached for everybody
        return bool(self.sudo().with_context(active_test=False).search([], limit=1))

    @api.model
    def _get_of_user(self, user):
        """Return the pools a user pulls from, with all rights."""
        ids = [pool.id for pool in self._get_active() if user.id in pool.user_ids]
        # sudo: membership decides, and the user's companies, switched on or not
        return (
            self.sudo()
            .browse(ids)
            .filtered(
                lambda pool: not pool.company_id or pool.company_id in user.company_ids
            )
        )

    def _can_serve(self, company):
        """Return whether somebody may pull leads of a company from this pool.

        :param company: a company, or none for leads of no company
        """
        if not self.active or (company and self.company_id - company):
            return False
        members = self.member_ids or self.team_id.member_ids
        return bool(members._filter_assignable(company or self.company_id))

    def action_view_leads(self):
        """Open the leads that wait in this pool."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.crm_lead_action_pool"
        )
        return {**action, "domain": [("assignment_pool_id", "=", self.id)]}

    # ------------------------------------------------------------
    # For the top bar
    # ------------------------------------------------------------

    @api.model
    def action_status(self):
        """Return what the user may pull, and what they hold.

        :return: dict: ``pools``: list of ``id``, ``name``, ``waiting``, ``is_blind``;
            ``claims``: list of ``lead_id``, ``name``, ``due`` (UTC or False);
            ``paused_until``: UTC, True when paused for good, or False;
            ``takes_part``: whether there is anything to pause from
        """
        user = self.env.user
        if not user.has_group("sales_team.group_sale_salesman"):
            return {
                "pools": [],
                "claims": [],
                "paused_until": False,
                "takes_part": False,
            }
        pools = self._get_of_user(user)
        # sudo: how many leads wait is no secret, which ones may be
        claims = (
            self.env["lead.pool.entry"]
            .sudo()
            .search([("user_id", "=", user.id)], order="claim_due, id", limit=20)
        )
        # sudo: one's own pause, in whatever company
        capacity = (
            self.env["lead.assignment.capacity"]
            .sudo()
            .search([("user_id", "=", user.id), ("is_paused", "=", True)], limit=1)
        )
        until = capacity.pause_until
        paused = capacity._is_paused_at(fields.Datetime.now())
        # sudo: who is a member of which rule is the manager's business
        turns = self.env["lead.assignment.turn"].sudo()
        return {
            "takes_part": bool(
                pools
                or turns.search_count(
                    [("user_id", "=", user.id), ("rule_id.active", "=", True)], limit=1
                )
            ),
            "pools": [
                {
                    "id": pool.id,
                    "name": pool.name,
                    "waiting": pool.waiting_count,
                    "is_blind": pool.is_blind,
                }
                for pool in pools
            ],
            "claims": [
                {
                    "lead_id": claim.lead_id.id,
                    "name": claim.lead_id.name,
                    "due": fields.Datetime.to_string(claim.claim_due),
                }
                for claim in claims
            ],
            "paused_until": paused
            and (fields.Datetime.to_string(until) if until else True),
        }
