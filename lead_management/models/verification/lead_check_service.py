from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from .provider.service import SERVICES, Config

ServiceData = namedtuple("ServiceData", "id key company_id data is_automatic days cost")


class LeadCheckService(models.Model):
    """A service that a company asks about the data of its leads, within a budget."""

    _name = "lead.check.service"
    _description = "Verification Service"
    _order = "sequence, id"
    _rec_name = "key"

    key = fields.Selection(
        [(service.key, service.label) for service in SERVICES],
        string="Service",
        required=True,
        help="The service is asked in the background, never while somebody waits.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    is_allowed = fields.Boolean(
        string="Data May Be Sent",
        help="Confirms that your company may send the checked value to this service. "
        "Nothing is sent without it.",
    )
    is_automatic = fields.Boolean(
        string="Ask Automatically",
        help="Asks for each new value. Otherwise only when somebody chooses Verify.",
    )
    url = fields.Char(
        string="Address",
        groups="base.group_system",
        help="Leave empty for the public address of the service.",
    )
    secret = fields.Char(string="API Key", groups="base.group_system", copy=False)
    monthly_calls = fields.Integer(
        string="Calls per Month", default=500, help="0 means none."
    )
    cost = fields.Float(string="Cost per Call", help="In the currency of the company.")
    monthly_budget = fields.Float(
        string="Budget per Month", help="0 means no limit but that of the calls."
    )
    days = fields.Integer(
        string="Valid for (Days)",
        compute="_compute_days",
        store=True,
        readonly=False,
        precompute=True,
        help="For so long an answer counts, for all leads of the company.",
    )
    calls_used = fields.Integer(string="Calls This Month", compute="_compute_used")
    last_error = fields.Char(string="Last Problem", readonly=True, copy=False)

    _once = models.Constraint(
        "UNIQUE(key, company_id)", "A company has each service once."
    )
    _numbers = models.Constraint(
        "CHECK(monthly_calls >= 0 AND cost >= 0 AND monthly_budget >= 0 AND days > 0)",
        "Calls, cost and budget must not be negative, and an answer is valid for at "
        "least a day.",
    )

    @api.depends("key")
    def _compute_days(self):
        for service in self:
            known = SERVICES.get(service.key)
            service.days = known.days if known else 90

    def _compute_used(self):
        for service in self:
            service.calls_used = service._count_calls()

    @api.constrains("url")
    def _check_url(self):
        # sudo: administrators write it, and constraints read it
        for service in self.sudo().filtered("url"):
            try:
                SERVICES.get(service.key).check_url(service.url)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%s” is not the address of a server in the internet.",
                        service.url,
                    )
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        services = super().create(vals_list)
        self.env.registry.clear_cache()
        return services

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"last_error"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache()
    def _get_allowed(self):
        """Return the services that may be asked, as ``ServiceData``, in their order."""
        # sudo: cached for everybody
        return tuple(
            ServiceData(
                service.id,
                service.key,
                service.company_id.id,
                SERVICES.get(service.key).data,
                service.is_automatic,
                service.days,
                service.cost,
            )
            for service in self.sudo().search([("is_allowed", "=", True)])
            if SERVICES.get(service.key)
        )

    @api.model
    def _get_for(self, company_id, datum):
        return [
            service
            for service in self._get_allowed()
            if datum in service.data and service.company_id == company_id
        ]

    # ------------------------------------------------------------
    # Budget
    # ------------------------------------------------------------

    def _count_calls(self):
        """Return how many calls were made this month, those under way included."""
        begin = fields.Datetime.now().replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        # sudo: of whatever lead
        return (
            self.env["lead.check.request"]
            .sudo()
            .search_count([("service_id", "=", self.id), ("called", ">=", begin)])
        )

    def _is_affordable(self):
        """Return whether one more call is within the limits of the month."""
        used = self._count_calls()
        if used >= self.monthly_calls:
            return False
        return not self.monthly_budget or (used + 1) * self.cost <= self.monthly_budget

    def _get_client(self):
        """Return the service, ready to be asked outside of any transaction."""
        # sudo: the key opens nothing to whoever asks
        known = self.sudo()
        return SERVICES.get(self.key)(Config(known.url or None, known.secret or None))

    def action_view_requests(self):
        """Open what the service was asked."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Requests"),
            "res_model": "lead.check.request",
            "views": [(False, "list")],
            "domain": [("service_id", "=", self.id)],
        }
