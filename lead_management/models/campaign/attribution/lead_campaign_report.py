from collections import defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ....tools.attribution import MODELS, POSITION
from ....tools.periods import to_utc
from .credits import get_credits

MANAGER = "sales_team.group_sale_manager"
# Below, a rate tells more of chance, and of single people, than of the campaign.
FEWEST = 5
# What is counted: of leads created in the period, whenever it came; or when it came.
COHORT, EVENT = "cohort", "event"
BASES = (COHORT, EVENT)
LONGEST = timedelta(days=3700)


class LeadCampaignReport(models.AbstractModel):
    """What campaigns cost, and what came of it."""

    _name = "lead.campaign.report"
    _description = "Campaign Results"

    @api.model
    def get_report(self, first, last, basis=COHORT, model=POSITION):
        """Return the results of campaigns in a period.

        Days are those of the company. Leads count for the campaign of their first
        touch; qualified and won ones for all touches before, by the model. By cohort:
        what became of the leads created in the period, at any time since. By event:
        what was qualified and won in the period.

        :param first: its first day, "2026-11-01"
        :param last: its last day
        :param basis: "cohort" or "event"
        :param model: "first", "last", "linear", "position" or "decay"
        :return: dict that :meth:`_prepare_report` describes
        :raise AccessError: for those who are no managers of sales
        """
        first, last = self._check_request(first, last, basis, model)
        currency = self.env.company.currency_id
        sums = self._sum_results(first, last, basis, model, currency)
        costs = self.env["lead.campaign.cost"]._sum_period(first, last, currency)
        return self._prepare_report(sums, costs, currency)

    @api.model
    def _check_request(self, first, last, basis, model):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Campaign costs are for sales managers."))
        try:
            first, last = date.fromisoformat(first), date.fromisoformat(last)
        except (TypeError, ValueError):
            raise UserError(self.env._("Choose a period.")) from None
        known = basis in (*BASES,) if isinstance(basis, str) else False
        known = known and isinstance(model, str) and model in MODELS
        if not known or last < first or last - first > LONGEST or first.year < 1900:
            raise UserError(self.env._("Choose a period."))
        return first, last

    # ------------------------------------------------------------
    # Results
    # ------------------------------------------------------------

    @api.model
    def _get_bounds(self, first, last):
        """Return when the days of the company begin and end, in UTC."""
        zone = self._get_zone()
        return tuple(
            to_utc(datetime.combine(day, time()), zone)
            for day in (first, last + timedelta(days=1))
        )

    @api.model
    def _get_zone(self):
        # sudo: the time zone of the company is no secret
        return ZoneInfo(self.env.company.sudo()._get_message_zone())

    @api.model
    def _get_results(self, first, last, basis):
        """Return the query of results of leads the user may see.

        :return: query with basis, lead_id, moment, amount, currency_id
        """
        start, end = self._get_bounds(first, last)
        CrmLead = self.env["crm.lead"].with_context(active_test=False)
        companies = Domain("company_id", "in", [False, *self.env.companies.ids])
        created = Domain("create_date", ">=", start) & Domain("create_date", "<", end)
        self.env.flush_all()
        CrmLead._derived_flush()

        def select(name, moment, domain):
            return SQL(
                """
                SELECT %s::text AS basis, lead.id AS lead_id, %s AS moment,
                       lead.expected_revenue AS amount,
                       coalesce(company.currency_id, %s) AS currency_id
                  FROM crm_lead lead
                  LEFT JOIN lead_milestone milestone ON milestone.id = lead.id
                  LEFT JOIN res_company company ON company.id = lead.company_id
                 WHERE lead.id IN %s
                """,
                name,
                moment,
                self.env.company.currency_id.id,
                CrmLead._search(domain & companies, order="id").subselect(),
            )

        never = SQL("'infinity'::timestamp")
        parts = [
            select("created", never, created),
            select("open", never, created & Domain("won_status", "=", "pending")),
        ]
        for name in ("qualified", "won"):
            fname = f"milestone_{name}_date"
            if basis == COHORT:
                domain = created & Domain(fname, "!=", False)
            else:
                domain = Domain(fname, ">=", start) & Domain(fname, "<", end)
            moment = SQL.identifier("milestone", f"{name}_date")
            parts.append(select(name, moment, domain))
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _sum_results(self, first, last, basis, model, currency):
        """Return what campaigns are credited with.

        :return: dict of campaign id, or None, to a dict of name to a number
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT campaign_id, basis, currency_id,
                       CASE WHEN basis = 'won' AND currency_id <> %s
                            THEN moment::date END AS day,
                       SUM(weight), SUM(weight * amount),
                       SUM(weight) FILTER (WHERE coalesce(amount, 0) = 0)
                  FROM (%s) AS credit
                 GROUP BY campaign_id, basis, currency_id, day
                """,
                currency.id,
                get_credits(self._get_results(first, last, basis), model),
            )
        )
        Currency = self.env["res.currency"]
        sums = defaultdict(lambda: defaultdict(float))
        for campaign_id, name, currency_id, day, number, amount, unpriced in rows:
            found = sums[campaign_id]
            found[name] += float(number)
            if name == "won":
                rate = 1
                if day:
                    rate = Currency._get_conversion_rate(
                        Currency.browse(currency_id), currency, self.env.company, day
                    )
                found["revenue"] += float(amount or 0) * rate
                found["unpriced"] += float(unpriced or 0)
        return sums

    # ------------------------------------------------------------
    # Report
    # ------------------------------------------------------------

    @api.model
    def _prepare_report(self, sums, costs, currency):
        """Return the rows by campaign, the dearest first, and all together.

        A number that would divide by nothing is False, as are rates of fewer than five
        leads. What a result costs together is that of campaigns with costs: leads that
        came for nothing make no campaign cheaper.
        """
        ids = {*sums, *costs}
        campaigns = self.env["utm.campaign"].browse(sorted(ids - {None})).exists()
        names = {campaign.id: campaign.display_name for campaign in campaigns}
        rows = [
            self._prepare_row(
                campaign_id or False,
                names.get(campaign_id) or self.env._("Unknown"),
                sums.get(campaign_id, {}),
                costs.get(campaign_id, 0.0),
            )
            for campaign_id in ids
        ]
        rows.sort(
            key=lambda row: (not row["id"], -row["cost"], -row["leads"], row["id"])
        )
        cost = sum(costs.values())
        paid = self._add_up(sums[key] for key in sums if costs.get(key))
        total = self._prepare_row(
            False, self.env._("Total"), self._add_up(sums.values()), cost
        )
        of_paid = self._prepare_row(False, "", paid, cost)
        names = ("cost_lead", "cost_qualified", "cost_won", "roi")
        return {
            "currency_id": currency.id,
            "rows": rows,
            "total": total | {name: of_paid[name] for name in names},
            "fewest": FEWEST,
        }

    @api.model
    def _add_up(self, sums):
        total = defaultdict(float)
        for found in sums:
            for name, number in found.items():
                total[name] += number
        return total

    @api.model
    def _prepare_row(self, campaign_id, name, found, cost):
        leads, qualified = found.get("created", 0.0), found.get("qualified", 0.0)
        won, revenue = found.get("won", 0.0), found.get("revenue", 0.0)

        def per(number):
            return cost / number if cost and number > 1e-9 else False

        return {
            "id": campaign_id,
            "name": name,
            "cost": self.env.company.currency_id.round(cost),
            "leads": leads,
            "qualified": qualified,
            "won": won,
            "open": found.get("open", 0.0),
            "revenue": revenue,
            "unpriced": found.get("unpriced", 0.0),
            "cost_lead": per(leads),
            "cost_qualified": per(qualified),
            "cost_won": per(won),
            "roi": (revenue - cost) / cost if cost else False,
            "open_share": found.get("open", 0.0) / leads if leads >= FEWEST else False,
        }
