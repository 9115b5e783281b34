from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ....tools.periods import Period, get_start, shift, to_local
from ....tools.report_time import get_due, get_next_run

MANAGER = "sales_team.group_sale_manager"
MINE, TEAM, ALL = "mine", "team", "all"
# What a link shows that leads to no number.
PAGE = "page"
KINDS = [
    ("day", "Daily"),
    ("week", "Weekly"),
    ("month", "Monthly"),
    ("quarter", "Quarterly"),
]


class LeadReportSubscription(models.Model):
    """The numbers of each day, week, month or quarter, mailed to somebody.

    Periods are those of the calendar where the recipient is. Each is sent once
    (``lead.report.sent``), the one that ended last: what a server missed while it was
    down can be looked at, and floods nobody.
    """

    _name = "lead.report.subscription"
    _description = "Report Subscription"
    _order = "user_id, kind, id"
    _rec_name = "user_id"

    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        string="Recipient",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    kind = fields.Selection(KINDS, string="Rhythm", required=True, default="week")
    hour = fields.Integer(
        required=True,
        default=7,
        aggregator=None,
        help="On the first day after the period, where the recipient is.",
    )
    scope = fields.Selection(
        [
            (MINE, "Own leads"),
            (TEAM, "Leads of a team"),
            (ALL, "Leads of the company"),
        ],
        string="Leads",
        required=True,
        default=MINE,
        help="Recipients never see more than their rights let them.",
    )
    team_id = fields.Many2one("crm.team", ondelete="cascade")
    is_empty_skipped = fields.Boolean(
        string="Skip if Nothing Happened",
        help="Otherwise a report of one line says so.",
    )
    is_pdf = fields.Boolean(
        string="Attach PDF", help="If the server can make PDF files."
    )
    next_run = fields.Datetime(
        string="Next Report", compute="_compute_next_run", store=True, index=True
    )
    sent_ids = fields.One2many("lead.report.sent", "subscription_id", readonly=True)
    last_date = fields.Date(string="Last Period", compute="_compute_last_date")

    _hour_valid = models.Constraint(
        "CHECK (hour >= 0 AND hour < 24)", "The hour must be between 0 and 23."
    )

    @api.constrains("scope", "team_id")
    def _check_team(self):
        for one in self:
            if one.scope == TEAM and not one.team_id:
                raise ValidationError(self.env._("Choose the team of the report."))

    @api.constrains("user_id", "company_id")
    def _check_recipient(self):
        for one in self:
            # sudo: which companies the recipient works for
            if one.company_id not in one.user_id.sudo().company_ids:
                raise ValidationError(
                    self.env._("The recipient does not work for this company.")
                )

    def write(self, vals):
        result = super().write(vals)
        # of whoever it is now: nobody mails a report to somebody else
        self.check_access("write")
        return result

    @api.depends("kind", "hour", "user_id.tz", "active")
    def _compute_next_run(self):
        now = fields.Datetime.now()
        for one in self:
            one.next_run = one.active and get_next_run(
                one.kind or "week", one.hour, one._get_zone(), now
            )

    @api.depends("sent_ids")
    def _compute_last_date(self):
        for one in self:
            one.last_date = max(one.sent_ids.mapped("start"), default=False)

    # ------------------------------------------------------------
    # Periods
    # ------------------------------------------------------------

    def _get_zone(self):
        # sudo: where the recipient is, or else the company
        one = self.sudo()
        return ZoneInfo(one.user_id.tz or one.company_id._get_message_zone())

    def _get_due(self, now):
        """Return the first day of the period that ended last, and was due."""
        return get_due(self.kind, self.hour, self._get_zone(), now)

    def _get_period(self, start):
        """Return the whole period a day is in, where the recipient is."""
        return Period(self.kind, get_start(self.kind, start), self._get_zone())

    def _get_last_start(self):
        """Return the first day of the last period that is over."""
        zone = self._get_zone()
        today = to_local(fields.Datetime.now(), zone).date()
        return shift(self.kind, get_start(self.kind, today), -1)

    # ------------------------------------------------------------
    # Whose numbers
    # ------------------------------------------------------------

    def _as_recipient(self):
        """Return the subscription as its recipient, in their language and time zone."""
        # sudo: how the recipient reads, and of which company
        one = self.sudo()
        return self.with_user(one.user_id).with_context(
            lang=one.user_id.lang,
            tz=str(self._get_zone()),
            allowed_company_ids=one.company_id.ids,
            active_test=False,
        )

    def _get_scope_domain(self):
        """Return which leads are counted, as far as the reader may see them."""
        domain = Domain("company_id", "in", [False, self.company_id.id])
        if self.scope == MINE:
            return domain & Domain("user_id", "=", self.user_id.id)
        if self.scope == TEAM:
            return domain & Domain("team_id", "=", self.team_id.id)
        return domain

    # ------------------------------------------------------------
    # Screens
    # ------------------------------------------------------------

    def action_preview(self):
        """Open the report of the last period that is over."""
        self.ensure_one()
        preview = self.env["lead.report.preview"].create(
            {"subscription_id": self.id, "day": self._get_last_start()}
        )
        return preview._open()

    @api.model
    def action_show(self, subscription_id, start, what):
        """Return the list of exactly the records behind a number.

        Of those, who asks sees what they may see.

        :param start: a day of the period, "2026-11-16"
        :param what: key of the number, or "page" for Insights of that very period
        :raise UserError: for what no report has
        """
        one = self.browse()
        if type(subscription_id) is int and 0 < subscription_id < 2**31:
            one = self.search([("id", "=", subscription_id)])
        try:
            day = fields.Date.to_date(start) if isinstance(start, str) else None
        except ValueError:
            day = None
        if not one or not day or not 1990 <= day.year <= 2200:
            raise UserError(self.env._("There is no such report any more."))
        if what == PAGE:
            return one._show_page(day)
        numbers = one._get_domains(one._get_period(day))
        if not isinstance(what, str) or what not in numbers:
            raise UserError(self.env._("There is no such report any more."))
        model, domain = numbers[what]
        return {
            "type": "ir.actions.act_window",
            "name": one._get_labels()[what],
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
            "context": {"active_test": False},
        }

    def _show_page(self, day):
        """Return the page Insights of the period a day is in, and of the same leads."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_management.lead_insight_action"
        )
        options = {
            "kind": self.kind,
            "day": str(get_start(self.kind, day)),
            "scope": self.scope,
            "team_id": self.team_id.id if self.scope == TEAM else None,
        }
        return action | {"params": {"options": options}}
