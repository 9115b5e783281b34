from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.graph import check_address
from .provider.contract import AGENCIES, Config


class LeadCreditProvider(models.Model):
    """An agency that a company buys credit reports of."""

    _name = "lead.credit.provider"
    _description = "Credit Agency"
    _order = "sequence, id"
    _rec_name = "key"

    key = fields.Selection(
        [(agency.key, agency.label) for agency in AGENCIES],
        string="Agency",
        required=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    url = fields.Char(
        string="Address",
        groups="base.group_system",
        help="Leave empty for the public address of the agency.",
    )
    username = fields.Char(string="User Name", groups="base.group_system", copy=False)
    secret = fields.Char(string="Password", groups="base.group_system", copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        string="Cost per Report", help="Counts for the budgets of the policies."
    )
    last_error = fields.Char(string="Last Problem", readonly=True, copy=False)

    _cost_positive = models.Constraint(
        "CHECK(cost >= 0)", "The cost must not be negative."
    )

    @api.constrains("url")
    def _check_url(self):
        # sudo: administrators write it, and constraints read it
        for provider in self.sudo().filtered("url"):
            try:
                check_address(provider.url)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%s” is not the address of a server in the internet.",
                        provider.url,
                    )
                ) from error

    def _get_client(self):
        """Return the agency, ready to be called outside of any transaction."""
        # sudo: the password opens nothing to whoever asks
        known = self.sudo()
        config = Config(known.url or None, known.username, known.secret)
        return AGENCIES.get(self.key)(config)
