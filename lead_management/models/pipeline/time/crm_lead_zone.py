import pytz

from odoo import api, fields, models
from odoo.tools import format_time


class CrmLead(models.Model):
    """What time it is where the contact is."""

    _inherit = "crm.lead"

    def _get_lead_zones(self):
        """Return in which time zone the contacts of leads are.

        Hook for the rooms that know it.

        :return: dict of lead id to the name of a zone, where it is certain
        """
        return {}

    @api.model
    def _format_there(self, zone, moment=None):
        """Return what time it is where a contact is, or False.

        Nothing is said to somebody who is there as well.

        :param zone: the name of a time zone, or none
        :param moment: in UTC, by default now
        """
        moment = moment or fields.Datetime.now()
        own = self.env.context.get("tz") or self.env.user.tz or "UTC"
        if not zone or _get_offset(zone, moment) == _get_offset(own, moment):
            return False
        there = format_time(self.env, moment, tz=zone, time_format="short")
        return self.env._("%s there", there)


def _get_offset(zone, moment):
    return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).utcoffset()
