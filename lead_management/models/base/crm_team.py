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
            company = self.company_id or lead.company_id
            found[lead] = duplicates.exists()._filter_company(company) | lead
        return super()._allocate_leads_deduplicate(leads, found)
