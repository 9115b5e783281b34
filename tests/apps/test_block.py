"""The building block: put on a page in the editor, filled in by a visitor."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user

from odoo.addons.lead_management.models.capture.door import form as door

from .test_counted import CountedCase

# Looks at the page as a visitor does, and fills in the form within it.
VISITOR = """
const check = (isRight, what) => {
    if (!isRight) { throw new Error(what); }
};
const frame = document.querySelector(".s_lead_form iframe");
frame.loading = "eager";
function fill(page) {
    const inner = page.querySelector("main").getBoundingClientRect();
    check(frame.clientHeight >= inner.height, `cut at ${frame.clientHeight}`);
    check(document.documentElement.scrollWidth <= innerWidth, "it fits the screen");
    page.querySelector("input[name=contact_name]").value = "Tour visitor";
    page.querySelector("input[name=email_from]").value = "visitor@example.com";
    page.querySelector(".send").click();
}
function look() {
    const page = frame.contentDocument;
    if (page?.readyState === "complete" && page.querySelector("form .send")) {
        clearInterval(timer);
        setTimeout(() => fill(page), 300);
    }
}
frame.addEventListener("load", () => {
    if (/\\/thanks/.test(frame.contentWindow.location.pathname)) {
        console.log("test successful");
    }
});
const timer = setInterval(look, 100);
"""


class TestBlock(CountedCase, HttpCase):
    """The building block shows a form of ours on a page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sources = cls.env["lead.capture.source"]
        for name in ("Roofs", "Tour roofs"):
            cls.form = sources.create(
                {"name": name, "kind": "form", "company_id": cls.company.id}
            )
        sources.create(
            {"name": "Elsewhere", "kind": "form", "company_id": cls.company_b.id}
        )
        group = "website.group_website_restricted_editor"
        cls.editor = new_test_user(cls.env, "editor", f"base.group_user,{group}")
        group = "website.group_website_designer"
        cls.designer = new_test_user(cls.env, "designer", f"base.group_user,{group}")

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

    def test_another_page_may_show_it(self):
        forms = {form["name"]: form for form in self._get_forms(self.editor)}
        answer = self.url_open(forms["Roofs"]["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("frame-ancestors *", answer.headers["Content-Security-Policy"])
        self.assertNotIn("X-Frame-Options", answer.headers)

    def test_from_the_editor_to_the_lead(self):
        self.designer.company_ids |= self.company
        url = self.website.get_client_action_url("/")
        self.start_tour(url, "lead_management_website_block", login="designer")
        page = self.url_open("/").text
        self.assertIn(f"/lead/form/{self.form.token}?embed=1", page)

        now = door.time.time
        self.patch(door.time, "time", lambda: now() + 60)
        for size in ("1440x900", "390x844"):
            self.browser_size = size
            self.touch_enabled = size == "390x844"
            self.browser_js("/", VISITOR, ready="document.querySelector('.s_lead_form')")
        self.env["lead.capture.entry"]._run_due()
        self.env.invalidate_all()
        entries = self.form.entry_ids
        self.assertEqual(set(entries.mapped("state")), {"done", "attached"})
        self.assertEqual(entries.lead_id.contact_name, "Tour visitor")
        self.assertEqual(entries.lead_id.company_id, self.company)
