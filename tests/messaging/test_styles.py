"""Styles and classes of a rep's e-mail cover nobody's window."""

from odoo.tests import Form

from .test_send_dialog import SendCase

COVER = (
    '<div class="position-fixed top-0 w-100 h-100 o_dialog" id="x" style="position:'
    "fixed; top:0; left:0; width:100vw; height:100vh; z-index:99999; "
    'transform:scale(9); color:red"><style>body {display: none}</style>'
    "<p>Covered</p></div>"
)
WORDS = ("fixed", "z-index", "transform", "<style", "o_dialog")


class TestStyles(SendCase):
    def _assert_tame(self, html):
        self.assertIn("Covered", html)
        self.assertIn("color:red", html)
        for word in WORDS:
            self.assertNotIn(word, html)

    def _write_cover(self):
        """A rep writes the text of a shared template."""
        template = self._new_template("email", user=self.rep)
        template.sudo().user_id = self.rep
        template.mail_template_id.sudo().body_html = COVER
        return template.sudo()

    def test_what_a_rep_types(self):
        dialog = self._open()
        with Form(dialog) as form:
            form.body = COVER
        dialog.action_send()
        self._assert_tame(self._messages().body)

    def test_what_a_rep_types_for_all(self):
        leads = self.lead + self._new_lead(email_from="bob@example.com")
        dialog = self._open(leads)
        with Form(dialog) as form:
            form.is_for_all = True
            form.body = COVER
            self._assert_tame(form.sample)
        dialog.action_send()
        for message in self._messages(leads):
            self._assert_tame(message.body)

    def test_edits_of_a_program(self):
        dialog = self._open()
        dialog.edits = {str(self.lead.id): {"subject": "S", "body": COVER}}
        dialog.shown_lead_id = False
        dialog.action_send()
        self._assert_tame(self._messages().body)

    def test_a_template_in_the_window_of_a_manager(self):
        template = self._write_cover()
        dialog = self._open(user=self.manager)
        with Form(dialog) as form:
            form.template_id = template
        for word in ("position:", "z-index", "transform", "<style"):
            self.assertNotIn(word, dialog.body)
        preview = self.env["lead.message.preview"].with_user(self.manager)
        preview = preview.create({"template_id": template.id, "lead_id": self.lead.id})
        self._assert_tame(preview.body)

    def test_what_is_stored_already(self):
        dialog = self._open()
        dialog.action_send()
        message = self._messages()
        self.env.flush_all()
        self.env.cr.execute("UPDATE lead_message SET body = %s", [COVER])
        message.invalidate_recordset()
        self._assert_tame(message.with_user(self.manager).body_html)

    def test_a_text_that_was_not_changed_stays_that_of_the_template(self):
        template = self._new_template(
            "email", '<p class="lead" style="border-left: 1px solid; color:red">Hi</p>'
        )
        dialog = self._open()
        with Form(dialog) as form:
            form.template_id = template
        self.assertFalse(dialog.edits)
        dialog.action_send()
        self.assertIn("border-left", self._messages().body)
        self.assertFalse(dialog.edits)
