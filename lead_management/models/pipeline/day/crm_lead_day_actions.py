from datetime import timedelta

from odoo import api, fields, models

from ....exceptions import RefusedError
from ....tools.clock_text import read_clock
from ....tools.quick_days import MONTH, NEXT, SOON, TOMORROW, WEEK, quick_days
from ..time.step_words import WEEKDAY, say_when
from .crm_lead_day import ME

# How far ahead something may be put off.
AHEAD = timedelta(days=366)
# How far ahead the next working day is looked for.
LOOK_AHEAD = timedelta(days=30)
# More than this is not counted for the top bar.
BADGE_LIMIT = 100
# So much of a text that is none is repeated.
SHOWN = 20
# What is offered there: a month is too long for what has just come up.
SNOOZES = {TOMORROW, NEXT, SOON, WEEK}


class CrmLead(models.Model):
    """What is done to a lead from My Day, without opening it."""

    _inherit = "crm.lead"

    @api.model
    def action_day_badge(self):
        """Return how many leads wait for the reader now, for the top bar.

        :return: a number up to ``BADGE_LIMIT``, which stands for more as well; False
            for whoever has no day
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            return False
        scope = self._day_get_scope(ME, False)
        domain = self._day_get_waiting_domain(scope, self._day_get_days(scope))
        leads = self.with_context(active_test=False)
        return leads.search_count(domain, limit=BADGE_LIMIT)

    @api.model
    def action_day_dates(self):
        """Return the days that something can be put off to, the reader's working days.

        :return: list of dicts with ``key``, ``label``, ``date``; no day twice
        """
        today = fields.Date.context_today(self)
        user = self.env.user
        days = self.env["lead.day"]._get_workdays(user, today, today + LOOK_AHEAD)
        offered = self._day_prepare_quick_days(days[user.id], today)
        return [each for each in offered if each["key"] in SNOOZES]

    @api.model
    def _day_prepare_quick_days(self, days, today):
        """Return what is offered at a click, with its name.

        :param days: the :class:`Workdays` of who does it
        """
        labels = {
            TOMORROW: self.env._("Tomorrow"),
            NEXT: self.env._("Next working day"),
            SOON: self.env._("In 3 working days"),
            WEEK: self.env._("Next week"),
            MONTH: self.env._("In 1 month"),
        }
        return [
            {"key": key, "label": labels[key], "date": fields.Date.to_string(day)}
            for key, day in quick_days(days, today)
        ]

    def action_day_snooze(self, date, activity_id=False, time=False):
        """Put off what is to be done about this lead; plan something if nothing is.

        What the contact said is no longer waited for: it comes back with the step.

        :param date: the new day, today or later
        :param activity_id: the activity to put off
        :param time: a time of that day, as :func:`read_clock` reads it; by default the
            one it has
        :return: dict with ``undo_id`` and ``message``, for :class:`lead.undo`
        :raise RefusedError: when the day is none, or the activity has just been done
        """
        self.ensure_one()
        self.check_access("write")
        day = self._day_check_date(date)
        clock = self._day_check_time(time)
        # two clicks at once plan one activity
        self.lock_for_update()
        Undo = self.env["lead.undo"]
        with Undo._record(self) as recording:
            activity = self._day_get_activity(activity_id) or self._day_plan(day)
            if activity.date_deadline != day:
                activity.date_deadline = day
            if clock:
                activity._set_lead_time(clock)
            self.env["lead.answer"]._settle(self)
        return Undo._offer(
            recording,
            self.env._(
                "Snoozed: %(name)s, until %(when)s.",
                name=self.display_name,
                when=self._day_format_when(day, activity),
            ),
        )["params"]

    def _day_format_when(self, day, activity):
        clock = read_clock(activity.lead_time)
        return say_when(self.env, day, clock, WEEKDAY)

    @api.model
    def _day_check_time(self, value):
        """Return a time given by a caller, or None."""
        clock = read_clock(value) if isinstance(value, str) else None
        if value and not clock:
            raise RefusedError(
                self.env._(
                    "“%s” is not a time. Enter it like 15:00.", str(value)[:SHOWN]
                )
            )
        return clock

    @api.model
    def _day_check_date(self, value):
        """Return a day given by a caller."""
        try:
            day = fields.Date.to_date(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        today = fields.Date.context_today(self)
        if not day or not today <= day <= today + AHEAD:
            raise RefusedError(self.env._("Choose a day from today on, within a year."))
        return day

    def _day_get_activity(self, activity_id):
        """Return the activity to put off: the one named, or else the user's next one.

        :raise RefusedError: when it is not, or no longer, to be done for this lead
        """
        Activity = self.env["mail.activity"]
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        if not activity_id:
            domain.append(("user_id", "=", self.env.uid))
            return Activity.search(domain, limit=1)
        domain.append(("id", "=", self._day_check_id(activity_id)))
        activity = Activity.search(domain)
        if not activity:
            raise RefusedError(
                self.env._("Somebody has just done this, or called it off.")
            )
        return activity

    def _day_plan(self, day):
        """Plan the next step: a call where there is a number, else something to do."""
        kind = "call" if self.phone else "todo"
        return self.activity_schedule(
            f"mail.mail_activity_data_{kind}",
            date_deadline=day,
            summary=self.env._("Follow up"),
            user_id=(self.user_id or self.env.user).id,
            automated=False,
        )

    def action_day_message(self):
        """Return the dialog in which a message to this lead is written.

        To be overridden by a room that knows more channels than email.
        """
        self.ensure_one()
        self.check_access("write")
        partners = self.partner_id
        if not partners and self.email_from:
            partners = self._partner_find_from_emails_single([self.email_from])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Message to %s", self.contact_name or self.name),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": partners.ids,
                "default_subject": self.name,
            },
        }
