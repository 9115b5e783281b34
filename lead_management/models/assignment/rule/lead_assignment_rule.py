from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...scoring.lead_score import TEMPERATURES

CAPTURE, STAGE, SCORE = "capture", "stage", "score"
TRIGGERS = [
    (CAPTURE, "A lead has no salesperson"),
    (STAGE, "A lead enters a stage"),
    (SCORE, "A lead becomes colder or hotter"),
]
USER, TEAM, MEMBERS = "user", "team", "members"
CAPTURER, PREVIOUS, POOL = "capturer", "previous", "pool"
TARGETS = [
    (USER, "One salesperson"),
    (TEAM, "The members of a team"),
    (MEMBERS, "Chosen salespeople"),
    (PREVIOUS, "The salesperson who knows the customer"),
    (CAPTURER, "The salesperson who created the lead"),
    (POOL, "A pool"),
]
ROUND_ROBIN, WEIGHTED, LEAST_LOADED, FIT = "round_robin", "weighted", "load", "fit"
STRATEGIES = [
    (ROUND_ROBIN, "Round robin"),
    (WEIGHTED, "Weighted round robin"),
    (LEAST_LOADED, "Least loaded"),
    (FIT, "Best fit"),
]
HOLD, LEADER, OVERFLOW = "hold", "leader", "overflow"
# What a version of a rule consists of.
CONTENT = {
    "active",
    "company_id",
    "domain",
    "fallback",
    "load_basis",
    "member_ids",
    "pool_id",
    "sequence",
    "strategy",
    "target",
    "team_id",
    "trigger",
    "trigger_stage_ids",
    "trigger_temperature",
    "turn_ids",
    "user_id",
    "working_hours",
}


class LeadAssignmentRule(models.Model):
    """Who gets a lead: rules in order, the first one whose condition fits decides."""

    _name = "lead.assignment.rule"
    _inherit = ["lead.rule.mixin", "mail.thread"]
    _description = "Assignment Rule"
    _check_company_auto = True

    name = fields.Char(tracking=True)
    active = fields.Boolean(tracking=True)
    domain = fields.Char(tracking=True)
    company_id = fields.Many2one(
        compute="_compute_company_id", store=True, readonly=False, precompute=True
    )
    version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Number of changes of this rule. Each entry of the assignment log shows "
        "the version it was made by.",
    )
    # When
    trigger = fields.Selection(TRIGGERS, required=True, default=CAPTURE, tracking=True)
    trigger_stage_ids = fields.Many2many(
        "crm.stage", "lead_assignment_rule_stage_rel", string="Stages"
    )
    trigger_temperature = fields.Selection(
        TEMPERATURES, string="New Temperature", tracking=True
    )
    # Who
    target = fields.Selection(
        TARGETS, string="Assign To", required=True, default=TEAM, tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        ondelete="restrict",
        tracking=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="The lead is assigned to this team.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "lead_assignment_rule_member_rel",
        "rule_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False)]",
    )
    pool_id = fields.Many2one(
        "lead.pool",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    # How
    strategy = fields.Selection(
        STRATEGIES,
        string="Distribution Method",
        required=True,
        default=ROUND_ROBIN,
        tracking=True,
        help="Round robin distributes evenly, weighted round robin by the weight of "
        "each member. Least loaded compares open leads, best fit compares "
        "languages, countries and products. Turns are kept permanently and "
        "decide ties.",
    )
    load_basis = fields.Selection(
        [
            ("count", "Number of open leads"),
            ("score", "Sum of their scores"),
            ("revenue", "Sum of their expected revenue"),
        ],
        string="Workload",
        required=True,
        default="count",
    )
    working_hours = fields.Boolean(
        string="Only in Working Hours",
        tracking=True,
        help="Members outside their working hours are not available. Time off always "
        "counts, even if it only starts with the next working time.",
    )
    fallback = fields.Selection(
        [
            (HOLD, "Keep in the queue"),
            (LEADER, "Assign to the team leader"),
            (OVERFLOW, "Try the next rule"),
        ],
        string="If Nobody Is Available",
        required=True,
        default=HOLD,
        tracking=True,
    )
    credit_days = fields.Integer(
        string="Refund Turn Within (Days)",
        default=7,
        help="The turn is refunded if the lead proves to be unqualified, spam or a "
        "duplicate within this number of days. 0 means never.",
    )
    # Statistics
    turn_ids = fields.One2many("lead.assignment.turn", "rule_id", string="Turns")
    assigned_count = fields.Integer(
        string="Assigned Leads", compute="_compute_assigned_count"
    )

    _credit_days_positive = models.Constraint(
        "CHECK(credit_days >= 0)", "The number of days must be 0 or more."
    )

    @api.depends("team_id", "pool_id")
    def _compute_company_id(self):
        """A team belongs to a company: its rule cannot hand out other leads."""
        for rule in self:
            rule.company_id = (
                rule.team_id.company_id or rule.pool_id.company_id or rule.company_id
            )

    def _compute_assigned_count(self):
        counts = dict(
            self.env["lead.assignment.log"]._read_group(
                [
                    ("rule_id", "in", self.ids),
                    ("outcome", "in", ("assigned", "pooled")),
                ],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.assigned_count = counts.get(rule._origin, 0)

    @api.constrains(
        "target", "user_id", "team_id", "member_ids", "pool_id", "trigger_stage_ids"
    )
    def _check_target(self):
        needed = self._get_needed()
        for rule in self:
            fname, message = needed.get(rule.target, ("id", ""))
            if not rule[fname]:
                raise ValidationError(message % rule.name)

    @api.model
    def _get_needed(self):
        """Return which field each target needs, and what is said without it."""
        return {
            USER: ("user_id", self.env._("Choose the salesperson of “%s”.")),
            TEAM: ("team_id", self.env._("Choose the sales team of “%s”.")),
            MEMBERS: ("member_ids", self.env._("Choose the members of “%s”.")),
            POOL: ("pool_id", self.env._("Choose the pool of “%s”.")),
        }

    @api.constrains("trigger", "trigger_stage_ids", "trigger_temperature")
    def _check_trigger(self):
        for rule in self:
            if rule.trigger == STAGE and not rule.trigger_stage_ids:
                raise ValidationError(
                    self.env._("Choose the stages that trigger “%s”.", rule.name)
                )
            if rule.trigger == SCORE and not rule.trigger_temperature:
                raise ValidationError(
                    self.env._(
                        "Choose the new temperature that triggers “%s”.", rule.name
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._add_turns()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if not CONTENT.isdisjoint(vals):
            for rule in self:
                super(LeadAssignmentRule, rule).write({"version": rule.version + 1})
            self._add_turns()
        return result

    @api.onchange("target", "team_id", "member_ids", "user_id")
    def _onchange_members(self):
        """Show each member with a weight before the rule is saved.

        Whoever left stays in the ledger: a return goes on with what is owed.
        """
        members = self._get_members()._origin
        self.turn_ids -= self.turn_ids.filtered(
            lambda turn: not turn._origin and turn.user_id._origin not in members
        )
        for user in members - self.turn_ids.user_id._origin:
            self.turn_ids += self.turn_ids.new({"user_id": user.id, "weight": 1})

    def _add_turns(self):
        """Give every member a row in the ledger, where the weight stands."""
        # sudo: members get their rows whatever ledger the user may write
        self.env["lead.assignment.turn"].sudo().create(
            [
                {"rule_id": rule.id, "user_id": user.id}
                for rule in self
                for user in rule._get_members() - rule.turn_ids.user_id
            ]
        )

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        """Whom a rule names is not assigned to it: they hear of the leads."""
        return []

    def _rules_changed(self):
        """A change may free leads that wait."""
        super()._rules_changed()
        self.env["crm.lead"]._assignment_trigger_retry()

    def action_dry_run(self):
        """Show what the rules would do, before they do it."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_assignment_dry_run_action"
        )

    def action_view_decisions(self):
        """Open what this rule decided so far."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_assignment_log_action"
        )
        return {**action, "domain": [("rule_id", "=", self.id)]}

    def copy_data(self, default=None):
        """Let a copy start its turns again, with the same weights."""
        vals_list = super().copy_data(default)
        for rule, vals in zip(self, vals_list, strict=True):
            vals["turn_ids"] = [
                Command.create(
                    {
                        "user_id": turn.user_id.id,
                        "weight": turn.weight,
                        "domain": turn.domain,
                    }
                )
                for turn in rule.turn_ids
            ]
        return vals_list
