"""Who is behind a lead: what the gate has to know of somebody."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import pytz

from odoo.tools import SQL

from ...tools.addresses import clean_email
from .channel.channel import get_channel

try:
    import phonenumbers
    from phonenumbers.timezone import time_zones_for_number
except ImportError:  # optional in Odoo, too
    phonenumbers = None


@dataclass(frozen=True)
class Person:
    """The person behind a lead, by addresses and numbers."""

    lead_id: int
    company_id: int | None
    partner_id: int | None
    email: str | None
    phone: str | None
    whatsapp: str | None
    preferred_channel: str | None
    zone: str | None
    country: str | None

    @classmethod
    def load(cls, env, lead_ids):
        """Return the persons behind leads, in one statement.

        The email address is worked out of what people see and edit: the column of the
        normalised one can be written over.

        :return: dict of lead id to :class:`Person`
        """
        env["crm.lead"].flush_model()
        env["res.partner"].flush_model(["tz", "country_id"])
        rows = env.execute_query(
            SQL(
                """
                SELECT lead.id, lead.company_id, lead.partner_id,
                       lead.email_from, lead.phone_sanitized,
                       COALESCE(NULLIF(lead.whatsapp_own, ''), lead.phone_sanitized),
                       lead.preferred_channel, partner.tz, country.code
                FROM crm_lead lead
                LEFT JOIN res_partner partner ON partner.id = lead.partner_id
                LEFT JOIN res_country country
                  ON country.id = COALESCE(lead.country_id, partner.country_id)
                WHERE lead.id = ANY(%s)
                """,
                list(lead_ids),
            )
        )
        people = {}
        for lead_id, company_id, partner_id, email, *others in rows:
            values = company_id, partner_id, clean_email(email, first=True), *others
            people[lead_id] = cls(lead_id, *(value or None for value in values))
        return people

    @classmethod
    def load_of(cls, leads):
        """Return the same; what is known of a single lead is not read again."""
        if len(leads) != 1 or not leads.id:
            return cls.load(leads.env, leads.ids)
        partner = leads.partner_id
        values = (
            leads.company_id.id,
            partner.id,
            clean_email(leads.email_from, first=True),
            leads.phone_sanitized,
            leads.whatsapp_own or leads.phone_sanitized,
            leads.preferred_channel,
            partner.tz,
            (leads.country_id or partner.country_id).code,
        )
        return {leads.id: cls(leads.id, *(value or None for value in values))}

    def get_address(self, channel):
        """Return where this person is reached on a channel, or None."""
        return get_channel(channel).get_person_address(self)

    @property
    def addresses(self):
        """All by which messages to this person are found, on whatever lead."""
        return {self.email, self.phone, self.whatsapp} - {None}

    def get_zones(self):
        """Return the time zones this person may be in, the likeliest first."""
        if self.zone:
            return (self.zone,)
        zones = _get_phone_zones(self.phone or self.whatsapp)
        return zones or _get_country_zones(self.country)

    def get_zone(self):
        """Return a time zone in which it is as late as where this person is, or None.

        None where they may be in several, and it is not the same time in all.
        """
        zones = self.get_zones()
        now = datetime.now(pytz.utc)
        hours = {now.astimezone(pytz.timezone(zone)).utcoffset() for zone in zones}
        return zones[0] if len(hours) == 1 else None


@lru_cache(10_000)
def _get_phone_zones(number):
    if not number or not phonenumbers:
        return ()
    try:
        zones = time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(zone for zone in zones if zone in pytz.all_timezones_set)


@lru_cache(300)
def _get_country_zones(code):
    return tuple(pytz.country_timezones.get(code or "", ()))
