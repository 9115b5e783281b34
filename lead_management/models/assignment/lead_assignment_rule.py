from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.lead_rule_mixin import LEAD_ID


class LeadAssignmentRule(models.Model):
    """Who gets a lead: rules in order, the first one whose condition fits decides."""

    _name = "lead.assignment.rule"
    _inherit = ["lead.rule.mixin"]
    _description = "Assignment Rule"
    _check_company_auto = True

    company_id = fields.Many2one(
        compute="_compute_company_id", store=True, readonly=False, precompute=True
    )
    method = fields.Selection(
        [("user", "One salesperson"), ("round_robin", "Round robin")],
        required=True,
        default="round_robin",
        help="Round robin deals the leads evenly; the turns are remembered for good.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        ondelete="restrict",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        ondelete="restrict",
        help="The lead is given to this team. Without chosen members, its members take "
        "turns.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "lead_assignment_rule_member_rel",
        "rule_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False)]",
        help="Who takes turns. Empty: all members of the team.",
    )
    # Statistics
    turn_ids = fields.One2many("lead.assignment.turn", "rule_id", readonly=True)
    assigned_count = fields.Integer(compute="_compute_assigned_count")

    @api.depends("team_id")
    def _compute_company_id(self):
        """A team belongs to a company: its rule cannot hand out other leads."""
        for rule in self:
            rule.company_id = rule.team_id.company_id or rule.company_id

    def _compute_assigned_count(self):
        counts = dict(
            self.env["lead.assignment.log"]._read_group(
                [("rule_id", "in", self.ids), ("outcome", "=", "assigned")],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.assigned_count = counts.get(rule._origin, 0)

    @api.constrains("method", "user_id", "team_id", "member_ids")
    def _check_target(self):
        for rule in self:
            if rule.method == "user" and not rule.user_id:
                raise ValidationError(
                    self.env._("Choose the salesperson of “%s”.", rule.name)
                )
            if rule.method == "round_robin" and not (rule.team_id or rule.member_ids):
                raise ValidationError(
                    self.env._("Choose a team or members for “%s”.", rule.name)
                )

    # ------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------

    @api.model
    def _get_company_domain(self, company_id):
        """Leads of no company are nobody's yet: every company may take them."""
        return Domain("company_id", "in", [company_id, False])

    @api.model
    def _first_match(self, leads):
        """Return the rule that decides on each lead, in one statement.

        :return: dict of lead to rule; leads no rule fits are left out
        """
        query = self._new_lead_query(leads.ids)
        compiled = self._compile_rules(query)
        if not compiled:
            return {}
        decision = SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, rule.id) for rule, condition in compiled
        )
        rows = self.env.execute_query(
            query.select(LEAD_ID, SQL("CASE %s END", decision))
        )
        return {
            leads.browse(lead_id): self.browse(rule_id)
            for lead_id, rule_id in rows
            if rule_id
        }

    def _get_candidates(self, company):
        """Return the users who may get a lead of ``company`` by this rule, in order.

        Archived and portal users are out, and users of another company: giving them a
        lead would move it there.
        """
        self.ensure_one()
        if self.method == "user":
            users = self.user_id
        else:
            # archived members count here: without them, the team would take over
            members = self.with_context(active_test=False).member_ids
            users = members or self.team_id.member_ids
        domain = Domain("active", "=", True) & Domain("share", "=", False)
        if company:
            domain &= Domain("company_ids", "in", company.ids)
        return users.filtered_domain(domain).sorted("id")
