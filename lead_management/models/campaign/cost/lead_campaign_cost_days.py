from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

# What the first days of a row cost together, in units of its currency: as in
# `tools/spend_days.py`.
UNTIL = """
    sign(units) * (div(abs(units), days) * ({day})
        + least(mod(abs(units), days), {day}))
"""


class LeadCampaignCost(models.Model):
    """Costs by day: to the cent, and at the rate of each day."""

    _inherit = "lead.campaign.cost"

    @api.model
    def _sum_period(self, first, last, currency):
        """Return what each campaign cost in a period.

        :param first: its first day
        :param last: its last day
        :param currency: what all is converted to, each day at its rate
        :return: dict of campaign id to an amount, which is not rounded
        """
        rows = self.search(self._get_period_domain(first, last), order="id")
        return self._sum_days(rows.ids, currency, first, last)

    @api.model
    def _sum_days(self, ids, currency, first=None, last=None):
        """Return what rows cost by campaign; see :meth:`_sum_period`."""
        if not ids:
            return {}
        self.flush_model()
        sums = defaultdict(float)
        for campaign_id, amount in self._fetch_same(ids, currency, first, last):
            sums[campaign_id] += float(amount)
        for campaign_id, amount in self._fetch_other(ids, currency, first, last):
            sums[campaign_id] += float(amount)
        return dict(sums)

    def _get_rows_sql(self, ids, first, last):
        """Return the rows with their units, their days and those within a period.

        ``low`` days are before the period, ``high`` is the first one behind it.
        """
        return SQL(
            """
            SELECT cost.*, currency.rounding,
                   round(cost.amount / currency.rounding) AS units,
                   cost.date_to - cost.date_from + 1 AS days,
                   greatest(0, coalesce(%(first)s::date - cost.date_from, 0)) AS low,
                   least(cost.date_to, coalesce(%(last)s::date, cost.date_to))
                       - cost.date_from + 1 AS high
              FROM lead_campaign_cost cost
              JOIN res_currency currency ON currency.id = cost.currency_id
             WHERE cost.id = ANY(%(ids)s)
            """,
            ids=list(ids),
            first=first,
            last=last,
        )

    def _fetch_same(self, ids, currency, first, last):
        """Sum up what is in the currency already, without going through its days."""
        return self.env.execute_query(
            SQL(
                """
                WITH rows AS (%s)
                SELECT campaign_id, SUM((%s - %s) * rounding)
                  FROM rows WHERE currency_id = %s AND high > low
                 GROUP BY campaign_id ORDER BY campaign_id
                """,
                self._get_rows_sql(ids, first, last),
                SQL(UNTIL.format(day="high")),
                SQL(UNTIL.format(day="low")),
                currency.id,
            )
        )

    def _fetch_other(self, ids, currency, first, last):
        """Convert the sum of each day; return pairs of campaign and amount."""
        days = self.env.execute_query(
            SQL(
                """
                WITH rows AS (%s)
                SELECT campaign_id, currency_id, company_id, date_from + number,
                       SUM((%s - %s) * rounding)
                  FROM rows, generate_series(low, high - 1) AS number
                 WHERE currency_id <> %s
                 GROUP BY campaign_id, currency_id, company_id, date_from + number
                 ORDER BY campaign_id, date_from + number
                """,
                self._get_rows_sql(ids, first, last),
                SQL(UNTIL.format(day="number + 1")),
                SQL(UNTIL.format(day="number")),
                currency.id,
            )
        )
        Currency, Company = self.env["res.currency"], self.env["res.company"]
        rates = {}
        for campaign_id, currency_id, company_id, day, amount in days:
            key = currency_id, company_id, day
            if key not in rates:
                rates[key] = Currency._get_conversion_rate(
                    Currency.browse(currency_id),
                    currency,
                    Company.browse(company_id),
                    day,
                )
            yield campaign_id, float(amount) * rates[key]
