from odoo.tests import HttpCase

from odoo.addons.lead_management.models.capture.door import form as door

from ..capture.capture_common import CaptureCase

SOURCES = "/odoo/action-lead_management.lead_capture_source_action"
INBOX = "/odoo/action-lead_management.lead_capture_entry_action"


# Fills in the form as fingers do, in a frame: the page itself runs no script.
PHONE = """
const frame = document.createElement("iframe");
frame.style = "position: fixed; inset: 0; width: 390px; height: 844px; border: 0";
const check = (isRight, what) => {
    if (!isRight) { throw new Error(what); }
};
const FINGERS = "main button, main input:not([type=hidden], [type=radio], "
    + "[type=checkbox], .away *)";
function fill(page) {
    const find = (selector) => page.querySelector(selector);
    check(page.documentElement.lang === "fr-FR", "it speaks French");
    check(page.documentElement.scrollWidth <= 390, "it fits the phone");
    for (const element of page.querySelectorAll(FINGERS)) {
        const height = element.getBoundingClientRect().height;
        check(height >= 44, `fingers hit ${element.name}: ${height}`);
    }
    check(!find("input[type=checkbox]:checked"), "nothing is ticked beforehand");
    find("input[name=contact_name]").value = "Claire Fontaine";
    find("input[name=email_from]").value = "claire@example.com";
    find("input[name=QUESTION]").click();
    find(".send").click();
}
frame.onload = () => {
    const page = frame.contentDocument;
    if (page.querySelector("form")) {
        check(!page.querySelector(".error"), page.body.innerText);
        fill(page);
    } else {
        check(page.querySelector("h1").innerText === "Merci", page.body.innerText);
        console.log("test successful");
    }
};
frame.src = "PATH";
document.body.append(frame);
"""


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

        self._visit(f"/lead/form/{source.token}?lang=fr", f"question_{budget.id}")
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
        path = f"/odoo/crm/{lead.id}"
        self._tour(path, "lead_management_capture_lead", lead.env.user)

    def _visit(self, path, question):
        """Fill in the form on a phone: what a visitor sees, and no more."""
        now = door.time.time
        self.patch(door.time, "time", lambda: now() + 60)
        self.browser_size, self.touch_enabled = "390x844", True
        code = PHONE.replace("QUESTION", question).replace("PATH", path)
        self.browser_js("/web/login", code)
        self.browser_size, self.touch_enabled = "1366x768", False

    def test_the_inbox(self):
        data = self._person(contact_name="Tour spam", contact_url="http://spam.example")
        self.assertEqual(
            self.url_open(f"/lead/form/{self.form.token}", data=data).status_code, 200
        )
        self.Entry._run_due()
        self.env.invalidate_all()
        spam = self.form.entry_ids
        self.assertEqual(spam.state, "quarantined")
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
        self.assertEqual(lead.name, "Two trucks (Caller Ltd)")
        self.assertEqual(lead.sudo().capture_entry_ids.state, "done")
        self.assertEqual(lead.campaign_touch_ids.how, "manual")

    def test_the_photo_of_a_card(self):
        self._tour("/odoo/lead-pipeline", "lead_management_capture_card", self.rep)
        lead = self.env["crm.lead"].search([("contact_name", "=", "Zoë Ødegård")])
        self.assertEqual(lead.partner_name, "Ødegård & Sønn AS")
        self.assertEqual(lead.function, "Head of Purchase")
        self.assertEqual(lead.website, "https://odegard.example")
        self.assertEqual(lead.phone, "+47 99 88 77 66")
        [photo] = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        )
        self.assertEqual(photo.mimetype, "image/jpeg")
        self.assertGreater(photo.file_size, 10_000)
