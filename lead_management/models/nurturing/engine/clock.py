"""When the steps of those in a batch are due; all of it is read once for a batch."""

from datetime import timedelta

from odoo import fields

from ....tools.sequence_time import WORKDAYS, add_wait, fit_window
from ...messaging.person import Person
from ..sequence.step_kind import KINDS

# Days that are looked up of those who send; beyond, a week has five.
BACK, AHEAD = timedelta(days=10), timedelta(days=60)


class Clock:
    """Moments of steps, by the calendar of who sends and the clocks of the lead.

    :param env: an environment in which all is allowed
    :param leads: all leads that are asked about
    :param now: in UTC, naive
    """

    def __init__(self, env, leads, now=None):
        self.env = env
        self.now = now or fields.Datetime.now()
        self.leads = leads
        self._people = None
        self._workdays = None

    @property
    def people(self):
        if self._people is None:
            self._people = Person.load(self.env, self.leads.ids)
        return self._people

    def get_zones(self, lead):
        """Return the time zones a lead may be in, the likeliest first."""
        person = self.people.get(lead.id)
        zones = person.get_zones() if person else ()
        return zones or (self._get_company(lead)._get_message_zone(),)

    def _get_company(self, lead):
        return lead.company_id or lead.user_id.company_id or self.env.company

    def _get_workdays(self, lead):
        """Return the working days of the salesperson, None where there is none."""
        if self._workdays is None:
            self._workdays = self._read_workdays()
        return self._workdays.get((self._get_company(lead).id, lead.user_id.id))

    def _read_workdays(self):
        Capacity = self.env["lead.assignment.capacity"]
        first, last = self.now.date() - BACK, self.now.date() + AHEAD
        workdays = {}
        owned = self.leads.filtered("user_id")
        for company, leads in owned.grouped(self._get_company).items():
            found = Capacity._get_workdays(leads.user_id, company, first, last)
            for user_id, days in found.items():
                workdays[company.id, user_id] = days
        return workdays

    def plan(self, lead, sequence, step, start, seed=""):
        """Return when a step is due.

        :param start: when the wait for it begins, in UTC
        :param seed: what tells one who waits from another
        """
        days = None
        if step.wait_unit == WORKDAYS and step.wait_count:
            days = self._get_workdays(lead)
        zones = self.get_zones(lead)
        moment = add_wait(start, step.wait_count, step.wait_unit, zones[0], days)
        if KINDS.get(step.kind).is_sent:
            moment = self.fit(lead, sequence, max(moment, self.now), seed)
        return moment

    def fit(self, lead, sequence, moment, seed=""):
        """Return the first moment, from one on, at which a message may go."""
        window = sequence._get_window()
        return fit_window(moment, self.get_zones(lead), window, seed)
