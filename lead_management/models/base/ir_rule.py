from odoo import api, models, tools
from odoo.tools import config

from .lead_row_mixin import get_lead_operation, is_row_model


class IrRule(models.Model):
    """Rows of leads are for whoever may have the lead, without rules of their own."""

    _inherit = "ir.rule"

    @api.model
    @tools.conditional(
        # as in Odoo
        "xml" not in config["dev_mode"],
        tools.ormcache(
            "self.env.uid",
            "self.env.su",
            "model_name",
            "mode",
            "tuple(self._compute_domain_context_values())",
        ),
    )
    def _compute_domain(self, model_name, mode="read"):
        """Restrict rows of leads as the rules for leads say."""
        domain = super()._compute_domain(model_name, mode)
        model = self.env[model_name]
        if self.env.su or not is_row_model(model):
            return domain
        return (domain & model._get_row_domain(mode)).optimize(model)

    def _get_failing(self, for_records, mode="read"):
        """Name the rules of the leads, too: they say which company is to be chosen."""
        rules = super()._get_failing(for_records, mode)
        if not is_row_model(for_records):
            return rules
        # sudo: why somebody may not read rows is worked out of their leads
        leads = for_records.sudo().lead_id
        return rules | super()._get_failing(leads, get_lead_operation(mode))
