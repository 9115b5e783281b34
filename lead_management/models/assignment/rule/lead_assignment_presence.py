from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import format_datetime

from ....tools.presence import HOURS, LEAVE, Presence

# How far ahead the next working moment is looked for.
HORIZON = timedelta(days=21)
HORIZONS = (timedelta(days=4), HORIZON, timedelta(days=120))
PAUSED = "paused"


class LeadAssignmentCapacity(models.Model):
    """Who is at work when, and why somebody gets no lead."""

    _inherit = "lead.assignment.capacity"

    # ------------------------------------------------------------
    # Presence
    # ------------------------------------------------------------

    @api.model
    def _get_resources(self, users, company):
        """Return the resource of each user in a company, empty where there is none."""
        # sudo: whether colleagues work decides, in whatever company they are
        Resource = self.env["resource.resource"].sudo()
        resources = Resource.search(
            [("user_id", "in", users.ids), ("company_id", "in", [False, company.id])],
            order="id",
        )
        found = dict.fromkeys(users, Resource)
        for resource in resources:
            found[resource.user_id] = found[resource.user_id] or resource
        return found

    @api.model
    def _get_presences(self, users, company, start, end=None):
        """Return the :class:`Presence` of each user, by user id.

        The working time is that of the user's resource, or else of the company; time
        off is that of the resource and that of everybody in the company.

        :param start: first moment to know about, in UTC
        :param end: last one; by default as far ahead as somebody is waited for
        """
        return self._build_presences(
            {
                user.id: resource
                for user, resource in self._get_resources(users, company).items()
            },
            company,
            start,
            end,
        )

    @api.model
    def _get_company_presence(self, company, start, end=None):
        """Return the :class:`Presence` of a company as such."""
        # sudo: to be read as the resources of people are
        nobody = self.env["resource.resource"].sudo()
        return self._build_presences({False: nobody}, company, start, end)[False]

    @api.model
    def _build_presences(self, resources, company, start, end=None):
        """Return the :class:`Presence` of each resource, by the keys of ``resources``.

        An empty resource works as the company does.
        """
        end = end or start + HORIZON
        span = [pytz.utc.localize(start - timedelta(days=1)), pytz.utc.localize(end)]
        domain = [
            ("time_type", "=", "leave"),
            ("company_id", "in", [False, company.id]),
        ]
        by_calendar = {}
        for key, resource in resources.items():
            calendar = resource.calendar_id
            if not resource:
                # sudo: when a company works is asked for those outside of it, too
                calendar = company.sudo().resource_calendar_id
            by_calendar.setdefault(calendar, {})[key] = resource
        presences = {}
        for calendar, group in by_calendar.items():
            # sudo: the group was read so; the first of a union gives the rights
            everyone = self.env["resource.resource"].sudo().union(*group.values())
            work = self._get_attendances(calendar, span, everyone)
            leaves = calendar._leave_intervals_batch(
                *span, everyone, domain=domain, tz=pytz.utc
            )
            for key, resource in group.items():
                presences[key] = Presence(
                    work[resource.id], self._to_naive(leaves[resource.id])
                )
        return presences

    @api.model
    def _get_attendances(self, calendar, span, resources):
        if not calendar:  # works at any time
            always = [tuple(moment.replace(tzinfo=None) for moment in span)]
            return dict.fromkeys([*resources.ids, False], always)
        intervals = calendar._attendance_intervals_batch(*span, resources)
        return {key: self._to_naive(value) for key, value in intervals.items()}

    @api.model
    def _to_naive(self, intervals):
        return [
            tuple(
                moment.astimezone(pytz.utc).replace(tzinfo=None)
                for moment in (start, end)
            )
            for start, end, __ in intervals
        ]

    @api.model
    def _add_working_time(self, user, company, start, duration):
        """Return when so much of the working time of a user has passed.

        :param user: a user, or none for the working time of the company
        """
        for horizon in HORIZONS:  # mostly the first one is enough, and fast
            end = start + duration + horizon
            if user:
                presence = self._get_presences(user, company, start, end)[user.id]
            else:
                presence = self._get_company_presence(company, start, end)
            if moment := presence.add(start, duration):
                return moment
        return start + duration

    @api.model
    def _describe(self, users, company, working_hours):
        """Return what each of these users is like now, in words, by user id."""
        now = fields.Datetime.now()
        presences = self._get_presences(users, company, now)
        capacities = self._get_of(users, company)
        loads = self._get_loads(users, company)
        texts = {}
        for user in users._filter_assignable(company):
            reason, until = self._get_absence(
                capacities.get(user.id), presences[user.id], now, working_hours
            )
            if not reason and user.id in capacities:
                reason = capacities[user.id]._get_excess(loads[user.id])
            texts[user.id] = self._format_absence(reason, until)
        return texts

    @api.model
    def _get_absence(self, capacity, presence, moment, working_hours):
        """Return why somebody gets no lead at a moment, and until when if known.

        :param capacity: a record, or None when there is none
        """
        if capacity and capacity._is_paused_at(moment):
            return PAUSED, capacity.pause_until or None
        return presence.absence(moment, working_hours)

    @api.model
    def _format_absence(self, reason, until=None):
        """Return a reason of not getting a lead in the words of the user."""
        if until:
            until = format_datetime(self.env, until, dt_format="short")
            timed = {
                PAUSED: self.env._("paused until %s", until),
                LEAVE: self.env._("on leave until %s", until),
                HOURS: self.env._("outside working hours until %s", until),
            }
            if reason in timed:
                return timed[reason]
        return {
            PAUSED: self.env._("paused"),
            LEAVE: self.env._("on leave"),
            HOURS: self.env._("outside working hours"),
            "open": self.env._("limit reached: open leads"),
            "day": self.env._("daily limit reached"),
            "week": self.env._("weekly limit reached"),
            "month": self.env._("monthly limit reached"),
            "condition": self.env._(
                "the lead does not match the condition of this member"
            ),
            "language": self.env._("does not speak the language"),
            "country": self.env._("does not work for this country"),
            "product": self.env._("does not sell these products"),
            "had": self.env._("released or withdrawn before"),
        }.get(reason, self.env._("available"))
