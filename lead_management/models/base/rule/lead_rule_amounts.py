from odoo import api, fields, models

from .conditions import DOMAIN_ERRORS


class LeadRuleMixin(models.AbstractModel):
    """Amounts in conditions: they are those of the company of the lead."""

    _inherit = "lead.rule.mixin"

    amount_note = fields.Char(
        string="Currency of Amounts", compute="_compute_amount_note"
    )

    @api.depends("domain", "company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_amount_note(self):
        for rule in self:
            rule.amount_note = rule._reads_amounts() and rule._format_currencies()

    def _reads_amounts(self):
        """Return whether the condition compares an amount of the lead."""
        CrmLead = self.env["crm.lead"]
        try:
            conditions = list(self._parse_domain(self.domain).iter_conditions())
        except DOMAIN_ERRORS:
            return False
        names = {condition.field_expr for condition in conditions}
        return any(
            name in CrmLead._fields and CrmLead._fields[name].type == "monetary"
            for name in names
        )

    def _format_currencies(self):
        """Return in words in which currency amounts are compared."""
        companies = self.company_id or self.env.companies
        currencies = companies.currency_id
        if len(currencies) == 1:
            return self.env._("Amounts are in %s.", currencies.name)
        return self.env._(
            "Amounts are compared without conversion, in the currency of the company "
            "of the lead: %s. Choose a company to use one currency.",
            ", ".join(
                self.env._(
                    "%(currency)s in %(company)s",
                    currency=company.currency_id.name,
                    company=company.name,
                )
                for company in companies
            ),
        )
