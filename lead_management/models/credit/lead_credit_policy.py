from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .constants import ACTIVITY, ADVICE, AMBER, BASES, EFFECTS, GREEN

# What a policy says; whoever changes it makes another version.
TERMS = (
    "domain",
    "threshold_amount",
    "threshold_score",
    "threshold_any",
    "basis",
    "basis_text",
    "person_basis",
    "person_basis_text",
    "approve_above",
    "approver_ids",
    "check_budget",
    "monthly_budget",
    "provider_ids",
    "days",
    "amber_effect",
    "red_effect",
    "gate_stage_ids",
    "gate_band",
)


class LeadCreditPolicy(models.Model):
    """When a company may check the credit of a lead, why, and what follows.

    It is a condition on leads; without one that applies, nothing is asked.
    """

    _name = "lead.credit.policy"
    _inherit = ["lead.rule.mixin"]
    _description = "Credit Check Policy"

    company_id = fields.Many2one(
        required=True, default=lambda self: self.env.company, help=""
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    version = fields.Integer(default=1, readonly=True, copy=False)
    # Threshold
    threshold_amount = fields.Monetary(
        string="Expected Revenue from", help="0 means any amount."
    )
    threshold_score = fields.Integer(string="Score from", help="0 means any score.")
    threshold_any = fields.Boolean(
        string="One of Them Is Enough",
        help="Otherwise both the amount and the score must be reached.",
    )
    # Basis
    basis = fields.Selection(
        BASES,
        string="Legal Basis",
        help="For companies. Without one, nothing is asked.",
    )
    basis_text = fields.Text(
        string="Reasoning",
        help="Why the check is necessary, and how interests were balanced. It is kept "
        "with each check.",
    )
    person_basis = fields.Selection(
        BASES,
        string="Legal Basis for Natural Persons",
        help="Leave empty to refuse checks of sole traders and private persons.",
    )
    person_basis_text = fields.Text(string="Reasoning for Natural Persons")
    # People
    asked_by = fields.Selection(
        [("salesman", "Salespeople"), ("manager", "Sales managers")],
        string="Requested by",
        required=True,
        default="salesman",
    )
    approve_above = fields.Monetary(
        string="Second Person above",
        help="From this expected revenue on, somebody else must approve the check. "
        "0 means always.",
    )
    approver_ids = fields.Many2many(
        "res.users",
        string="Approvers",
        domain=[("share", "=", False)],
        help="Leave empty for all sales managers.",
    )
    # Money
    check_budget = fields.Monetary(string="Maximum per Check", help="0 means no limit.")
    monthly_budget = fields.Monetary(
        string="Maximum per Month", help="0 means that nothing is bought."
    )
    provider_ids = fields.Many2many(
        "lead.credit.provider",
        string="Agencies",
        domain="[('company_id', '=', company_id)]",
        help="Asked in their order. Leave empty to enter results manually only.",
    )
    days = fields.Integer(string="Valid for (Days)", default=90)
    limit_step = fields.Monetary(
        string="Round Limit to", default=1000, help="Limits are rounded down."
    )
    # Effect
    amber_effect = fields.Selection(
        EFFECTS, string="At Medium Risk", required=True, default=ADVICE
    )
    red_effect = fields.Selection(
        EFFECTS, string="At High Risk", required=True, default=ACTIVITY
    )
    gate_stage_ids = fields.Many2many(
        "crm.stage",
        string="Required for Stages",
        help="Leads to which the policy applies enter these stages only with a valid "
        "result. Sales managers can move them anyway, with a reason.",
    )
    gate_band = fields.Selection(
        [(GREEN, "Low risk"), (AMBER, "Low or medium risk"), ("any", "Any result")],
        string="Required Result",
        required=True,
        default="any",
    )
    check_count = fields.Integer(string="Credit Checks", compute="_compute_check_count")

    _numbers = models.Constraint(
        "CHECK(threshold_amount >= 0 AND threshold_score BETWEEN 0 AND 100 "
        "AND approve_above >= 0 AND check_budget >= 0 AND monthly_budget >= 0 "
        "AND limit_step >= 0 AND days BETWEEN 1 AND 730)",
        "Amounts must not be negative, the score is 0 to 100, and a result is valid "
        "for 1 to 730 days.",
    )

    def _compute_check_count(self):
        # sudo: how many there are is no secret to whoever sets the rules
        counts = dict(
            self.env["lead.credit.check"]
            .sudo()
            ._read_group([("policy_id", "in", self.ids)], ["policy_id"], ["__count"])
        )
        for policy in self:
            policy.check_count = counts.get(policy, 0)

    @api.constrains("basis", "basis_text", "person_basis", "person_basis_text")
    def _check_basis(self):
        for policy in self:
            for basis, text in (
                (policy.basis, policy.basis_text),
                (policy.person_basis, policy.person_basis_text),
            ):
                if basis and not (text or "").strip():
                    raise ValidationError(
                        self.env._(
                            "Enter the reasoning of the legal basis of “%s”. "
                            "It is kept with each check.",
                            policy.name,
                        )
                    )

    @api.constrains("company_id", "provider_ids")
    def _check_company(self):
        for policy in self:
            if policy.provider_ids.company_id - policy.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s” can only use agencies of its own company.", policy.name
                    )
                )

    def write(self, vals):
        if vals.keys() & set(TERMS) and "version" not in vals:
            for policy in self:
                super(LeadCreditPolicy, policy).write({"version": policy.version + 1})
        return super().write(vals)

    def action_view_checks(self):
        """Open the credit checks of this policy."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_credit_check_action"
        )
        return {**action, "domain": [("policy_id", "=", self.id)], "context": {}}
