from odoo import api, fields, models

from ...scoring.mail_message import ACTIVITY_CHANNELS


class MailActivity(models.Model):
    _inherit = "mail.activity"

    is_lead_touch = fields.Boolean(
        string="Touch of a Lead",
        compute="_compute_is_lead_touch",
        help="A call or meeting with a lead: its outcome is logged when it is done.",
    )

    # what is to be done about a lead, soonest first, and what somebody did today: read
    # of the index alone
    _lead_open_idx = models.Index(
        "(res_id, date_deadline, id) INCLUDE (user_id, calendar_event_id) "
        "WHERE res_model = 'crm.lead' AND active"
    )
    # what is due next, of all leads
    _lead_due_idx = models.Index(
        "(date_deadline, id) INCLUDE (res_id, calendar_event_id) "
        "WHERE res_model = 'crm.lead' AND active"
    )
    _lead_done_idx = models.Index(
        "(user_id, date_done) INCLUDE (res_id) "
        "WHERE res_model = 'crm.lead' AND active IS NOT TRUE"
    )

    @api.depends("res_model", "activity_type_id.category")
    def _compute_is_lead_touch(self):
        for activity in self:
            category = activity.activity_type_id.category
            activity.is_lead_touch = (
                activity.res_model == "crm.lead" and category in ACTIVITY_CHANNELS
            )

    def action_log_touch(self):
        """Open the dialog that logs the outcome of this call or meeting."""
        self.ensure_one()
        self.check_access("write")
        lead = self.env["crm.lead"].browse(self.res_id)
        return lead.with_context(touch_activity_id=self.id).action_log_call()
