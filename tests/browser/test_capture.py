from lxml import html

from odoo.tests import HttpCase

from odoo.addons.lead_management.models.capture.door import form as door

from ..capture.capture_common import CaptureCase

SOURCES = "/odoo/action-lead_management.lead_capture_source_action"
INBOX = "/odoo/action-lead_management.lead_capture_entry_action"


class TestCapture(CaptureCase, HttpCase):
    """From the form a manager makes to the lead a rep has."""

    def _tour(self, path, name, user):
        self.start_tour(path, name, login=user.login, timeout=90)
        self.env.invalidate_all()

    def test_a_form_from_the_manager_to_the_rep(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        budget = self._new_qualifier(
            "Tour budget",
            "yes_no",
            [("Yes", 20), ("No", 0)],
            question="Is there a tour budget?",
        )
        self._new_qualifier("Tour time", options=[("Soon", 10), ("Later", 0)])
        self._new_assignment_rule(team_id=self.team.id)
        self._tour(SOURCES, "lead_management_capture_form", self.manager)
        source = self.Source.search([("name", "=", "Tour form")])
        self.assertEqual(len(source.field_ids), 5)

        path = f"/lead/form/{source.token}"
        page = self.url_open(path, headers={"Accept-Language": "fr"})
        fields = html.fromstring(page.content).xpath("//input[@type='hidden']")
        now = door.time.time
        self.patch(door.time, "time", lambda: now() + 60)
        data = {
            **{field.name: field.value for field in fields},
            "contact_name": "Claire Fontaine",
            "email_from": "claire@example.com",
            f"question_{budget.id}": "yes",
        }
        self.assertIn("lang=fr_FR", self.url_open(path, data=data).url)
        self.Entry._run_due()
        self.commit()
        entry = self.Entry.search([("source_id", "=", source.id)], limit=1)
        lead = entry.lead_id
        self.assertEqual(entry.state, "done", entry.reason)
        self.assertTrue(lead.user_id)
        lead = lead.with_user(lead.user_id)
        self.assertEqual(lead.qualifier_answer_ids.display_value, "Yes")
        self.assertEqual(lead.score_total, 20)
        self.assertEqual(lead.capture_source_id, source)
        self.assertEqual(lead.lang_id.code, "fr_FR")

    def test_the_inbox(self):
        [spam] = self._send(
            self.form, self._person(contact_name="Tour spam"), honeypot=True
        )
        source = self._new_source("api")
        [unmapped] = self._send(source, {"tour_badge": "+1 773 555 0188"})
        self._tour(INBOX, "lead_management_capture_inbox", self.manager)
        self.Entry._run_due()
        self.env.invalidate_all()
        self.assertEqual((spam + unmapped).mapped("state"), ["done", "done"])

    def test_a_call(self):
        self._new_lead(contact_name="Tour known", phone="+32 470 99 88 77")
        self._tour("/odoo/lead-pipeline", "lead_management_capture_call", self.rep)
        lead = self.env["crm.lead"].search([("contact_name", "=", "Tour caller")])
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(lead.name, "Two trucks (Tour caller)")
        self.assertEqual(lead.sudo().capture_entry_ids.state, "done")
        self.assertEqual(lead.campaign_touch_ids.how, "manual")
