from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

from ....tools.workdays import Workdays, days_between


class LeadAssignmentCapacity(models.Model):
    """On which days somebody works: when the next step can be."""

    _inherit = "lead.assignment.capacity"

    @api.model
    def _get_workdays(self, users, company, first, last):
        """Return the :class:`Workdays` of each user, by user id.

        :param first: first date to know about, in the time zone of each user
        :param last: last one
        """
        start = datetime.combine(first, time.min) - timedelta(days=1)
        end = datetime.combine(last, time.max) + timedelta(days=1)
        presences = self._get_presences(users, company, start, end)
        workdays = {}
        for user in users:
            timezone = self._get_timezone(user, company)
            days = {
                day
                for interval in presences[user.id].free
                for day in days_between(
                    *(self._to_local(moment, timezone) for moment in interval)
                )
            }
            workdays[user.id] = Workdays(days, first, last)
        return workdays

    @api.model
    def _to_local(self, moment, timezone):
        return pytz.utc.localize(moment).astimezone(timezone).replace(tzinfo=None)

    @api.model
    def _get_today(self, user, company):
        """Return today's date where a user is."""
        timezone = self._get_timezone(user, company)
        return self._to_local(fields.Datetime.now(), timezone).date()
