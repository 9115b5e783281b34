from collections import namedtuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from .constants import AMBER, BANDS, COMPANY, GREEN, PERSON

GateData = namedtuple("GateData", "policy_id bands company_id")


class LeadCreditPolicy(models.Model):
    """What the policies say, asked for many leads at once."""

    _inherit = "lead.credit.policy"

    def _get_conditions(self):
        """The condition, and the threshold beside it."""
        terms = []
        if self.threshold_amount:
            terms.append(Domain("expected_revenue", ">=", self.threshold_amount))
        if self.threshold_score:
            terms.append(Domain("score_total", ">=", self.threshold_score))
        join = Domain.OR if self.threshold_any else Domain.AND
        threshold = join(terms) if terms else Domain.TRUE
        return (*super()._get_conditions(), str(list(threshold)))

    @api.model
    def _get_denied_fields(self):
        return {"credit_band", "credit_state", "credit_until"}

    @api.model
    def _find(self, leads):
        """Return the policy that applies to each lead, the first one, in a statement.

        :return: dict of lead id to a policy, with all rights
        """
        # sudo: a policy holds for all leads of its company
        Policy = self.sudo()
        leads._derived_flush()
        found = Policy._first_match(leads.ids)
        return {
            lead_id: Policy.browse(policy_id) for lead_id, policy_id in found.items()
        }

    @api.model
    @ormcache()
    def _get_gates(self):
        """Return the policies that close a stage, by its id, as ``GateData``."""
        gates = {}
        passing = {
            GREEN: (GREEN,),
            AMBER: (GREEN, AMBER),
            "any": tuple(band for band, __ in BANDS),
        }
        # sudo: cached for everybody
        for policy in self.sudo().search([("gate_stage_ids", "!=", False)]):
            data = GateData(policy.id, passing[policy.gate_band], policy.company_id.id)
            for stage in policy.gate_stage_ids:
                gates.setdefault(stage.id, []).append(data)
        return gates

    # ------------------------------------------------------------
    # People, basis and money
    # ------------------------------------------------------------

    def _get_basis(self, legal_form):
        """Return the legal basis and its text; none is none."""
        if legal_form == PERSON:
            return self.person_basis, self.person_basis_text
        if legal_form == COMPANY:
            return self.basis, self.basis_text
        return False, False

    def _may_ask(self, user):
        group = f"sales_team.group_sale_{self.asked_by}"
        return user.has_group(group)

    def _may_approve(self, user):
        if self.approver_ids:
            return user in self.approver_ids
        return user.has_group("sales_team.group_sale_manager")

    def _needs_approval(self, lead):
        return not self.approve_above or lead.expected_revenue >= self.approve_above

    def _get_spent(self):
        """Return what was spent this month, what is under way included."""
        begin = fields.Datetime.now().replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        [(cost,)] = self.env["lead.credit.check"]._read_group(
            [("policy_id", "=", self.id), ("called", ">=", begin)], [], ["cost:sum"]
        )
        return cost or 0

    def _get_money_problem(self, cost):
        """Return the code of what a report is too expensive for, or None."""
        if self.check_budget and cost > self.check_budget:
            return "check_budget"
        if self._get_spent() + cost > self.monthly_budget:
            return "monthly_budget"
        return None
