"""NUL, halves of characters and texts without end, in every text field of ours."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form

from odoo.addons.lead_management.models.base.context import IMPORT
from odoo.addons.lead_management.tests.common import LeadManagementCase

MODULE = "lead_management"
TEXT_TYPES = ("char", "text", "html")
DIRTY, CLEAN = "a\x00b\ud800c", "abc"


class TestHostileTexts(LeadManagementCase):
    def test_every_text_field_of_ours_is_cleaned(self):
        """On all models at once, since what cleans knows no model."""
        models = {
            name: [
                field.name
                for field in cls._fields.values()
                if field.type in TEXT_TYPES and field.store
            ]
            for name, cls in self.registry.models.items()
            if cls._original_module == MODULE and not cls._abstract
        }
        self.assertGreater(len(models), 40)
        for name, fnames in models.items():
            vals = self.env[name]._clean_texts(dict.fromkeys(fnames, DIRTY))
            self.assertEqual(set(vals.values()), {CLEAN} if fnames else set(), name)

    def test_leads_and_contacts(self):
        values = {"name": DIRTY, "x_url": f"jane{DIRTY}", "description": DIRTY}
        lead = self.env["crm.lead"].with_user(self.rep).create(values)
        lead.write({"contact_name": DIRTY, "function": "b\x00"})
        lead.partner_id = self.env["res.partner"].create(
            {"name": DIRTY, "linkedin_url": "jane\x00"}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(lead.name, CLEAN)
        self.assertEqual(lead.contact_name, CLEAN)
        self.assertEqual(lead.partner_id.name, CLEAN)
        self.assertIn("abc", lead.description)

    def test_a_model_of_ours(self):
        segment = self.env["lead.segment"].with_user(self.manager)
        segment = segment.create({"name": DIRTY, "description": DIRTY})
        segment.name = f"{DIRTY}!"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(segment.name, f"{CLEAN}!")

    def test_reasons_and_subjects_have_an_end(self):
        million = "x" * 1_000_000
        lead = self._new_lead()
        leads = [Command.set(lead.ids)]
        message = self.env["lead.message"]._queue(
            [{"lead_id": lead.id, "channel": "email", "body": "B"}]
        )
        for model, values in (
            ("lead.release", {"lead_ids": leads, "reason": million}),
            ("lead.message.send", {"lead_ids": leads, "override_reason": million}),
            ("lead.message.send", {"lead_ids": leads, "subject": million}),
            (
                "lead.message.override",
                {"message_ids": [Command.set(message.ids)], "reason": million},
            ),
        ):
            with self.subTest(model=model), self.assertRaises(ValidationError):
                self.env[model].with_user(self.rep).create(values)
        lead.with_user(self.rep).action_release(million)
        self.env.flush_all()
        self.assertLessEqual(max(len(d or "") for d in self._details(lead)), 500)
        with self.assertRaises(UserError):
            lead.with_user(self.manager).action_gate_override(
                self._stage("qualified").id, "x" * 10_001
            )

    def _details(self, lead):
        return lead.sudo().assignment_log_ids.mapped("detail")

    def test_edits_that_no_dialog_sends(self):
        lead = self._new_lead(email_from="a@example.com")
        for edits in (["x"], "x", 7, {"all": "x"}, {"all": {"subject": 1}}, {"1": []}):
            for is_for_all in (True, False):
                dialog = (
                    self.env["lead.message.send"]
                    .with_user(self.rep)
                    .create(
                        {
                            "lead_ids": [Command.set(lead.ids)],
                            "edits": edits,
                            "is_for_all": is_for_all,
                            "channel": "email",
                        }
                    )
                )
                with self.subTest(edits=edits):
                    dialog.read()
                    with Form(dialog) as form:
                        form.subject = "Other"
                    dialog._render_all(lead)

    def test_the_row_a_lead_comes_from_is_set_by_imports_only(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        with self.assertRaises(AccessError):
            Lead.create({"name": "L", "capture_import_key": "x"})
        with self.assertRaises(AccessError):
            self._new_lead().with_user(self.rep).capture_import_key = "x"
        forged = Lead.with_context(**{IMPORT.name: {"keys": {}}})
        with self.assertRaises(AccessError):
            forged.create({"name": "L", "capture_import_key": "x"})
        result = Lead.with_user(self.manager).load(["name"], [["Row"]])
        self.assertTrue(Lead.sudo().browse(result["ids"]).capture_import_key)
