from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ...base.context import STAGE_REASON
from ...base.stage_types import UNQUALIFIED


class LeadUnqualify(models.TransientModel):
    """Why leads do not match, and whether to come back to them."""

    _name = "lead.unqualify"
    _description = "Disqualify Leads"

    lead_ids = fields.Many2many("crm.lead", required=True, string="Leads")
    lead_count = fields.Integer(compute="_compute_lead_count")
    lost_reason_id = fields.Many2one("crm.lost.reason", required=True, string="Reason")
    revisit = fields.Selection(
        [
            ("never", "Never"),
            ("1", "In a month"),
            ("3", "In 3 months"),
            ("6", "In 6 months"),
            ("date", "On a date"),
        ],
        required=True,
        compute="_compute_revisit",
        precompute=True,
        store=True,
        readonly=False,
    )
    revisit_date = fields.Date(
        compute="_compute_revisit_date",
        store=True,
        readonly=False,
    )
    note = fields.Html(string="Closing Note")

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for dialog in self:
            dialog.lead_count = len(dialog.lead_ids)

    @api.depends("lost_reason_id")
    def _compute_revisit(self):
        choices = {value for value, __ in self._fields["revisit"].selection}
        for dialog in self:
            months = str(dialog.lost_reason_id.revisit_months)
            dialog.revisit = months if months in choices else "never"

    @api.depends("revisit")
    def _compute_revisit_date(self):
        today = fields.Date.context_today(self)
        for dialog in self:
            if dialog.revisit in ("never", False):
                dialog.revisit_date = False
            elif dialog.revisit != "date":
                dialog.revisit_date = today + relativedelta(months=int(dialog.revisit))

    def action_apply(self):
        """Move the leads to Unqualified; where a team has no such stage, lose them."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.revisit == "date" and (self.revisit_date or today) <= today:
            raise UserError(self.env._("The revisit date must be after today."))
        leads = self.lead_ids
        leads.check_access("write")
        with self.env["lead.undo"]._record(leads) as recording:
            self._unqualify(leads)
            self.env["lead.answer"]._settle(leads)
        return self.env["lead.undo"]._offer(recording, self._get_done_text(leads))

    def _unqualify(self, leads):
        if not is_html_empty(self.note):
            leads._track_set_log_message(self.note)
        stages = leads._stage_of_type(UNQUALIFIED)
        for team, group in leads.grouped("team_id").items():
            if stages[team]:
                STAGE_REASON.set(group, self.lost_reason_id.name).write(
                    {
                        "stage_id": stages[team].id,
                        "lost_reason_id": self.lost_reason_id.id,
                        "stage_revisit_date": self.revisit_date,
                    }
                )
            else:
                group._cancel_activities()
                group.action_set_lost(lost_reason_id=self.lost_reason_id.id)

    def _get_done_text(self, leads):
        if len(leads) == 1:
            return self.env._("“%s” is disqualified.", leads.display_name)
        return self.env._("Disqualified leads: %s", len(leads))
