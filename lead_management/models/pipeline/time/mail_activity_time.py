from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ....tools.clock_text import read_clock, write_clock

MEETING = "meeting"
# How long something takes in the calendar, by the category of the activity.
LONG = {MEETING: timedelta(hours=1), "phonecall": timedelta(minutes=15)}
SHORT = timedelta(minutes=30)
# Reminds in the browser, a quarter of an hour before.
ALARM = "calendar.alarm_notif_1"
QUIET = {
    # nobody is invited: that is for the salesperson to do, in the calendar
    "no_mail_to_attendees": True,
    "skip_contact_description": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class MailActivity(models.Model):
    """A next step at a time of day: an entry in the calendar, which reminds of it."""

    _inherit = "mail.activity"

    lead_time = fields.Char(
        string="Time",
        compute="_compute_lead_time",
        inverse="_inverse_lead_time",
        help="For example 15:00 or 3 pm. It stands in your calendar, and you are "
        "reminded. Leave empty for any time of the day.",
    )

    @api.depends("calendar_event_id.start", "calendar_event_id.allday")
    @api.depends_context("tz")
    def _compute_lead_time(self):
        for activity in self:
            event = activity.calendar_event_id
            activity.lead_time = (
                write_clock(fields.Datetime.context_timestamp(self, event.start))
                if event and not event.allday
                else False
            )

    def _inverse_lead_time(self):
        for activity in self:
            text = activity.lead_time
            clock = read_clock(text)
            if text and not clock:
                raise UserError(
                    self.env._("“%s” is not a time. Enter it like 15:00.", text)
                )
            activity._set_lead_time(clock)

    # ------------------------------------------------------------
    # The calendar
    # ------------------------------------------------------------

    def _set_lead_time(self, clock):
        """Let these activities with leads be at a time of their day, or at none.

        :param clock: a time where the user is, or None
        """
        for activity in self:
            event = activity.calendar_event_id
            if clock and event:
                self.env["lead.undo"]._watch(event)
                activity._move_event(event, clock)
            elif event.is_lead_step and not clock:
                activity.calendar_event_id = False
                event._archive_coming()
        if clock:
            new = self.filtered(lambda activity: not activity.calendar_event_id)
            new._create_events(clock)

    def _move_event(self, event, clock):
        start = self._get_moment(clock)
        length = event.stop - event.start
        if event.allday:
            length = self._get_length()
        event.with_context(**QUIET).write(
            {"allday": False, "start": start, "stop": start + length}
        )

    def _get_moment(self, clock):
        """Return when this activity is, in UTC.

        :param clock: a time of its day, where the user is
        """
        zone = pytz.timezone(self.env.context.get("tz") or self.env.user.tz or "UTC")
        local = zone.localize(datetime.combine(self.date_deadline, clock))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _get_length(self):
        return LONG.get(self.activity_type_id.category, SHORT)

    def _create_events(self, clock):
        """Enter these activities into the calendar of who does them.

        A meeting is one with the lead, other steps are about it.

        :param clock: a time where the user is, or None for the whole day
        """
        if not self:
            return
        env = self.with_context(**QUIET).env
        events = env["calendar.event"].create(
            [activity._prepare_event(clock) for activity in self]
        )
        model_id = env["ir.model"]._get_id("crm.lead")
        for activity, event in zip(self, events, strict=True):
            is_meeting = activity.activity_type_id.category == MEETING
            # written afterwards: no further activity, and no note in the chatter
            event.write(
                {"opportunity_id": activity.res_id}
                if is_meeting
                else {"res_model_id": model_id, "res_id": activity.res_id}
            )
            activity.calendar_event_id = event
        self.env["lead.undo"]._watch_created(events)

    def _prepare_event(self, clock):
        lead = self.env["crm.lead"].browse(self.res_id)
        user = self.user_id or self.env.user
        what = self.summary or self.activity_type_id.name or ""
        who = lead.contact_name or lead.partner_name or lead.name
        alarm = self.env.ref(ALARM, raise_if_not_found=False)
        values = {
            "name": f"{what}: {who}" if what else who,
            "user_id": user.id,
            "partner_ids": [Command.set(user.partner_id.ids)],
            "alarm_ids": [Command.set(alarm.ids)] if alarm else [],
            "is_lead_step": self.activity_type_id.category != MEETING,
        }
        if clock is None:
            day = self.date_deadline
            return {**values, "allday": True, "start_date": day, "stop_date": day}
        start = self._get_moment(clock)
        return {**values, "start": start, "stop": start + self._get_length()}

    # ------------------------------------------------------------
    # What is over
    # ------------------------------------------------------------

    def write(self, vals):
        """What is done, or put off, needs no reminder any more, or another one."""
        events = self.calendar_event_id if "date_deadline" in vals else ()
        if events:
            self.env["lead.undo"]._watch(events)
        result = super().write(vals)
        if vals.get("active") is False:
            self._archive_coming_events()
        return result

    def unlink(self):
        self._archive_coming_events()
        return super().unlink()

    def _archive_coming_events(self):
        events = self.calendar_event_id.filtered("is_lead_step")
        if events:
            events._archive_coming()
