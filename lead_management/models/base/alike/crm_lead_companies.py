from odoo import models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """No merge crosses a company: the other one would lose its lead.

    Leads without company are everybody's to take, and so to merge.
    """

    _inherit = "crm.lead"

    def _filter_company(self, company):
        """Return the leads without company, and those of a company if one is given."""
        return self.filtered(
            lambda lead: not lead.company_id or lead.company_id == company
        )

    def _get_lead_duplicates(self, *args, **kwargs):
        """Look for duplicates in the company of the lead, else in that of the user.

        Those of a lead without company may be of any.
        """
        duplicates = super()._get_lead_duplicates(*args, **kwargs)
        company = self.company_id[:1] if self else self.env.company
        return duplicates._filter_company(company) if company else duplicates

    def _merge_opportunity(self, *args, **kwargs):
        """Merge leads of one company.

        :raise UserError: when they belong to several, whoever asks: first, somebody who
          may do so moves them to one company
        """
        by_company = self.filtered("company_id").grouped("company_id")
        if len(by_company) > 1:
            (company, lead), (other_company, other) = [
                (company, leads[0]) for company, leads in by_company.items()
            ][:2]
            raise UserError(
                self.env._(
                    "Leads of several companies cannot be merged: “%(lead)s” belongs "
                    "to %(company)s, “%(other)s” to %(other_company)s. Select leads "
                    "of one company.",
                    lead=lead.name,
                    company=company.name,
                    other=other.name,
                    other_company=other_company.name,
                )
            )
        return super()._merge_opportunity(*args, **kwargs)
