from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...assignment.sla.lead_sla_clock import KEPT
from .lead_report_numbers import WAITING_DAYS

SALESMAN = "sales_team.group_sale_salesman"


class DigestDigest(models.Model):
    """Three numbers of leads in Odoo's digest, with a link to the page that explains.

    Counted are leads without company, too, and lost ones: the digest itself leaves
    both out. Its windows are the last day, week or month; reports of exactly the
    calendar period are ``lead.report.subscription``.
    """

    _inherit = "digest.digest"

    kpi_lead_qualified = fields.Boolean("Leads Qualified")
    kpi_lead_qualified_value = fields.Integer(
        compute="_compute_kpi_lead_qualified_value"
    )
    kpi_lead_kept = fields.Boolean("Response Targets Met")
    kpi_lead_kept_value = fields.Integer(compute="_compute_kpi_lead_kept_value")
    kpi_lead_hot = fields.Boolean("Hot Leads Without Contact")
    kpi_lead_hot_value = fields.Integer(compute="_compute_kpi_lead_hot_value")

    def _get_lead_window(self):
        """Return the bounds of the digest, and a domain of its companies.

        :raise AccessError: for who works with no leads, whose digest leaves it out
        """
        if not self.env.user.has_group(SALESMAN):
            raise AccessError(self.env._("These numbers are for salespeople."))
        start, end, companies = self._get_kpi_compute_parameters()
        return start, end, Domain("company_id", "in", [False, *companies.ids])

    def _compute_kpi_lead_qualified_value(self):
        start, end, domain = self._get_lead_window()
        self.kpi_lead_qualified_value = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search_count(
                domain
                & Domain("milestone_qualified_date", ">=", start)
                & Domain("milestone_qualified_date", "<", end)
            )
        )

    def _compute_kpi_lead_kept_value(self):
        start, end, domain = self._get_lead_window()
        self.kpi_lead_kept_value = self.env["lead.sla.clock"].search_count(
            Domain("lead_id", "any", domain)
            & Domain("state", "=", KEPT)
            & Domain("date_due", ">=", start)
            & Domain("date_due", "<", end)
        )

    def _compute_kpi_lead_hot_value(self):
        _start, end, domain = self._get_lead_window()
        late = fields.Datetime.to_datetime(end) - timedelta(days=WAITING_DAYS)
        self.kpi_lead_hot_value = self.env["crm.lead"].search_count(
            domain
            & Domain("won_status", "=", "pending")
            & Domain("score_temperature", "=", "hot")
            & Domain("insight_filter", "=", f"idle:{late:%Y-%m-%dT%H:%M:%S}")
        )

    def _compute_kpis_actions(self, company, user):
        res = super()._compute_kpis_actions(company, user)
        # the page that says whether it is a change, and why
        for name in ("kpi_lead_qualified", "kpi_lead_kept", "kpi_lead_hot"):
            res[name] = "lead_management.lead_insight_action"
        return res
