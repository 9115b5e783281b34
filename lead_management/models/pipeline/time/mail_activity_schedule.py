from odoo import fields, models
from odoo.exceptions import UserError

from ....tools.clock_text import read_clock


class MailActivitySchedule(models.TransientModel):
    """Odoo's dialog plans a day; a next step of a lead may have a time."""

    _inherit = "mail.activity.schedule"

    lead_time = fields.Char(
        string="Time",
        help="For example 15:00 or 3 pm. It stands in the calendar of whoever does it, "
        "who is reminded. Leave empty for any time of the day.",
    )

    def _action_schedule_activities(self):
        clock = self.res_model == "crm.lead" and read_clock(self.lead_time)
        if self.lead_time and not clock:
            raise UserError(
                self.env._("“%s” is not a time. Enter it like 15:00.", self.lead_time)
            )
        activities = super()._action_schedule_activities()
        if clock:
            activities._set_lead_time(clock)
        return activities
