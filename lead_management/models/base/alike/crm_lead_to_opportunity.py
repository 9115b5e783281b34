from odoo import models
from odoo.exceptions import UserError


class CrmLead2opportunityPartner(models.TransientModel):
    """Duplicates are offered in the company of the lead that is converted."""

    _inherit = "crm.lead2opportunity.partner"

    def _compute_duplicated_lead_ids(self):
        for convert in self:
            there = convert.with_company(convert.lead_id.company_id)
            super(CrmLead2opportunityPartner, there)._compute_duplicated_lead_ids()


class CrmLead2opportunityPartnerMass(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner.mass"

    def _compute_duplicated_lead_ids(self):
        for convert in self:
            there = convert.with_company(convert.lead_tomerge_ids.company_id[:1])
            super(CrmLead2opportunityPartnerMass, there)._compute_duplicated_lead_ids()

    def action_mass_convert(self):
        """Convert leads, and merge their duplicates in their company.

        :raise UserError: when they belong to several companies
        """
        companies = self.lead_tomerge_ids.company_id
        if self.deduplicate and len(companies) > 1:
            raise UserError(
                self.env._(
                    "These leads belong to several companies (%s). Convert those of "
                    "one company at a time, or without deduplication.",
                    ", ".join(companies.mapped("name")),
                )
            )
        there = self.with_company(companies[:1])
        return super(CrmLead2opportunityPartnerMass, there).action_mass_convert()
