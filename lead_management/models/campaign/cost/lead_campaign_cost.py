from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

PLATFORMS = [
    ("google", "Google Ads"),
    ("meta", "Meta"),
    ("linkedin", "LinkedIn"),
    ("own", "Own file"),
    ("hand", "By hand"),
]
MANUALLY = "hand"


class LeadCampaignCost(models.Model):
    """What a campaign cost from one day to another.

    A row that came from a file is known by platform, campaign and days: what is read
    again replaces it. It holds no persons.
    """

    _name = "lead.campaign.cost"
    _description = "Campaign Cost"
    _order = "date_from desc, campaign_id, id"
    _rec_name = "campaign_id"
    _check_company_auto = True

    campaign_id = fields.Many2one(
        "utm.campaign", required=True, ondelete="restrict", index=True
    )
    source_id = fields.Many2one(
        "utm.source", string="UTM Source", ondelete="set null", index="btree_not_null"
    )
    medium_id = fields.Many2one("utm.medium", ondelete="set null")
    date_from = fields.Date(
        string="First Day", required=True, index=True, default=fields.Date.today
    )
    date_to = fields.Date(
        string="Last Day",
        required=True,
        default=fields.Date.today,
        help="The amount counts in equal parts for each day from the first to the "
        "last.",
    )
    amount = fields.Monetary(required=True, aggregator=None)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    company_amount = fields.Monetary(
        string="Amount in Company Currency",
        compute="_compute_company_amount",
        currency_field="company_currency_id",
        help="At the exchange rate of each day.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    # Import
    platform = fields.Selection(
        PLATFORMS, required=True, readonly=True, default=MANUALLY
    )
    external_id = fields.Char(
        string="Number on Platform",
        readonly=True,
        help="Or its name, without a number.",
    )
    external_name = fields.Char(string="Name on Platform", readonly=True)
    impressions = fields.Integer()
    clicks = fields.Integer()
    file_name = fields.Char(string="File", readonly=True)

    _dates_ordered = models.Constraint(
        "CHECK (date_from <= date_to)", "The last day must not be before the first day."
    )
    _file_uniq = models.UniqueIndex(
        "(company_id, platform, external_id, date_from, date_to, campaign_id)"
        " WHERE platform <> 'hand'",
        "These days of the campaign have been imported already.",
    )

    def write(self, vals):
        result = super().write(vals)
        # of the company it is in now
        self.check_access("write")
        return result

    @api.constrains("date_from", "date_to")
    def _check_days(self):
        for cost in self:
            if (cost.date_to - cost.date_from).days > 3660:
                raise ValidationError(
                    self.env._("A cost covers ten years at most. Check its days.")
                )

    @api.depends("amount", "currency_id", "date_from", "date_to", "company_id")
    def _compute_company_amount(self):
        for cost in self:
            cost.company_amount = cost._get_amount(cost.company_currency_id)

    def _get_amount(self, currency):
        """Return what the rows cost together, each day at its rate."""
        amounts = self._sum_days(self.ids, currency)
        return currency.round(sum(amounts.values()))

    @api.model
    def _get_period_domain(self, first, last):
        """Return which rows have a part in a period.

        :param first: its first day
        :param last: its last day
        """
        return (
            Domain("company_id", "in", self.env.companies.ids)
            & Domain("date_from", "<=", last)
            & Domain("date_to", ">=", first)
        )
