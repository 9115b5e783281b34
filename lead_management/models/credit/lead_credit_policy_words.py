from odoo import models
from odoo.tools import format_amount


class LeadCreditPolicy(models.Model):
    """A policy in words, as it is kept with each check."""

    _inherit = "lead.credit.policy"

    def _describe(self):
        """Return what the policy says now."""
        env = self.env
        parts = [
            env._("%(name)s, version %(version)s", name=self.name, version=self.version)
        ]
        terms = []
        if self.threshold_amount:
            amount = format_amount(env, self.threshold_amount, self.currency_id)
            terms.append(env._("expected revenue from %s", amount))
        if self.threshold_score:
            terms.append(env._("score from %s", self.threshold_score))
        if terms:
            either = self.threshold_any and len(terms) > 1
            joined = (env._(" or ") if either else ", ").join(terms)
            parts.append(joined)
        if self.domain and self.domain.strip() != "[]":
            parts.append(env._("condition %s", self.domain))
        return "; ".join(parts)
