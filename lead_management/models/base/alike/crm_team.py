from odoo import models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _allocate_leads_deduplicate(self, leads, duplicates_cache=None):
        """Merge what Odoo allocates to a team within the company the lead will be of.

        The run goes through all companies at once, and would stop where a merge is
        refused.
        """
        found = {}
        for lead in leads:
            duplicates = (duplicates_cache or {}).get(lead)
            if duplicates is None:
                duplicates = lead._get_lead_duplicates(email=lead.email_from)
            found[lead] = self._filter_duplicates(lead, duplicates.exists()) | lead
        return super()._allocate_leads_deduplicate(leads, found)

    def _filter_duplicates(self, lead, duplicates):
        """Return those of the company the lead will be of, if that is clear."""
        company = self.company_id or lead.company_id or duplicates.company_id
        return duplicates._filter_company(company if len(company) == 1 else None)
