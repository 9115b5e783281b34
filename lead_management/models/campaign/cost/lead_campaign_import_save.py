from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError


class LeadCampaignImport(models.TransientModel):
    """Saving what the preview shows: twice is once, and a corrected file replaces."""

    _inherit = "lead.campaign.import"

    def action_import(self):
        """Save the costs, and show them.

        :raise UserError: when a name stands for no campaign yet, or as in the preview
        """
        self.ensure_one()
        spend = self._read()
        if not self.currency_id:
            raise UserError(
                self.env._("Choose the currency: the file does not say which it is.")
            )
        campaigns = self._get_chosen(spend)
        costs = self._save(spend, campaigns)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Campaign Costs"),
            "res_model": "lead.campaign.cost",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", costs.ids)],
        }

    def _get_chosen(self, spend):
        """Return the campaign of each name that is to be imported, and remember it."""
        groups = self._get_groups(spend)
        lines = {line.name: line for line in self.line_ids}
        known = self._find_campaigns(spend.platform, groups)
        left_out = {name for name, line in lines.items() if line.is_left_out}
        campaigns = {
            name: campaign
            for name in groups
            if name not in left_out
            and (
                campaign := (name in lines and lines[name].campaign_id)
                or known.get(name)
            )
        }
        unmapped = [name for name in groups if name not in {*campaigns, *left_out}]
        if unmapped:
            raise UserError(
                self.env._(
                    "Choose a campaign for %s, or leave it out.",
                    ", ".join(f"“{name}”" for name in unmapped[:5]),
                )
            )
        self.env["lead.campaign.name"]._learn(
            self.company_id,
            spend.platform,
            {
                key: campaign
                for name, campaign in campaigns.items()
                for key in {name, groups[name][0].key} - {""}
            },
        )
        return campaigns

    def _save(self, spend, campaigns):
        """Write the rows of each campaign in place of what was there for its days."""
        groups = self._get_groups(spend)
        Cost = self.env["lead.campaign.cost"]
        replaced = Cost.browse()
        vals_list = []
        for name, campaign in campaigns.items():
            replaced |= self._find_replaced(spend.platform, groups[name])
            vals_list += self._prepare_costs(spend.platform, groups[name], campaign)
        replaced.unlink()
        return Cost.create(vals_list)

    def _prepare_costs(self, platform, rows, campaign):
        """Return the values of one campaign, one for each of its periods."""
        periods = defaultdict(list)
        for row in rows:
            periods[row.day, row.until].append(row)
        return [
            {
                "campaign_id": campaign.id,
                "source_id": self.source_id.id,
                "medium_id": self.medium_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "platform": platform,
                "external_id": rows[0].key or rows[0].name,
                "external_name": rows[0].name,
                "file_name": (self.file_name or "")[:200],
                "date_from": day,
                "date_to": until,
                "amount": sum(row.amount for row in parts),
                "impressions": sum(row.shown for row in parts),
                "clicks": sum(row.clicks for row in parts),
            }
            for (day, until), parts in sorted(periods.items())
        ]
