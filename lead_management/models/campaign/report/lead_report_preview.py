from odoo import api, fields, models
from odoo.exceptions import AccessError

from ....tools.periods import shift
from .lead_report_subscription import MANAGER


class LeadReportPreview(models.TransientModel):
    """The report of any past period, as it is mailed."""

    _name = "lead.report.preview"
    _description = "Report Preview"

    subscription_id = fields.Many2one(
        "lead.report.subscription", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(string="Day in the Period", required=True)
    subject = fields.Char(compute="_compute_body")
    body = fields.Html(compute="_compute_body", sanitize=False)

    @api.depends("day", "subscription_id")
    def _compute_body(self):
        for preview in self:
            one = preview.subscription_id
            if not one or not preview.day:
                preview.subject = preview.body = False
                continue
            preview._check_reader()
            report = one._render(one._get_period(preview.day))
            preview.subject = report["subject"]
            preview.body = report["body"]

    def _check_reader(self):
        """Refuse the numbers of a colleague to all but managers."""
        one = self.subscription_id
        one.check_access("read")
        if one.user_id != self.env.user and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("You may preview your own reports only."))

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Preview"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_earlier(self):
        """Show the period before."""
        return self._move(-1)

    def action_later(self):
        """Show the period after, if it is over."""
        return self._move(1)

    def _move(self, number):
        one = self.subscription_id
        start = shift(one.kind, one._get_period(self.day).start, number)
        self.day = min(start, one._get_last_start())
        return self._open()
