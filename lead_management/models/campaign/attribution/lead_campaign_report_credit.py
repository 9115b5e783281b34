from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....tools.attribution import DECAY, FIRST, HALF_LIFE, LAST, LINEAR, POSITION
from .credits import get_credits
from .lead_campaign_report import FEWEST

RESULTS = ("created", "qualified", "won", "open")
# Leads that are listed at once.
MOST = 80


class LeadCampaignReport(models.AbstractModel):
    """Why a campaign gets how much of a lead; and who worked its leads."""

    _inherit = "lead.campaign.report"

    @api.model
    def get_credit(self, campaign_id, what, first, last, basis, model):
        """Return the leads a campaign is credited with, and why.

        :param campaign_id: id of the campaign, False for what is not known
        :param what: "created", "qualified", "won" or "open"
        :return: dict with ``leads`` (id, name, weight, touches with their sentences),
            ``lead_ids`` of all of them, ``total``, and ``people`` (leads, qualified and
            rate by salesperson)
        """
        first, last = self._check_request(first, last, basis, model)
        if what not in RESULTS or not (
            campaign_id is False or type(campaign_id) is int
        ):
            raise UserError(self.env._("Choose a campaign."))
        rows = self._fetch_credit(
            campaign_id, self._get_results(first, last, basis), model, what
        )
        touches = defaultdict(list)
        for row in rows:
            touches[row["lead_id"]].append(row)
        weights = {
            lead_id: sum(
                float(row["weight"])
                for row in parts
                if (row["campaign_id"] or False) == campaign_id
            )
            for lead_id, parts in touches.items()
        }
        lead_ids = sorted(weights, key=lambda lead_id: (-weights[lead_id], -lead_id))
        return {
            "leads": self._describe_leads(
                lead_ids[:MOST], weights, touches, model, what
            ),
            "lead_ids": lead_ids,
            "total": sum(weights.values()),
            "people": self._get_people(campaign_id, first, last),
            "fewest": FEWEST,
        }

    @api.model
    def _fetch_credit(self, campaign_id, results, model, what):
        """Return all touches of the leads a campaign has a part in."""
        query = SQL(
            """
            WITH credit AS (%(credits)s)
            SELECT * FROM credit
             WHERE basis = %(what)s AND lead_id IN (
                SELECT lead_id FROM credit
                 WHERE basis = %(what)s AND weight > 0
                   AND campaign_id IS NOT DISTINCT FROM %(campaign)s
             )
             ORDER BY lead_id, k
            """,
            credits=get_credits(results, model),
            what=what,
            campaign=campaign_id or None,
        )
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    @api.model
    def _describe_leads(self, lead_ids, weights, touches, model, what):
        leads = self.env["crm.lead"].browse(lead_ids)
        names = {
            campaign.id: campaign.display_name
            for campaign in self.env["utm.campaign"].browse(
                {
                    row["campaign_id"]
                    for lead_id in lead_ids
                    for row in touches[lead_id]
                    if row["campaign_id"]
                }
            )
        }
        if what in ("created", "open"):
            model = FIRST
        return [
            {
                "id": lead.id,
                "name": lead.display_name,
                "weight": weights[lead.id],
                "touches": [
                    {
                        "campaign": names.get(row["campaign_id"])
                        or self.env._("Unknown"),
                        "date": fields.Datetime.to_string(row["date"]),
                        "weight": float(row["weight"]),
                        "why": self._describe_touch(row, model),
                    }
                    for row in touches[lead.id]
                ],
            }
            for lead in leads
        ]

    @api.model
    def _describe_touch(self, row, model):
        """Return in a sentence why a touch gets what it gets."""
        k, n = row["k"], row["n"]
        if not row["touch_id"]:
            if row["campaign_id"]:
                return self.env._("The campaign on the lead: no visit was recorded.")
            return self.env._("No campaign is known of this lead.")
        if n == 1:
            return self.env._("The only touch before.")
        sentences = {
            FIRST: self.env._("Touch %(k)s of %(n)s: only the first one counts."),
            LAST: self.env._("Touch %(k)s of %(n)s: only the last one counts."),
            LINEAR: self.env._("Touch %(k)s of %(n)s: all count the same."),
            POSITION: self.env._(
                "Touch %(k)s of %(n)s: 40%% for the first and the last one, 20%% for "
                "those between, half and half for two."
            ),
            DECAY: self.env._(
                "Touch %(k)s of %(n)s: each %(days)s days before halve what it counts."
            ),
        }
        return sentences[model] % {"k": k, "n": n, "days": HALF_LIFE}

    @api.model
    def _get_people(self, campaign_id, first, last):
        """Return leads created in the period by salesperson, with the qualified ones.

        Of fewer than five leads there is no rate: it would be one of chance.
        """
        start, end = self._get_bounds(first, last)
        domain = [
            ("campaign_id", "=", campaign_id),
            ("create_date", ">=", start),
            ("create_date", "<", end),
        ]
        Lead = self.env["crm.lead"].with_context(active_test=False)
        counts = dict(Lead._read_group(domain, ["user_id"], ["__count"]))
        reached = dict(
            Lead._read_group(
                [*domain, ("milestone_qualified_date", "!=", False)],
                ["user_id"],
                ["__count"],
            )
        )
        is_enough = sum(counts.values()) >= FEWEST
        return [
            {
                "name": user.display_name or self.env._("No salesperson"),
                "leads": count,
                "qualified": reached.get(user, 0) if is_enough else False,
                "rate": reached.get(user, 0) / count
                if is_enough and count >= FEWEST
                else False,
            }
            for user, count in sorted(counts.items(), key=lambda pair: -pair[1])
        ]
