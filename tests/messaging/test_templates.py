from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TemplateCase(LeadManagementCase):
    """One template of the rep a channel, and a lead about whom everything is known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.message.template"].search([]).active = False
        cls.lead = cls._new_lead(
            name="Scale",
            contact_name="Anna Kowalska",
            email_from="anna@example.com",
            phone="+33 6 12 34 56 78",
            city="Lyon",
        )
        cls.rep.phone = "+1 555 0100"

    @classmethod
    def _new_template(cls, channel="sms", text=None, user=None, **values):
        template = cls.env["lead.message.template"].create(
            {"name": "Text", "channel": channel, "user_id": False, **values}
        )
        if text is not None:
            cls._write_text(template, text)
        return template.with_user(user) if user else template

    @classmethod
    def _write_text(cls, template, text):
        record, __ = template._get_content()
        fname = {"email": "body_html", "sms": "body", "whatsapp": "whatsapp_body"}
        record[fname[template.channel]] = text

    def _render(self, template, leads=None, langs=None, user=None):
        """Return what the rep would send to the lead."""
        user = user or self.rep
        leads = (leads or self.lead).with_user(user)
        rendered = template.with_user(user)._render(leads, langs)
        return rendered[leads.id] if len(leads) == 1 else rendered


class TestRendering(TemplateCase):
    def test_facts_on_each_channel(self):
        text = "{{ object.message_salutation }} {{ object.city }}"
        for channel in ("sms", "whatsapp"):
            template = self._new_template(channel, text)
            self.assertEqual(self._render(template).body, "Hello Anna, Lyon")
        template = self._new_template(
            "email", '<p><t t-out="object.message_salutation"></t></p>'
        )
        template.mail_template_id.subject = "For {{ object.city }}"
        rendered = self._render(template)
        self.assertIn("Hello Anna,", rendered.body)
        self.assertEqual(rendered.subject, "For Lyon")
        self.assertEqual(rendered.problems, [])

    def test_sender_is_the_owner_or_who_sends(self):
        text = "{{ object.message_sender_name }} {{ object.message_sender_phone }}"
        template = self._new_template(text=text)
        rendered = self._render(template, user=self.leader)
        self.assertEqual(rendered.body, f"{self.rep.name} +1 555 0100")
        self.lead.user_id = False
        rendered = self._render(template, user=self.leader)
        self.assertEqual(rendered.problems, ["Missing: Phone of the Salesperson"])

    def test_a_missing_fact_is_reported_by_its_name(self):
        self.lead.city = False
        for channel, text in (
            ("sms", "In {{ object.city }}"),
            ("whatsapp", "In {{ object.city }}"),
            ("email", '<p>In <t t-out="object.city"></t></p>'),
        ):
            rendered = self._render(self._new_template(channel, text))
            self.assertEqual(rendered.problems, ["Missing: City"])
            self.assertEqual(rendered.body, "")

    def test_a_default_stands_in_for_a_missing_fact(self):
        self.lead.city = False
        for channel, text in (
            ("sms", "In {{ object.city ||| your town }}."),
            ("whatsapp", "In {{ object.city ||| your town }}."),
            ("email", '<p>In <t t-out="object.city">your town</t>.</p>'),
        ):
            rendered = self._render(self._new_template(channel, text))
            self.assertEqual(rendered.problems, [])
            self.assertIn("In your town.", rendered.body)

    def test_a_broken_placeholder_is_reported(self):
        template = self._new_template(text="{{ object.no_such_field }}")
        self.assertEqual(
            self._render(template).problems,
            ["The placeholder “object.no_such_field” does not exist."],
        )
        template = self._new_template(text="{{ 1 / 0 }}")
        self.assertEqual(
            self._render(template).problems, ["A placeholder of “Text” does not work."]
        )

    def test_one_lead_that_fails_does_not_stop_the_others(self):
        other = self._new_lead(name="Other", city="5")
        template = self._new_template(text="{{ 10 / int(object.city) }}")
        template.sms_template_id.body = "{{ 10 / (0 if object.city == 'Lyon' else 5) }}"
        rendered = self._render(template, self.lead + other)
        self.assertTrue(rendered[self.lead.id].problems)
        self.assertEqual(rendered[other.id].body, "2.0")

    def test_a_template_without_text(self):
        template = self._new_template("whatsapp", "x")
        template.whatsapp_body = " "
        self.assertEqual(self._render(template).problems, ["“Text” has no text yet."])

    def test_superuser_renders_as_the_owner(self):
        template = self._new_template(text="{{ user.login }}")
        rendered = template._render(self.lead)
        self.assertEqual(rendered[self.lead.id].body, self.rep.login)
        self.lead.user_id = False
        rendered = template._render(self.lead)
        self.assertEqual(
            rendered[self.lead.id].problems,
            [
                "The lead has no salesperson, so the sender is missing. "
                "Assign the lead first."
            ],
        )

    def test_statements_do_not_grow_with_the_leads(self):
        product = self.env["product.product"].create({"name": "Scale"})
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "user_id": self.rep.id,
                    "contact_name": f"Mary{'x' * (number % 3)} Smith",
                    "product_ids": [Command.set(product.ids)],
                }
                for number in range(1000)
            ]
        )
        counts = {}
        text = "{{ object.message_salutation }} {{ object.message_products }} "
        text += "{{ object.message_sender_contact }} {{ object.message_company }}"
        for channel in ("sms", "whatsapp"):
            template = self._new_template(channel, text)
            for size in (10, 1000):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                rendered = self._render(template, leads[:size])
                counts[channel, size] = self.env.cr.sql_log_count - before
                self.assertEqual(len(rendered), size)
                self.assertFalse(any(item.problems for item in rendered.values()))
            self.assertLessEqual(counts[channel, 1000], counts[channel, 10] + 2, counts)


class TestHostileText(TemplateCase):
    def test_what_a_lead_says_is_not_rendered_again(self):
        self.lead.city = (
            "{{ object.phone }} <t t-out='object.phone'/> <script>x</script>"
        )
        for channel, text in (
            ("sms", "{{ object.city }}"),
            ("whatsapp", "{{ object.city }}"),
            ("email", '<p><t t-out="object.city"></t></p>'),
        ):
            body = self._render(self._new_template(channel, text)).body
            self.assertIn("{{ object.phone }}", body)
            self.assertNotIn("34 56", body)
            if channel == "email":
                self.assertNotIn("<script>", body)

    def test_a_subject_is_one_line(self):
        self.lead.contact_name = "Anna\nBcc: x@example.com"
        template = self._new_template("email", "<p>Text</p>")
        template.mail_template_id.subject = "{{ object.contact_name }}"
        self.assertNotIn("\n", self._render(template).subject)

    def test_programs_of_reps_are_not_run(self):
        program = "{{ env['res.users'].sudo().search([]).ids }}"
        template = self._new_template(user_id=self.rep.id)
        template.sms_template_id.with_user(self.rep).sudo().write({"body": program})
        self.env.cr.execute(
            "UPDATE sms_template SET write_uid = %s WHERE id = %s",
            (self.rep.id, template.sms_template_id.id),
        )
        self.env.invalidate_all()
        self.assertEqual(
            self._render(template, user=self.leader).problems,
            ["“Text” contains placeholders that only sales managers can use."],
        )
        template.sms_template_id.body = "{{ object.city.upper() }}"
        self.env.flush_all()
        self.assertEqual(self._render(template).body, "LYON")

    def test_whatsapp_takes_facts_only(self):
        for text in ("{{ user.password }}", "{{ object.create_uid.login }}"):
            with self.assertRaises(ValidationError):
                self._new_template("whatsapp", text)
        # nor when they come in by another way
        template = self._new_template("whatsapp", "x")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_message_template SET whatsapp_body = %s WHERE id = %s",
            ('{"en_US": "{{ user.login }}"}', template.id),
        )
        template.invalidate_recordset()
        self.assertEqual(self._render(template).body, "{{ user.login }}")


class TestLanguages(TemplateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.french = cls.env["res.lang"]._activate_lang("fr_FR")
        cls.spanish = cls.env["res.lang"]._activate_lang("es_ES")

    def test_language_of_the_lead_then_contact_then_company(self):
        self.env.company.partner_id.lang = "es_ES"
        self.lead.lang_id = False
        self.assertEqual(self.lead.message_lang, "es_ES")
        partner = self.env["res.partner"].create({"name": "Anna", "lang": "fr_FR"})
        self.lead.partner_id = partner
        self.lead.lang_id = False
        self.assertEqual(self.lead.message_lang, "fr_FR")
        self.lead.lang_id = self.spanish
        self.assertEqual(self.lead.message_lang, "es_ES")

    def test_each_lead_gets_its_version(self):
        template = self._new_template(text="Hello")
        template.sms_template_id.with_context(lang="fr_FR").body = "Bonjour"
        self.lead.lang_id = self.french
        other = self._new_lead(name="Other")
        rendered = self._render(template, self.lead + other)
        self.assertEqual(rendered[self.lead.id].body, "Bonjour")
        self.assertEqual(rendered[other.id].body, "Hello")
        self.assertEqual(template._get_langs()[template.id], {"en_US", "fr_FR"})
        self.assertEqual(template.content_langs, "EN, FR")

    def test_a_problem_in_one_version_only(self):
        template = self._new_template("whatsapp", "Hello")
        template.with_context(lang="fr_FR").whatsapp_body = "De {{ object.website }}"
        french = {self.lead.id: "fr_FR"}
        self.assertEqual(self._render(template).problems, [])
        self.assertTrue(self._render(template, langs=french).problems)


class TestRights(TemplateCase):
    def test_a_rep_uses_shared_ones_and_changes_own_ones(self):
        shared = self._new_template(text="Hello", user=self.rep)
        self.assertEqual(self._render(shared).body, "Hello")
        self.assertFalse(shared.can_edit)
        for action in (
            lambda: shared.write({"name": "Mine"}),
            lambda: shared.unlink(),
            lambda: shared.action_edit_content(),
            lambda: shared.sms_template_id.write({"body": "Mine"}),
        ):
            with self.assertRaises(AccessError):
                action()
        own = shared.copy()
        self.assertEqual(own.user_id, self.rep)
        self.assertTrue(own.can_edit)
        self.assertNotEqual(own.sms_template_id, shared.sms_template_id)
        own.sms_template_id.body = "Mine"
        self.assertEqual(self._render(own).body, "Mine")
        self.assertEqual(self._render(shared).body, "Hello")

    def test_a_rep_writes_templates_for_each_channel(self):
        for channel in ("email", "sms", "whatsapp"):
            template = (
                self.env["lead.message.template"]
                .with_user(self.rep)
                .create({"name": "Mine", "channel": channel})
            )
            self.assertEqual(self._render(template).problems, [])
            self.assertIn("Hello Anna,", self._render(template).body)
            template.copy()

    def test_what_is_not_shared_is_not_seen(self):
        private = self._new_template(
            text="Hello", user_id=self.rep_2.id, is_shared=False
        )
        Template = self.env["lead.message.template"]
        for user, seen in ((self.rep, 0), (self.rep_2, 1), (self.manager, 1)):
            found = Template.with_user(user).search_count([("id", "=", private.id)])
            self.assertEqual(found, seen)

    def test_a_manager_changes_all(self):
        template = self._new_template(text="Hello", user_id=self.rep.id)
        template.with_user(self.manager).sms_template_id.body = "Changed"
        template.with_user(self.manager).name = "Changed"
        self.assertEqual(self._render(template).body, "Changed")

    def test_another_company_sees_nothing(self):
        template = self._new_template(text="Hello", company_id=self.company.id)
        Template = self.env["lead.message.template"].with_user(self.rep_b)
        self.assertFalse(Template.search([("id", "=", template.id)]))
        lead_b = self._new_lead(user_id=self.rep_b.id, company_id=self.company_b.id)
        domain = Template._get_usable_domain(lead_b)
        self.assertNotIn(template, Template.sudo().search(domain))

    def test_a_text_of_another_model_is_refused(self):
        other = self.env["sms.template"].create(
            {
                "name": "X",
                "body": "X",
                "model_id": self.env["ir.model"]._get("res.partner").id,
            }
        )
        with self.assertRaises(ValidationError):
            self._new_template(sms_template_id=other.id)


class TestGivenAway(TemplateCase):
    """A template is given to a colleague: with its text."""

    def _give(self, channel, user=None, **values):
        template = (
            self.env["lead.message.template"]
            .with_user(self.rep)
            .create({"name": "Mine", "channel": channel, **values})
        )
        template.with_user(user or self.manager).user_id = self.rep_2
        self.env.invalidate_all()
        return template.with_user(self.rep_2)

    def test_the_new_owner_reads_and_writes_the_text(self):
        for channel in ("email", "sms", "whatsapp"):
            for shared in (True, False):
                with self.subTest(channel=channel, shared=shared):
                    template = self._give(channel, is_shared=shared)
                    self.assertTrue(template.can_edit)
                    action = template.action_edit_content()
                    record = self.env[action["res_model"]].with_user(self.rep_2)
                    record = record.browse(action["res_id"])
                    record.read(["name"])
                    self._write_text(template, "Mine now")
                    self.assertIn("Mine now", template.content_text)
                    preview = template.action_preview()
                    self.assertTrue(preview["res_id"])

    def test_the_old_owner_writes_it_no_longer(self):
        for channel in ("email", "sms"):
            with self.subTest(channel=channel):
                template = self._give(channel).with_user(self.rep)
                self.assertFalse(template.can_edit)
                with self.assertRaises(AccessError):
                    self._write_text(template, "Still mine")

    def test_the_owner_gives_it_away(self):
        template = self._give("email", user=self.rep)
        self._write_text(template, "Mine now")

    def test_nobody_gets_hold_of_a_text_by_naming_it(self):
        shared = self._new_template("email", "<p>Ours</p>")
        sms = self._new_template(text="Ours")
        Template = self.env["lead.message.template"].with_user(self.rep)
        own = Template.create({"name": "Mine", "channel": "email"})
        for values in (
            {"channel": "email", "mail_template_id": shared.mail_template_id.id},
            {"channel": "sms", "sms_template_id": sms.sms_template_id.id},
        ):
            with self.assertRaises(AccessError):
                Template.create({"name": "Mine", **values})
            with self.assertRaises(AccessError):
                own.write(values)

    def test_a_colleague_who_edits_templates_of_odoo(self):
        self.rep.group_ids |= self.env.ref("mail.group_mail_template_editor")
        shared = self._new_template("email", "<p>Ours</p>")
        with self.assertRaises(AccessError):
            shared.mail_template_id.with_user(self.rep).body_html = "Mine"
        shared.mail_template_id.with_user(self.manager).body_html = "<p>Changed</p>"


class TestFit(TemplateCase):
    def _fit(self, template, leads=None):
        leads = leads or self.lead
        langs = {lead.id: lead.message_lang for lead in leads}
        return template._get_fit(leads, langs)[template.id]

    def test_stages_that_mean_the_same_fit(self):
        stage = self._stage("contacted")
        template = self._new_template(stage_ids=[Command.set(stage.ids)])
        self.lead.stage_id = self._stage("open")
        self.assertEqual(self._fit(template).count, 0)
        self.lead.stage_id = self.env["crm.stage"].create(
            {"name": "Ours", "stage_type": "contacted"}
        )
        self.assertEqual(self._fit(template).count, 1)
        general = self._new_template()
        self.assertLess(self._fit(general), self._fit(template))

    def test_parts_of_a_segment_fit(self):
        whole = self._new_segment("Whole", [])
        part = self._new_segment("Part", [("city", "=", "Lyon")], parent_id=whole.id)
        template = self._new_template(segment_ids=[Command.set(whole.ids)])
        self.assertEqual(self.lead.segment_id, part)
        self.assertEqual(self._fit(template).count, 1)
        other = self._new_segment("Other", [("city", "=", "Paris")])
        template.segment_ids = other
        self.assertEqual(self._fit(template).count, 0)

    def test_of_many_leads_those_are_counted_that_fit(self):
        template = self._new_template(
            stage_ids=[Command.set(self._stage("contacted").ids)]
        )
        others = self._new_lead(stage_id=self._stage("contacted").id)
        others += self._new_lead(stage_id=self._stage("contacted").id)
        self.lead.stage_id = self._stage("open")
        self.assertEqual(self._fit(template, self.lead + others).count, 2)


class TestMeta(TemplateCase):
    def test_template_of_meta(self):
        template = self._new_template(
            "whatsapp",
            "{{ object.message_salutation }} {{ object.city ||| here }} "
            "{{ object.message_salutation }}",
            whatsapp_template_name="product_introduction",
            button_ids=[
                Command.create({"text": "Yes"}),
                Command.create(
                    {
                        "kind": "url",
                        "text": "Page",
                        "value": "https://example.com/{{ object.city }}",
                    }
                ),
            ],
        )
        self.assertEqual(template.whatsapp_meta_text, "{{1}} {{2}} {{1}}")
        self.lead.city = "Lyon \n  Centre"
        meta = self._render(template).whatsapp_template
        self.assertEqual(meta["name"], "product_introduction")
        self.assertEqual(meta["language"], {"code": "en_US"})
        body, button = meta["components"]
        self.assertEqual(
            [item["text"] for item in body["parameters"]],
            ["Hello Anna,", "Lyon Centre"],
        )
        self.assertEqual(
            (button["type"], button["sub_type"], button["index"]),
            ("button", "url", "1"),
        )

    def test_checks(self):
        for values in (
            {"whatsapp_template_name": "Not A Name"},
            {"whatsapp_template_name": "ok", "whatsapp_body": "x" * 1025},
            {"whatsapp_body": "x" * 4097},
            {"whatsapp_header_type": "text", "whatsapp_header": "{{ user.login }}"},
        ):
            with self.assertRaises(ValidationError):
                self._new_template("whatsapp", **values)
        template = self._new_template("whatsapp")
        for values in (
            {"kind": "url", "value": "http://example.com"},
            {"kind": "url", "value": "javascript:alert(1)"},
            {"kind": "phone", "value": "call me"},
        ):
            with self.assertRaises(ValidationError):
                template.button_ids = [Command.create({"text": "B", **values})]
