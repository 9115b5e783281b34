from odoo import api, fields, models
from odoo.fields import Domain

from .conditions import DOMAIN_ERRORS


class LeadRuleMixin(models.AbstractModel):
    """The preview of a condition counts the leads that qualify for the rule."""

    _inherit = "lead.rule.mixin"

    qualifying_domain = fields.Char(compute="_compute_qualifying_domain")

    @api.depends("company_id")
    def _compute_qualifying_domain(self):
        for rule in self:
            try:
                domain = rule._get_qualifying_domain()
            except DOMAIN_ERRORS:
                domain = Domain.TRUE
            rule.qualifying_domain = str(list(domain))

    def _get_qualifying_domain(self):
        """Return what leads must meet beside the condition that is edited."""
        return self._get_lead_domain(self._get_conditions()[1:], self.company_id.id)
