from datetime import timedelta

import pytz

from odoo import api, fields, models

from .lead_assignment_capacity import PERIODS


class LeadAssignmentCapacity(models.Model):
    """What salespeople have already, and which limit more leads would exceed."""

    _inherit = "lead.assignment.capacity"

    @api.model
    def _get_timezone(self, user, company):
        """Return the time zone in which the days of a user begin."""
        return pytz.timezone(user.tz or company.resource_calendar_id.tz or "UTC")

    @api.model
    def _get_periods(self, timezone, moment):
        """Return the local dates on which day, week and month of a moment began."""
        today = pytz.utc.localize(moment).astimezone(timezone).date()
        return {
            "day": today,
            "week": today - timedelta(days=today.weekday()),
            "month": today.replace(day=1),
        }

    @api.model
    def _get_loads(self, users, company, moment=None, bases=()):
        """Return what each user has now, in one statement.

        :param bases: what is added up besides: ``score``, ``revenue``; else it is 0
        :return: dict of user id to a dict: ``count``, ``score`` and ``revenue`` of the
            open leads; ``day``, ``week`` and ``month``: leads got in the current one
        """
        moment = moment or fields.Datetime.now()
        rows = []
        for user in users:
            timezone = self._get_timezone(user, company)
            periods = self._get_periods(timezone, moment)
            starts = [self._to_utc(periods[period], timezone) for period in PERIODS]
            rows.append((user.id, *starts))
        return self.env["lead.assignment.log"]._count_loads(rows, company, bases)

    @api.model
    def _to_utc(self, day, timezone):
        """Return the first moment of a day in a time zone.

        Where clocks change at night, there may be two midnights, or none.
        """
        midnight = fields.Datetime.to_datetime(day)
        moments = [
            timezone.localize(midnight, is_dst=is_dst).astimezone(pytz.utc)
            for is_dst in (True, False)
        ]
        return min(
            moment.replace(tzinfo=None)
            for moment in moments
            if moment.astimezone(timezone).date() == midnight.date()
        )

    def _has_limit(self):
        return any(self[f"{period}_limit"] for period in ("open", *PERIODS))

    def _get_excess(self, load, adding=1):
        """Return the limit that more leads would exceed, or None.

        :param load: what the salesperson has, as in :meth:`_get_loads`
        """
        for kind, count in (("open", "count"), *zip(PERIODS, PERIODS, strict=True)):
            limit = self[f"{kind}_limit"]
            if limit and load[count] + adding > limit:
                return kind
        return None
