"""Leads of Odoo's own apps have a source, and are counted in the inbox."""

import json

from odoo.addons.lead_management_website_crm.controllers.website_form import WebsiteForm

from . import test_origin


class CountedCase(test_origin.OriginCase):
    controller = WebsiteForm

    def _assert_counted(self, lead, kind):
        source = lead.capture_source_id
        self.assertEqual((source.kind, source.company_id), (kind, self.company))
        entry = self.env["lead.capture.entry"].search([("lead_id", "=", lead.id)])
        self.assertEqual(len(entry), 1)
        self.assertEqual((entry.state, entry.source_id), ("done", source))
        self.assertEqual(entry.email_normalized, lead.email_normalized)
        self.assertEqual(json.loads(entry.payload)["name"], lead.name)
        touch = lead.campaign_touch_ids
        self.assertEqual((touch.how, touch.capture_source_id), (kind, source))
        self.assertEqual(touch.medium_id, lead.medium_id)
        return entry


class TestCounted(CountedCase):
    def test_events(self):
        lead = test_origin.TestEvent._register(self)
        self._assert_counted(lead, "event")
        self.assertEqual(lead.email_normalized, "bob@example.com")
        # what happens with the registration afterwards is no submission
        lead.registration_ids.action_set_done()
        self._assert_counted(lead, "event")

    def test_chatbots(self):
        self._assert_counted(test_origin.TestChat._chat(self), "chat")

    def test_chats_with_a_colleague(self):
        livechat = self.env["im_livechat.channel"].create({"name": "Chat"})
        channel = self.env["discuss.channel"].create(
            {
                "name": "Visitor",
                "channel_type": "livechat",
                "livechat_channel_id": livechat.id,
                "livechat_operator_id": self.rep.partner_id.id,
            }
        )
        channel._add_members(users=self.rep)
        channel.with_user(self.rep).execute_command_lead(body="/lead A roof")
        lead = self._newest()
        self.assertEqual(lead.name, "A roof")
        self._assert_counted(lead, "chat")

    def test_surveys(self):
        lead = test_origin.TestSurvey._answer(self, self.team, self.rep_3)
        self._assert_counted(lead, "survey")

    def test_website_forms(self):
        lead = test_origin.TestWebsite._post(self)
        entry = self._assert_counted(lead, "website")
        self.assertEqual(entry.person, "Bob")
        again = test_origin.TestWebsite._post(self, contact_name="Ann")
        self.assertEqual(again.capture_source_id, lead.capture_source_id)

    def test_a_lead_made_by_hand_is_none(self):
        lead = self._new_lead()
        self.assertFalse(lead.capture_source_id or lead.campaign_touch_ids)
