from odoo.addons.lead_management.models.messaging.constants import CHANNELS, PURPOSES
from odoo.addons.lead_management.tests.common import LeadManagementCase
from odoo.addons.lead_management.tools.sms_size import sms_size

LANGS = ("en_US", "fr_FR", "es_ES", "pl_PL")
# Polish letters leave 70 characters, in which nothing polite can be said.
SMS_PARTS = {"en_US": 1, "fr_FR": 1, "es_ES": 1, "pl_PL": 2}
SHIPPED = [purpose for purpose, __ in PURPOSES if purpose != "custom"]


class TestTemplateTexts(LeadManagementCase):
    """The texts that are shipped, in all languages, about two leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in LANGS:
            cls.env["res.lang"]._activate_lang(lang)
        cls.env["ir.module.module"].search(
            [("name", "=", "lead_management")]
        )._update_translations(LANGS)
        product = cls.env["product.product"].create({"name": "GTX Pro"})
        cls.known = cls._new_lead(
            contact_name="Alexandra Smith",
            email_from="a@example.com",
            product_ids=[(6, 0, product.ids)],
        )
        cls.unknown = cls._new_lead(email_from="b@example.com")
        cls.company.name = "Kestrel Instruments"
        cls.rep.name = "Anna Snelling"

    def _get(self, purpose, channel):
        return self.env.ref(
            f"lead_management.lead_message_template_{purpose}_{channel}"
        ).with_user(self.rep)

    def test_every_purpose_on_every_channel_in_every_language(self):
        for purpose in SHIPPED:
            for channel, __ in CHANNELS:
                template = self._get(purpose, channel)
                self.assertEqual(template._get_langs()[template.id], set(LANGS))
                texts = set()
                for lang in LANGS:
                    with self.subTest(purpose=purpose, channel=channel, lang=lang):
                        texts.add(self._check(template, lang))
                self.assertEqual(len(texts), len(LANGS), "translated, each on its own")

    def _check(self, template, lang):
        """Render a text for both leads and return it."""
        leads = (self.known + self.unknown).with_user(self.rep)
        langs = dict.fromkeys(leads.ids, lang)
        for rendered in template._render(leads, langs).values():
            self.assertEqual(rendered.problems, [])
            self.assertIn(self.rep.name, rendered.body)
            for rest in ("{{", "}}", "t-out", "False", "|||"):
                self.assertNotIn(rest, rendered.body)
            if template.channel == "email":
                self.assertTrue(rendered.subject)
            if template.channel == "sms":
                size = sms_size(rendered.body)
                self.assertLessEqual(size.parts, SMS_PARTS[lang], size)
        return rendered.body

    def test_texts_fit_the_stage_they_are_for(self):
        for purpose in SHIPPED:
            template = self._get(purpose, "email")
            self.assertTrue(template.stage_ids)
            fit = template._get_fit(
                self._new_lead(stage_id=template.stage_ids[0].id), {}
            )
            self.assertEqual(fit[template.id].count, 1)

    def test_reps_may_use_all_placeholders(self):
        for purpose in SHIPPED:
            for channel in ("email", "sms"):
                record, __ = self._get(purpose, channel)._get_content()
                for lang in LANGS:
                    self.assertFalse(
                        record.with_context(lang=lang)._has_unsafe_expression()
                    )

    def test_polish_does_not_bend_names(self):
        salutation = self.known.with_context(lang="pl_PL").message_salutation
        self.assertEqual(salutation, "Dzień dobry,")
        salutation = self.known.with_context(lang="es_ES").message_salutation
        self.assertEqual(salutation, "Hola, Alexandra:")
