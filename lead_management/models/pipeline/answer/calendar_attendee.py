from odoo import models

from ...scoring.mail_message import MEETING
from .lead_answer import DECLINED

ANSWERS = {"accepted": MEETING, "declined": DECLINED}


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def write(self, vals):
        """A contact who accepts or declines a meeting has answered."""
        state = vals.get("state")
        kind = ANSWERS.get(state)
        changed = self.filtered(lambda each: each.state != state) if kind else ()
        result = super().write(vals)
        if changed:
            changed._answer_record(kind)
        return result

    def _answer_record(self, kind):
        # sudo: contacts answer by a link, without rights to leads
        for attendee in self.sudo():
            event = attendee.event_id
            users = attendee.partner_id.user_ids
            if event.opportunity_id and not users.filtered(lambda user: not user.share):
                self.env["lead.answer"]._record(
                    event.opportunity_id, kind, text=event.name
                )
