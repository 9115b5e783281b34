from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import is_html_empty

from ....exceptions import RefusedError
from ....tools.clock_text import read_clock, write_clock
from ....tools.verdicts import PHONE
from ..time.step_words import say_time, say_when

MEETING = "meeting"
MEETING_CLOCK = "10:00"


class LeadTouchLog(models.TransientModel):
    """The time of the next step, and what time it is where the contact is."""

    _inherit = "lead.touch.log"

    next_time = fields.Char(
        string="Time",
        help="For example 15:00 or 3 pm. The step stands in your calendar then, and "
        "you are reminded.",
    )
    next_time_there = fields.Char(compute="_compute_there")
    time_there = fields.Char(compute="_compute_there")

    @api.depends("lead_ids", "next_date", "next_time")
    @api.depends_context("tz", "lang")
    def _compute_there(self):
        for log in self:
            lead = log.lead_ids._origin if len(log.lead_ids) == 1 else False
            zone = lead and lead._get_lead_zones().get(lead.id)
            clock = read_clock(log.next_time)
            log.time_there = lead and lead._format_there(zone)
            log.next_time_there = (
                lead
                and clock
                and log.next_date
                and lead._format_there(zone, log._get_next_moment(log.next_date, clock))
            )

    def _get_next_moment(self, day, clock):
        """Return when the next step is, in UTC."""
        step = self.env["mail.activity"].new({"date_deadline": day})
        return step._get_moment(clock)

    @api.model
    def _describe_activity(self, activity):
        """Return what was planned, since when it is due, and its note."""
        title = activity.summary or activity.activity_type_id.name
        note = Markup() if is_html_empty(activity.note) else activity.note
        return Markup("<strong>%s</strong>, %s%s") % (
            title,
            self._describe_due(activity),
            note,
        )

    @api.model
    def _describe_due(self, activity):
        days = (fields.Date.context_today(self) - activity.date_deadline).days
        if days == 1:
            return self.env._("1 day overdue")
        if days > 0:
            return self.env._("%s days overdue", days)
        clock = read_clock(activity.lead_time)
        if days:
            return say_when(self.env, activity.date_deadline, clock)
        return say_time(self.env, clock) if clock else self.env._("today")

    @api.onchange("next_time")
    def _onchange_next_time(self):
        """Write a time as it is read; what is none is refused when it is saved."""
        if clock := read_clock(self.next_time):
            self.next_time = write_clock(clock)
            if not self.activity_type_id:
                self.activity_type_id = self._get_channel_type()

    @api.onchange("activity_type_id")
    def _onchange_activity_type_id(self):
        result = super()._onchange_activity_type_id()
        if self.activity_type_id.category == MEETING and not self.next_time:
            self.next_time = MEETING_CLOCK
        elif not self.activity_type_id:
            self.next_time = False
        return result

    # ------------------------------------------------------------
    # Saving
    # ------------------------------------------------------------

    def _check_next_step(self):
        super()._check_next_step()
        if not self.next_time or not self.activity_type_id:
            return
        clock = read_clock(self.next_time)
        if not clock:
            raise RefusedError(
                self.env._("“%s” is not a time. Enter it like 15:00.", self.next_time)
            )
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        if datetime.combine(self.next_date, clock) <= now.replace(tzinfo=None):
            raise RefusedError(self.env._("The next step must be in the future."))

    def _plan(self, leads, days):
        """Plan the next step of leads; a meeting, and what has a time, in the calendar.

        :param days: dict of lead to a date
        """
        kind = self.activity_type_id
        values = {"activity_type_id": kind.id, "summary": self.next_summary}
        if self.outcome_id.invalid_number and kind == self._get_to_do():
            # done as soon as there is another number
            values["verification_datum"] = PHONE
        activities = leads._touch_schedule(days, values)
        clock = read_clock(self.next_time)
        if clock or kind.category == MEETING:
            activities._create_events(clock)

    @api.model
    def _get_to_do(self):
        return self.env.ref("mail.mail_activity_data_todo", False)

    def _get_next_text(self, day):
        when = say_when(self.env, day, read_clock(self.next_time))
        parts = [self.activity_type_id.name, when]
        return ", ".join([*parts, *filter(None, [self.next_summary])])

    @api.depends("next_time")
    def _compute_preview(self):
        return super()._compute_preview()
