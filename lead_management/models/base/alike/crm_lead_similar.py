from odoo import api, models


class CrmLead(models.Model):
    """Similar leads: those of them that their reader may see."""

    _inherit = "crm.lead"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_potential_lead_duplicates(self):
        """Leave out, and do not count, what the reader could not open.

        Odoo looks for them with all rights: the number alone tells of leads of
        another company, of a colleague, or of a pool nobody may look into.
        """
        super()._compute_potential_lead_duplicates()
        if not any(self.mapped("duplicate_lead_count")):
            return
        reader = self.with_user(self.env.uid).with_context(active_test=False)
        visible = reader.search([("id", "in", self.duplicate_lead_ids.ids)])
        for lead in self:
            similar = lead.duplicate_lead_ids._origin & visible - lead._origin
            lead.duplicate_lead_ids = similar.with_env(self.env) + lead
            lead.duplicate_lead_count = len(similar)
