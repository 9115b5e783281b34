from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestLocalTime(LeadManagementCase):
    """The time where a lead is, as far as it is certain."""

    def _zone(self, **values):
        lead = self._new_lead(name="There", **values)
        return lead.with_user(self.rep).lead_timezone

    def test_the_number_tells(self):
        self.assertEqual(self._zone(phone="+1 414 555 0155"), "America/Chicago")

    def test_the_contact_knows_better(self):
        partner = self.env["res.partner"].create({"name": "Ann", "tz": "Asia/Tokyo"})
        zone = self._zone(partner_id=partner.id, phone="+1 414 555 0155")
        self.assertEqual(zone, "Asia/Tokyo")

    def test_a_country_of_one_time_tells(self):
        country = self.env.ref("base.be")
        self.assertEqual(self._zone(country_id=country.id), "Europe/Brussels")

    def test_what_is_not_certain_is_not_said(self):
        self.assertFalse(self._zone(country_id=self.env.ref("base.us").id))
        self.assertFalse(self._zone())
