from odoo import api, fields, models

from ...assignment.rule.lead_assignment_rule import CONTENT
from ...assignment.rule.target import TARGET_KINDS, TargetKind

OFFER = "offer"

# the policy is part of what a version of a rule consists of
CONTENT.add("share_policy_id")


class LeadAssignmentRule(models.Model):
    """Rules that offer leads to others, before the rules after them have a turn."""

    _inherit = "lead.assignment.rule"

    target = fields.Selection(
        selection_add=[(OFFER, "Another company or partner, as an offer")],
        ondelete={OFFER: "cascade"},
    )
    share_policy_id = fields.Many2one(
        "lead.share.policy",
        string="Sharing Policy",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="The lead is offered on these terms. If nobody accepts it, the rules "
        "after this one decide.",
    )

    @api.model
    def _get_needed(self):
        message = self.env._("Choose the sharing policy of “%s”.")
        return {**super()._get_needed(), OFFER: ("share_policy_id", message)}

    @api.depends("share_policy_id")
    def _compute_company_id(self):
        super()._compute_company_id()
        for rule in self.filtered(lambda rule: rule.target == OFFER):
            rule.company_id = rule.share_policy_id.company_id or rule.company_id


@TARGET_KINDS.add
class OfferTarget(TargetKind):
    """An offer: made once by each policy, and as long as somebody may get more."""

    name = OFFER
    outcome = "offered"

    @classmethod
    def decide(cls, plan, decision, rule):
        policy = rule.share_policy_id
        lead = decision.lead
        if lead.id in cls._get_asked(plan, policy) or not policy.active:
            decision.outcome = "nobody"  # the rules after it decide
            return False
        free = cls._get_free(plan, policy)
        chosen = plan.env["lead.share"]._choose_recipients(policy, free)
        if not chosen:
            decision.outcome = "nobody"
            return False
        decision.outcome = cls.outcome
        decision.detail = ", ".join(partner.name for partner in chosen)
        return True

    @classmethod
    def _get_asked(cls, plan, policy):
        """Return the ids of leads that were offered by a policy, or are elsewhere."""
        if not hasattr(plan, "asked"):
            plan.asked = {}
        if policy.id not in plan.asked:
            shares = plan.env["lead.share"].search_fetch(
                [("lead_id", "in", plan.leads.ids), ("policy_id", "=", policy.id)],
                ["lead_id"],
            )
            plan.asked[policy.id] = set(shares.lead_id.ids)
        return plan.asked[policy.id]

    @classmethod
    def _get_free(cls, plan, policy):
        if not hasattr(plan, "free"):
            plan.free = {}
        if policy.id not in plan.free:
            plan.free[policy.id] = policy._get_free_recipients()
        return plan.free[policy.id]

    @classmethod
    def apply(cls, env, decisions):
        Lead = env["crm.lead"]
        by_policy = {}
        for decision in decisions:
            policy = decision.rule.share_policy_id
            by_policy.setdefault(policy, []).append(decision.lead.id)
        for policy, ids in by_policy.items():
            env["lead.share"]._offer(Lead.browse(ids), policy)
