"""Leads of Odoo's own apps have a source, and are counted in the inbox."""

import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user

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


class TestBlock(CountedCase, HttpCase):
    """The building block shows a form of ours on a page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sources = cls.env["lead.capture.source"]
        cls.form = sources.create({"name": "Roofs", "kind": "form"})
        cls.other = sources.create(
            {"name": "Elsewhere", "kind": "form", "company_id": cls.company_b.id}
        )
        cls.editor = new_test_user(
            cls.env, "editor", "base.group_user,website.group_website_restricted_editor"
        )

    def _get_forms(self, user):
        website = self.env["website"].with_user(user)
        website = website.with_context(website_id=self.website.id)
        return website.get_lead_forms()

    def test_who_edits_pages_chooses_a_form_of_the_company(self):
        forms = self._get_forms(self.editor)
        self.assertIn("Roofs", [form["name"] for form in forms])
        self.assertNotIn("Elsewhere", [form["name"] for form in forms])
        for user in (self.rep, self.public):
            with self.assertRaises(AccessError):
                self._get_forms(user)

    def test_a_visitor_sees_it(self):
        forms = {form["name"]: form for form in self._get_forms(self.editor)}
        form = forms["Roofs"]
        answer = self.url_open(form["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("frame-ancestors *", answer.headers["Content-Security-Policy"])
        self.assertNotIn("X-Frame-Options", answer.headers)
        snippet = self.env["ir.qweb"]._render("lead_management_website.s_lead_form")
        self.assertIn("<iframe", str(snippet))
