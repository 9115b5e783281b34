from odoo import api, fields, models

from .lead_campaign_cost import PLATFORMS


class LeadCampaignName(models.Model):
    """Which campaign of ours a name on a platform stands for, once somebody said it."""

    _name = "lead.campaign.name"
    _description = "Campaign Name on a Platform"
    _order = "platform, name"

    platform = fields.Selection(PLATFORMS, required=True)
    name = fields.Char(required=True, help="As the platform writes it, or its number.")
    campaign_id = fields.Many2one(
        "utm.campaign", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, platform, lower(name))",
        "This name stands for a campaign already.",
    )

    def write(self, vals):
        result = super().write(vals)
        # of the company it is in now
        self.check_access("write")
        return result

    @api.model
    def _find(self, company, platform, names):
        """Return which campaigns names stand for.

        Those that somebody said, and those of the one campaign that is called so.

        :param names: as the platform writes them
        :return: dict of name to a ``utm.campaign``; a name nobody knows is not in it
        """
        folded = {name: name.casefold().strip() for name in names}
        rows = self.search(
            [("company_id", "=", company.id), ("platform", "=", platform)]
        )
        known = {row.name.casefold().strip(): row.campaign_id for row in rows}
        found = {}
        for name, key in folded.items():
            campaign = known.get(key) or self._find_called(name)
            if campaign:
                found[name] = campaign
        return found

    @api.model
    def _find_called(self, name):
        """Return the campaign with a name, if it is the only one."""
        escaped = name.strip()
        for char in "\\%_":
            escaped = escaped.replace(char, f"\\{char}")
        Campaign = self.env["utm.campaign"]
        for fname in ("name", "title"):
            campaigns = Campaign.search([(fname, "=ilike", escaped)], limit=2)
            if campaigns:
                return campaigns if len(campaigns) == 1 else Campaign
        return Campaign

    @api.model
    def _learn(self, company, platform, campaigns):
        """Keep what somebody said.

        :param campaigns: dict of name to a ``utm.campaign``
        """
        rows = self.search(
            [("company_id", "=", company.id), ("platform", "=", platform)]
        )
        known = {row.name.casefold().strip(): row for row in rows}
        for name, campaign in campaigns.items():
            row = known.get(name.casefold().strip())
            if row:
                row.campaign_id = campaign
            else:
                self.create(
                    {
                        "company_id": company.id,
                        "platform": platform,
                        "name": name,
                        "campaign_id": campaign.id,
                    }
                )
