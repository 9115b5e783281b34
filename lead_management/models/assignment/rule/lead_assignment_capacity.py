from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

PERIODS = ("day", "week", "month")
# What is shown of the load of a salesperson, by field.
COUNTS = {
    "open_count": "count",
    **{f"{period}_count": period for period in PERIODS},
}


class LeadAssignmentCapacity(models.Model):
    """How many leads somebody can take, which ones suit them, and whether they pause.

    Whoever has no such record has no limit. What it counts are the leads of one
    company.
    """

    _name = "lead.assignment.capacity"
    _description = "Capacity Limit"
    _order = "user_id, company_id"
    _rec_name = "user_id"

    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        index=True,
        help="Leave empty to apply to each company.",
    )
    # Limits
    open_limit = fields.Integer(
        string="Open Leads", help="Open leads at the same time. 0 means no limit."
    )
    day_limit = fields.Integer("Per Day", help="New leads per day. 0 means no limit.")
    week_limit = fields.Integer(
        string="Per Week", help="New leads per week, from Monday. 0 means no limit."
    )
    month_limit = fields.Integer(
        string="Per Month", help="New leads per month. 0 means no limit."
    )
    # Pause
    is_paused = fields.Boolean(
        string="Paused", help="Receives no leads from rules and cannot claim any."
    )
    pause_until = fields.Datetime(
        string="Paused Until", help="Leave empty to pause without an end date."
    )
    # Fit
    lang_ids = fields.Many2many(
        "res.lang",
        string="Languages",
        help="Best-fit rules assign none in other languages. Leave empty for any.",
    )
    country_ids = fields.Many2many(
        "res.country",
        string="Countries",
        help="Best-fit rules assign none from other countries. Leave empty for any.",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        help="Best-fit rules assign none about other products. Leave empty for any.",
    )
    # State
    open_count = fields.Integer(string="Currently Open", compute="_compute_counts")
    day_count = fields.Integer(string="Received Today", compute="_compute_counts")
    week_count = fields.Integer(string="Received This Week", compute="_compute_counts")
    month_count = fields.Integer("Received This Month", compute="_compute_counts")
    state = fields.Char(string="Status", compute="_compute_counts")
    # Written with each lead that a limit counts: of two transactions that count the
    # same leads, one fails and is repeated, so that no limit is ever exceeded.
    date_counted = fields.Datetime(readonly=True, copy=False, string="Counted On")

    _user_uniq = models.UniqueIndex(
        "(user_id, (COALESCE(company_id, 0))) WHERE active IS TRUE",
        "This salesperson already has a limit in this company. Change that one.",
    )
    _limits_positive = models.Constraint(
        "CHECK(open_limit >= 0 AND day_limit >= 0 AND week_limit >= 0 "
        "AND month_limit >= 0)",
        "The limit must be 0 or more. 0 means no limit.",
    )

    @api.depends("user_id", "company_id", "is_paused", "pause_until")
    def _compute_counts(self):
        # whom it is about is not chosen yet in a new one
        empty = self.filtered(lambda capacity: not capacity.user_id)
        empty.update({**dict.fromkeys(COUNTS, 0), "state": False})
        for company, capacities in (self - empty).grouped("company_id").items():
            company = company or self.env.company
            loads = self._get_loads(capacities.user_id, company)
            states = self._describe(capacities.user_id, company, True)
            for capacity in capacities:
                load = loads[capacity.user_id.id]
                for fname, kind in COUNTS.items():
                    capacity[fname] = load[kind]
                capacity.state = states.get(capacity.user_id.id)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        capacities = super().create(vals_list)
        self.env["crm.lead"]._assignment_trigger_retry()
        return capacities

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"date_counted"}:
            self.env["crm.lead"]._assignment_trigger_retry()
        if vals.get("pause_until"):
            self.env["crm.lead"]._assignment_trigger_retry(self.mapped("pause_until"))
        return result

    def unlink(self):
        result = super().unlink()
        self.env["crm.lead"]._assignment_trigger_retry()
        return result

    # ------------------------------------------------------------
    # Pause
    # ------------------------------------------------------------

    def _is_paused_at(self, moment):
        """Return whether this salesperson pauses at a moment, in UTC."""
        until = self.pause_until
        return self.is_paused and (not until or until > moment)

    @api.model
    def action_pause(self, hours=0):
        """Take the user who calls it out of distribution, or back in.

        :param hours: for how many hours from now; 0 to take part again
        :raise UserError: when it is not between 0 and 1,000 hours
        """
        user = self.env.user
        if not user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only salespeople can receive leads."))
        if not isinstance(hours, int | float) or not 0 <= hours <= 1000:
            raise UserError(self.env._("The pause must be between 0 and 1,000 hours."))
        values = {
            "is_paused": hours > 0,
            "pause_until": hours > 0
            and fields.Datetime.now() + timedelta(hours=float(hours)),
        }
        # sudo: everybody decides on their own pause, and on nothing else here
        capacities = self.sudo().search([("user_id", "=", user.id)])
        if capacities:
            capacities.write(values)
        elif hours:
            capacities.create({"user_id": user.id, **values})
        return values["pause_until"]

    def action_time_off(self):
        """Open the time off of this salesperson, to add some where there is no HR."""
        self.ensure_one()
        self.check_access("write")
        # sudo: a manager of sales need not be an administrator of resources
        resource = self.sudo()._get_resource()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Time Off: %s", self.user_id.name),
            "res_model": "resource.calendar.leaves",
            "view_mode": "list,form",
            "domain": [("resource_id", "=", resource.id)],
            "context": {
                "default_resource_id": resource.id,
                "default_calendar_id": resource.calendar_id.id,
                "default_company_id": resource.company_id.id,
            },
        }

    def _get_resource(self):
        """Return the resource of the salesperson; it is created when missing."""
        company = self.company_id or self.user_id.company_id
        resource = self._get_resources(self.user_id, company)[self.user_id]
        return resource or self.env["resource.resource"].create(
            {
                "name": self.user_id.name,
                "user_id": self.user_id.id,
                "company_id": company.id,
                "calendar_id": company.resource_calendar_id.id,
                "tz": self.user_id.tz or company.resource_calendar_id.tz or "UTC",
            }
        )

    # ------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------

    @api.model
    def _get_of(self, users, company):
        """Return the capacity of each user in a company, by user id."""
        capacities = self.sudo().search(  # sudo: limits hold whoever asks
            [("user_id", "in", users.ids), ("company_id", "in", [False, company.id])]
        )
        return {
            capacity.user_id.id: capacity
            for capacity in capacities.sorted(lambda c: bool(c.company_id))
        }

    def _get_fit(self, lead):
        """Return how well this salesperson suits a lead.

        :return: number of attributes that match, and the first that does not, or None
        """
        matches = 0
        for name, wanted, known in (
            ("language", lead.lang_id, self.lang_ids),
            ("country", lead.country_id, self.country_ids),
            ("product", lead.product_ids, self.product_ids),
        ):
            if not wanted or not known:
                continue
            if not wanted & known:
                return 0, name
            matches += 1
        return matches, None

    @api.model
    def _lock(self, users=None):
        """Serialize the transactions that count the leads of these users.

        :param users: some users, or None for everybody who has a limit
        :return: the capacities that are locked
        """
        domain = Domain.OR(
            [(f"{period}_limit", ">", 0)] for period in ("open", *PERIODS)
        )
        if users is not None:
            domain &= Domain("user_id", "in", users.ids)
        capacities = self.sudo().search(domain, order="id")  # sudo: whoever counts
        if capacities:
            # always in the same order, or two of them could wait for each other
            self.env.cr.execute(
                "UPDATE lead_assignment_capacity SET date_counted = %s WHERE id IN "
                "(SELECT id FROM lead_assignment_capacity WHERE id = ANY(%s) "
                "ORDER BY id FOR NO KEY UPDATE)",
                [self.env.cr.now(), capacities.ids],
            )
            capacities.invalidate_recordset(["date_counted"], flush=False)
        return capacities
