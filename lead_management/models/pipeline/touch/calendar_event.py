from odoo import models

from ...scoring.mail_message import MEETING

MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 24 * MINUTES_AN_HOUR


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
            touch_channel=MEETING,
            touch_activity_id=activity.id,
            touch_minutes=self._get_lead_minutes(),
        ).action_log_call()

    def _get_lead_minutes(self):
        """Return how long the meeting was planned to take, 0 when that says nothing."""
        minutes = round(self.duration * MINUTES_AN_HOUR)
        return 0 if self.allday or minutes > MINUTES_A_DAY else minutes
