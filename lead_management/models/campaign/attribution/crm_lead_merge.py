from odoo import models

MERGED = "merged"


class CrmLead(models.Model):
    """Campaigns of leads that are merged stay known."""

    _inherit = "crm.lead"

    def _campaign_merging(self, merged):
        """Write down the campaigns that only stand on the leads, before some go.

        Those of the lead that stays, too: else it had touches of the others alone.
        """
        leads = (self + merged).filtered(
            lambda lead: lead.campaign_id or lead.source_id or lead.medium_id
        )
        # sudo: rows of campaigns are written by the program alone
        Touch = self.env["lead.campaign.touch"].sudo()
        known = Touch.search([("lead_id", "in", leads.ids)]).lead_id
        Touch.create(
            [lead._campaign_prepare_touch() for lead in leads if lead not in known]
        )

    def _campaign_prepare_touch(self):
        return {
            "lead_id": self.id,
            "date": self.create_date,
            "campaign_id": self.campaign_id.id,
            "source_id": self.source_id.id,
            "medium_id": self.medium_id.id,
            "how": MERGED,
        }
