from odoo import models

from ..scoring.mail_message import MEETING


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def action_log_touch(self):
        """Open the dialog that logs what came of this meeting with a lead."""
        self.ensure_one()
        self.check_access("read")
        # the activity of the meeting, if it was planned as one
        activity = self.activity_ids.filtered(
            lambda activity: activity.res_model == "crm.lead"
        )[:1]
        return self.opportunity_id.with_context(
            touch_channel=MEETING, touch_activity_id=activity.id
        ).action_log_call()
