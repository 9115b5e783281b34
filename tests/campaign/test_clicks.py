from datetime import datetime, timedelta

from odoo.addons.lead_management.tests.common import LeadManagementCase

LINK = "https://shop.example/offer?utm_campaign=Spring%20fair&utm_medium=Email"
NOON = datetime(2026, 11, 20, 12)


class TestClicks(LeadManagementCase):
    """Whoever follows a link of ours with a campaign in it was touched by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env["utm.campaign"].create({"title": "Spring fair"})
        cls.lead = cls._new_lead(email_from="ann@example.com")
        cls.message = cls.env["lead.message"].create(
            {
                "lead_id": cls.lead.id,
                "channel": "email",
                "state": "sent",
                "key": "test-click",
                "sent_date": NOON - timedelta(hours=2),
            }
        )

    def _follow(self, url=LINK, minutes=0, is_machine=False):
        return self.env["lead.message.click"].create(
            {
                "message_id": self.message.id,
                "lead_id": self.lead.id,
                "date": NOON + timedelta(minutes=minutes),
                "url": url,
                "is_machine": is_machine,
            }
        )

    def _touches(self):
        self.lead.invalidate_recordset(["campaign_touch_ids"])
        return self.lead.campaign_touch_ids

    def test_a_person_who_follows_a_link(self):
        self._follow()
        touch = self._touches()
        self.assertEqual(touch.campaign_id, self.campaign)
        self.assertEqual(touch.medium_id.name, "Email")
        self.assertEqual((touch.how, touch.date), ("click", NOON))

    def test_the_same_link_once(self):
        self._follow()
        self._follow(minutes=5)
        self.assertEqual(len(self._touches()), 1)

    def test_programs_are_touched_by_nothing(self):
        self._follow(is_machine=True)
        self.assertFalse(self._touches())
        # that it was one shows with the next link
        click = self._follow(minutes=1)
        self.assertTrue(self._touches())
        click.is_machine = True
        self.assertFalse(self._touches())

    def test_no_campaign_is_made_by_a_link(self):
        count = self.env["utm.campaign"].search_count([])
        self._follow("https://shop.example/?utm_campaign=Invented")
        self._follow("https://shop.example/")
        self._follow("https://[shop.example/?utm_campaign=Spring%20fair")
        self.assertFalse(self._touches())
        self.assertEqual(self.env["utm.campaign"].search_count([]), count)
