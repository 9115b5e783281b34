from odoo import fields
from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestCampaignsTour(LeadManagementCase, HttpCase):
    """What campaigns cost and brought, on a laptop."""

    browser_size = "1366x768"

    def test_manager_reads_the_results(self):
        campaigns = self.env["utm.campaign"].create(
            [{"title": "Harvest Fair"}, {"title": "Letters"}]
        )
        lead = self._new_lead(name="Kiln trial", campaign_id=campaigns[0].id)
        now = fields.Datetime.now()
        self.env["lead.campaign.touch"].create(
            [
                {"lead_id": lead.id, "campaign_id": campaign.id, "date": date}
                for campaign, date in zip(
                    campaigns,
                    (fields.Datetime.subtract(now, hours=1), now),
                    strict=True,
                )
            ]
        )
        lead.stage_id = self._stage("qualified")
        day = fields.Date.today()
        self.env["lead.campaign.cost"].create(
            {
                "campaign_id": campaigns[0].id,
                "date_from": day,
                "date_to": day,
                "amount": 300,
            }
        )
        self.env.cr.flush()
        self.env.flush_all()
        self.start_tour(
            "/odoo/campaign-results",
            "lead_management_campaigns",
            login=self.manager.login,
            timeout=120,
        )
