from datetime import timedelta

from odoo import api, fields, models

from ....exceptions import RefusedError
from ....tools.quick_days import MONTH, NEXT, SOON, TOMORROW, WEEK, quick_days

# How far ahead something may be put off.
AHEAD = timedelta(days=366)
# How far ahead the next working day is looked for.
LOOK_AHEAD = timedelta(days=30)
# What is offered there: a month is too long for what has just come up.
SNOOZES = {TOMORROW, NEXT, SOON, WEEK}


class CrmLead(models.Model):
    """What is done to a lead from My Day, without opening it."""

    _inherit = "crm.lead"

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

    def action_day_snooze(self, date, activity_id=False):
        """Put off what is to be done about this lead; plan something if nothing is.

        :param date: the new day, today or later
        :param activity_id: the activity to put off
        :return: dict with ``activity_id``, and ``before``: its day until now, or False
        :raise RefusedError: when the day is none, or the activity has just been done
        """
        self.ensure_one()
        self.check_access("write")
        day = self._day_check_date(date)
        # two clicks at once plan one activity
        self.lock_for_update()
        activity = self._day_get_activity(activity_id)
        if not activity:
            activity = self._day_plan(day)
            return {"activity_id": activity.id, "before": False}
        before = fields.Date.to_string(activity.date_deadline)
        if activity.date_deadline != day:
            activity.date_deadline = day
        return {"activity_id": activity.id, "before": before}

    def action_day_snooze_undo(self, activity_id, before):
        """Give what was put off a moment ago the day it had, which may be over."""
        self.ensure_one()
        self.check_access("write")
        day = self._day_check_date(before, is_past=True)
        self._day_get_activity(self._day_check_id(activity_id)).date_deadline = day

    @api.model
    def _day_check_date(self, value, is_past=False):
        """Return a day given by a caller.

        :param is_past: whether it may be over
        """
        try:
            day = fields.Date.to_date(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        today = fields.Date.context_today(self)
        if not day or not (is_past or today <= day) or day > today + AHEAD:
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

        To be overridden by a room that knows more channels than e-mail.
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
