from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .test_templates import TemplateCase


class SendCase(TemplateCase):
    """A rep in front of the dialog."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # whether it is night where the leads live is not what is tested here
        (cls.company + cls.company_b).message_quiet_on = False
        cls.sms = cls._new_template(
            text="{{ object.message_salutation }} from {{ object.city ||| here }}",
            purpose="thank_you",
        )
        cls.email = cls._new_template(
            "email",
            '<p><t t-out="object.message_salutation"></t> thank you.</p>',
            purpose="thank_you",
        )
        cls.whatsapp = cls._new_template(
            "whatsapp", "Hi {{ object.message_first_name }}", purpose="thank_you"
        )

    def _open(self, leads=None, user=None, channel=None):
        leads = (leads or self.lead).with_user(user or self.rep)
        action = leads.action_send_message()
        dialog = leads.env[action["res_model"]].browse(action["res_id"])
        if channel and channel != dialog.channel:
            with Form(dialog) as form:
                form.channel = channel
        return dialog

    def _messages(self, leads=None):
        return self.env["lead.message"].search(
            [("lead_id", "in", (leads or self.lead).ids)], order="id"
        )


class TestSendDialog(SendCase):
    def test_two_clicks(self):
        dialog = self._open()
        self.assertEqual(dialog.channel, "email")
        self.assertEqual(dialog.template_id, self.email)
        self.assertIn("Hello Anna,", dialog.body)
        action = dialog.action_send()
        self.assertEqual(action["params"]["type"], "success")
        message = self._messages()
        self.assertEqual(
            (message.state, message.recipient, message.purpose, message.user_id),
            ("queued", "anna@example.com", "thank_you", self.rep),
        )
        self.assertIn("Hello Anna,", message.body)
        self.assertEqual(message.template_id, self.email)

    def test_a_second_click_sends_nothing_twice(self):
        dialog = self._open()
        dialog.action_send()
        dialog.action_send()
        self.assertEqual(len(self._messages()), 1)

    def test_the_preferred_channel_comes_first(self):
        self.lead.preferred_channel = "sms"
        self.assertEqual(self._open().channel, "sms")
        self.lead.phone = False
        self.assertEqual(self._open().channel, "email")

    def test_channels_without_an_address_say_so(self):
        self.lead.phone = False
        channels = {item["id"]: item for item in self._open().choices["channels"]}
        self.assertEqual(channels["email"]["reason"], "")
        self.assertEqual(channels["sms"]["reason"], "No valid phone number")
        self.assertEqual(channels["whatsapp"]["reason"], "No WhatsApp number")

    def test_what_fits_comes_first(self):
        stage = self._stage("contacted")
        self.lead.stage_id = stage
        first = self._new_template(text="First", stage_ids=[(6, 0, stage.ids)])
        last = self._new_template(
            text="Last", stage_ids=[(6, 0, self._stage("customer").ids)], sequence=1
        )
        dialog = self._open(channel="sms")
        choices = dialog.choices["templates"]
        self.assertEqual(
            [item["id"] for item in choices], [first.id, self.sms.id, last.id]
        )
        self.assertEqual([item["fits"] for item in choices], [True, True, False])
        self.assertEqual(dialog.template_id, first)

    def test_changing_the_text_before_sending(self):
        dialog = self._open(channel="sms")
        with Form(dialog) as form:
            form.text = "Dear {{ object.phone }}, {{ user.password }}"
        self.assertFalse(dialog.summary["held"])
        dialog.action_send()
        # what a rep types is sent as it was typed
        self.assertEqual(
            self._messages().body, "Dear {{ object.phone }}, {{ user.password }}"
        )

    def test_html_of_a_rep_is_cleaned(self):
        dialog = self._open()
        dialog.body = "<p onclick='x()'>Hi</p><script>alert(1)</script>"
        dialog.edits = {
            str(self.lead.id): {"subject": "S\nBcc: x", "body": "<script>x</script>"}
        }
        dialog.action_send()
        message = self._messages()
        self.assertNotIn("script", message.body)
        self.assertNotIn("onclick", message.body)
        self.assertNotIn("\n", message.subject or "")

    def test_without_a_template(self):
        dialog = self._open(channel="sms")
        with Form(dialog) as form:
            form.template_id = self.env["lead.message.template"]
            self.assertFalse(form.text)
        self.assertEqual(
            dialog.summary["reasons"][0]["reason"], "There is no text yet."
        )
        with self.assertRaises(UserError):
            dialog.action_send()
        with Form(dialog) as form:
            form.text = "Hi"
        dialog.action_send()
        message = self._messages()
        self.assertEqual((message.body, message.purpose), ("Hi", "custom"))

    def test_free_text_to_several_is_advertising(self):
        self.company.message_optin_email = True
        other = self._new_lead(email_from="bob@example.com", contact_name="Bob")
        leads = self.lead + other
        self.env["lead.consent"]._record(other, "given", purpose="marketing")
        dialog = self._open(leads)
        with Form(dialog) as form:
            self.assertEqual((form.purpose, form.is_marketing), ("thank_you", False))
            form.template_id = self.env["lead.message.template"]
            self.assertEqual((form.purpose, form.is_marketing), ("custom", True))
            form.body = "<p>Our new machine</p>"
        self.assertEqual(dialog.summary["held"], 1)
        dialog.action_send()
        messages = self._messages(leads)
        self.assertEqual(messages.mapped("state"), ["skipped", "queued"])
        self.assertEqual(messages.mapped("is_marketing"), [True, True])
        self.assertIn("require the consent", messages[0].hold_reason)

    def test_a_purpose_that_is_said_is_what_it_is(self):
        self.company.message_optin_email = True
        other = self._new_lead(email_from="bob@example.com", contact_name="Bob")
        dialog = self._open(self.lead + other)
        with Form(dialog) as form:
            form.template_id = self.env["lead.message.template"]
            form.body = "<p>See you tomorrow</p>"
            form.purpose = "follow_up"
            self.assertFalse(form.is_marketing)
        dialog.action_send()
        messages = self._messages(self.lead + other)
        self.assertEqual(messages.mapped("state"), ["queued", "queued"])

    def test_a_missing_fact_keeps_it_from_being_sent(self):
        self.lead.contact_name = False
        dialog = self._open(channel="whatsapp")
        self.assertEqual(dialog.summary["reasons"][0]["reason"], "Missing: First Name")
        with self.assertRaises(UserError):
            dialog.action_send()

    def test_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.sms.sms_template_id.with_context(lang="fr_FR").body = "Merci"
        dialog = self._open(channel="sms")
        with Form(dialog) as form:
            form.lang = "fr_FR"
            self.assertEqual(form.text, "Merci")
        dialog.action_send()
        self.assertEqual(
            (self._messages().body, self._messages().lang), ("Merci", "fr_FR")
        )

    def test_schedule(self):
        dialog = self._open(channel="sms")
        later = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        with Form(dialog) as form:
            form.when = "later"
            form.send_at = later
        dialog.action_send()
        self.assertEqual(self._messages().send_at, later)
        dialog = self._open(channel="sms")
        with Form(dialog) as form:
            form.when = "later"
            form.send_at = fields.Datetime.now() - timedelta(days=1)
        self.assertIn("must be in the future", dialog.summary["error"])
        with self.assertRaises(UserError):
            dialog.action_send()

    def test_tomorrow_morning_is_that_of_the_rep(self):
        self.rep.tz = "America/New_York"
        dialog = self._open(channel="sms")
        dialog.when = "tomorrow"
        local = fields.Datetime.context_timestamp(
            self.rep.with_context(tz=self.rep.tz), dialog._get_send_at()
        )
        self.assertEqual((local.hour, local.minute), (9, 0))
        self.assertGreater(dialog._get_send_at(), fields.Datetime.now())

    def test_files(self):
        manual = self.env["ir.attachment"].create({"name": "manual.pdf", "raw": b"x"})
        self.email.attachment_ids = manual
        manual.write({"res_model": self.email._name, "res_id": self.email.id})
        dialog = self._open()
        own = (
            self.env["ir.attachment"]
            .with_user(self.rep)
            .create(
                {
                    "name": "own.pdf",
                    "raw": b"y",
                    "res_model": dialog._name,
                    "res_id": dialog.id,
                }
            )
        )
        dialog.attachment_ids |= own
        dialog.action_send()
        self.assertEqual(self._messages().attachment_ids, manual + own)
        self.assertNotEqual(own.res_model, dialog._name, "it outlives the dialog")


class TestGateInTheDialog(SendCase):
    def test_what_may_be_set_aside_needs_a_reason(self):
        self._open(channel="sms").action_send()
        dialog = self._open(channel="sms")
        self.assertEqual(dialog.summary["held"], 1)
        self.assertIn("same message", dialog.summary["reasons"][0]["reason"])
        self.assertTrue(dialog.is_overridable)
        with self.assertRaises(UserError):
            dialog.action_send()
        with Form(dialog) as form:
            form.override_reason = "The lead asked for it again"
        self.assertEqual(dialog.summary["now"], 1)
        dialog.action_send()
        messages = self._messages()
        self.assertEqual(messages.mapped("state"), ["queued", "queued"])
        self.assertEqual(messages[1].override_reason, "The lead asked for it again")

    def test_a_no_of_the_lead_cannot_be_set_aside(self):
        self.env["phone.blacklist"].create({"number": "+33612345678"})
        for channel in ("sms", "whatsapp"):
            dialog = self._open(channel=channel)
            dialog.override_reason = "I want to"
            self.assertEqual(dialog.summary["held"], 1)
            self.assertFalse(dialog.is_overridable)
            with self.assertRaises(UserError):
                dialog.action_send()
        self.assertFalse(self._messages())

    def test_quiet_hours_show_when_it_goes_out(self):
        self.company.write(
            {
                "message_quiet_on": True,
                "message_quiet_start": 0,
                "message_quiet_end": 23.99,
            }
        )
        dialog = self._open(channel="sms")
        self.assertEqual((dialog.summary["now"], dialog.summary["later"]), (0, 1))
        self.assertTrue(dialog.summary["later_at"])
        dialog.action_send()
        self.assertGreater(self._messages().send_at, fields.Datetime.now())


class TestManyLeads(SendCase):
    def setUp(self):
        super().setUp()
        self.other = self._new_lead(
            name="Other", contact_name="Bob Martin", phone="+33 6 98 76 54 32"
        )
        self.leads = self.lead + self.other

    def test_going_through_and_changing_one(self):
        dialog = self._open(self.leads, channel="sms")
        self.assertEqual(dialog.lead_count, 2)
        with Form(dialog) as form:
            self.assertEqual(form.text, "Hello Anna, from Lyon")
            form.position = 1
            self.assertEqual(form.text, "Hello Bob, from here")
            form.text = "Hi Bob"
            form.position = 0
            self.assertEqual(form.text, "Hello Anna, from Lyon")
            form.position = 1
            self.assertEqual(form.text, "Hi Bob")
            form.position = 0
        dialog.action_send()
        messages = self._messages(self.leads)
        self.assertEqual(messages.mapped("body"), ["Hello Anna, from Lyon", "Hi Bob"])

    def test_one_text_for_all(self):
        dialog = self._open(self.leads, channel="sms")
        with Form(dialog) as form:
            form.is_for_all = True
            self.assertIn("{{ object.message_salutation }}", form.text)
            form.text = "{{ object.message_first_name }}, {{ object.city ||| friend }}"
            self.assertIn("Anna, Lyon", form.sample)
            form.position = 1
            self.assertIn("{{ object.message_first_name }}", form.text)
            self.assertIn("Bob, friend", form.sample)
        dialog.action_send()
        self.assertEqual(
            self._messages(self.leads).mapped("body"), ["Anna, Lyon", "Bob, friend"]
        )

    def test_one_text_for_all_takes_facts_only(self):
        dialog = self._open(self.leads, channel="sms")
        with Form(dialog) as form:
            form.is_for_all = True
            form.text = "{{ object.create_uid.password }}"
        self.assertEqual(dialog.summary["held"], 2)
        with self.assertRaises(UserError):
            dialog.action_send()

    def test_one_html_for_all_escapes_what_leads_say(self):
        self.other.email_from = "bob@example.com"
        self.lead.city = "<img src=x onerror=alert(1)>"
        dialog = self._open(self.leads)
        with Form(dialog) as form:
            form.is_for_all = True
            form.body = "<p>In {{ object.city ||| town }}</p>"
        dialog.action_send()
        bodies = self._messages(self.leads).mapped("body")
        self.assertIn("&lt;img", bodies[0])
        self.assertIn("<p>In town</p>", bodies[1])

    def test_who_is_held_back_and_why(self):
        nobody = self._new_lead(name="Nobody", contact_name="Eve Small")
        unnamed = self._new_lead(name="Unnamed", phone="+33 6 11 22 33 44")
        template = self._new_template(
            text="Hi {{ object.message_first_name }}", purpose="thank_you"
        )
        dialog = self._open(self.leads + nobody + unnamed, channel="sms")
        with Form(dialog) as form:
            form.template_id = template
        summary = dialog.summary
        self.assertEqual((summary["count"], summary["held"]), (4, 2))
        names = {name for item in summary["reasons"] for name in item["names"]}
        self.assertEqual(names, {"Nobody", "Unnamed"})
        action = dialog.action_send()
        self.assertEqual(action["params"]["type"], "warning")
        states = {
            message.lead_id: message.state
            for message in self._messages(self.leads + nobody + unnamed)
        }
        self.assertEqual(states[nobody], "skipped")
        self.assertNotIn(unnamed, states, "there is no text to send")
        self.assertEqual(states[self.lead], "queued")

    def test_one_that_lacks_a_fact_does_not_keep_the_other(self):
        self.other.contact_name = False
        template = self._new_template(
            text="Hi {{ object.message_first_name }}", purpose="follow_up"
        )
        dialog = self._open(self.leads, channel="sms")
        with Form(dialog) as form:
            form.template_id = template
        [reason] = dialog.summary["reasons"]
        self.assertEqual(reason["names"], ["Other"])
        params = dialog.action_send()["params"]
        self.assertEqual(self._messages(self.leads).mapped("body"), ["Hi Anna"])
        self.assertEqual((params["type"], params["sticky"]), ("warning", True))
        for part in ("Being sent: 1.", "Missing: First Name", "Other"):
            self.assertIn(part, params["message"])

    def test_what_is_said_when_none_can_go(self):
        self.other.contact_name = False
        self.env["phone.blacklist"].create({"number": self.lead.phone_sanitized})
        template = self._new_template(text="Hi {{ object.message_first_name }}")
        dialog = self._open(self.leads, channel="sms")
        with Form(dialog) as form:
            form.template_id = template
        params = dialog.action_send()["params"]
        self.assertEqual(self._messages(self.leads).mapped("state"), ["skipped"])
        for part in ("Blocked: 2.", "First Name", "blacklist", "Scale"):
            self.assertIn(part, params["message"])

    def test_a_refusal_is_never_empty(self):
        self.leads.contact_name = False
        template = self._new_template(text="Hi {{ object.message_first_name }}")
        dialog = self._open(self.leads, channel="sms")
        with Form(dialog) as form:
            form.template_id = template
        with self.assertRaisesRegex(UserError, "Missing: First Name"):
            dialog.action_send()

    def test_many_reasons_are_counted_not_listed(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"L{number}", "user_id": self.rep.id} for number in range(30)]
        )
        dialog = self._open(leads + self.lead, channel="sms")
        params = dialog.action_send()["params"]
        self.assertIn("Blocked: 30.", params["message"])
        self.assertIn("L0, L1, L2 and 27 more", params["message"])
        self.assertLess(len(params["message"]), 300)

    def test_statements_do_not_grow_with_the_leads(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "user_id": self.rep.id,
                    "contact_name": "Mary Smith",
                    "phone": f"+336{number:08}",
                }
                for number in range(1000)
            ]
        )
        counts = []
        for group in (leads[:10], leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            dialog = self._open(group)
            dialog.channel = "sms"
            dialog.template_id = self.sms
            dialog._onchange_template_id()
            self.assertEqual(dialog.summary["count"], len(group))
            dialog.action_send()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(self._messages(leads)), 1010)
        # rows are inserted and relations read in batches of 1,000
        self.assertLessEqual(counts[1], counts[0] + 15, counts)


class TestRightsOfTheDialog(SendCase):
    def test_leads_of_others(self):
        foreign = self._new_lead(user_id=self.rep_2.id)
        with self.assertRaises(AccessError):
            self._open(foreign)
        dialog = self._open()
        dialog.sudo().lead_ids |= foreign
        dialog.invalidate_recordset()
        dialog.action_send()
        self.assertTrue(self._messages())
        self.assertFalse(self._messages(foreign))

    def test_dialogs_of_others(self):
        dialog = self._open()
        for user in (self.rep_2, self.manager):
            with self.assertRaises(AccessError):
                dialog.with_user(user).action_send()

    def test_templates_of_another_company(self):
        lead_b = self._new_lead(
            user_id=self.rep_b.id, company_id=self.company_b.id, email_from="b@b.com"
        )
        self.email.company_id = self.company
        ours = self._new_template("email", "<p>B</p>", company_id=self.company_b.id)
        dialog = self._open(lead_b, user=self.rep_b)
        self.assertEqual(
            [item["id"] for item in dialog.choices["templates"]], [ours.id]
        )
        with self.assertRaises(AccessError):
            dialog.template_id = self.email
            dialog._onchange_template_id()

    def test_a_template_is_not_changed_by_a_rep(self):
        source = self.sms.sms_template_id.body
        dialog = self._open(channel="sms")
        with Form(dialog) as form:
            form.text = "Changed"
        dialog.action_send()
        self.assertEqual(self.sms.sms_template_id.body, source)


class TestClickToChat(SendCase):
    def _open_chat(self, leads=None):
        dialog = self._open(leads, channel="whatsapp")
        return dialog, dialog.action_send()

    def test_url_and_confirmation(self):
        self.lead.contact_name = "Anna & Co"
        dialog, action = self._open_chat()
        self.assertTrue(dialog.is_click_to_chat)
        self.assertEqual(action["tag"], "lead_management.click_to_chat")
        self.assertEqual(
            action["params"], {"dialog_id": dialog.id, "lead_id": self.lead.id}
        )
        url = urlsplit(dialog.action_get_chat(self.lead.id)["url"])
        self.assertEqual((url.netloc, url.path), ("wa.me", "/33612345678"))
        self.assertEqual(parse_qs(url.query), {"text": ["Hi Anna"]})
        self.assertFalse(self._messages(), "nothing is logged before it is confirmed")
        for _click in range(2):
            close = dialog.action_confirm_sent(self.lead.id)
            self.assertEqual(close["type"], "ir.actions.act_window_close")
        message = self._messages()
        self.assertEqual(
            (message.state, message.provider, message.body, message.recipient),
            ("sent", "click_to_chat", "Hi Anna", "+33612345678"),
        )
        self.assertIn("Hi Anna", self.lead.message_ids[0].body)
        self.assertEqual(self.lead.message_ids[0].author_id, self.rep.partner_id)
        self.assertEqual(len(self._messages()), 1)

    def test_a_text_with_anything_in_it(self):
        dialog = self._open(channel="whatsapp")
        text = "50 % & more? #1 + “ü” 😀\n{{ object.phone }}"
        with Form(dialog) as form:
            form.text = text
        dialog.action_send()
        url = dialog.action_get_chat(self.lead.id)["url"]
        self.assertEqual(parse_qs(urlsplit(url).query), {"text": [text]})
        dialog.action_confirm_sent(self.lead.id)
        self.assertEqual(self._messages().body, text)

    def test_one_lead_after_the_other(self):
        other = self._new_lead(contact_name="Bob Martin", phone="+33 6 98 76 54 32")
        dialog, action = self._open_chat(self.lead + other)
        self.assertEqual(action["params"]["lead_id"], self.lead.id)
        action = dialog.action_confirm_sent(self.lead.id)
        self.assertEqual(action["res_id"], dialog.id)
        self.assertEqual(dialog.lead_id, other)
        self.assertEqual(dialog.text, "Hi Bob")
        self.assertEqual(dialog.action_send()["params"]["lead_id"], other.id)
        dialog.action_confirm_sent(other.id)
        self.assertEqual(
            self._messages(self.lead + other).mapped("state"), ["sent", "sent"]
        )

    def test_a_lead_that_is_no_recipient(self):
        dialog, __ = self._open_chat()
        with self.assertRaises(UserError):
            dialog.action_confirm_sent(self._new_lead().id)
        for lead_id in (self._new_lead().id, f"{self.lead.id}", None, [], {}, "1 or 1"):
            with self.subTest(lead_id=lead_id), self.assertRaises(UserError):
                dialog.action_get_chat(lead_id)

    def test_a_chat_is_opened_from_the_own_dialog_only(self):
        dialog, __ = self._open_chat()
        for user in (self.rep_2, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                dialog.with_user(user).action_get_chat(self.lead.id)
        self.lead.user_id = self.rep_2
        with self.assertRaises(UserError):
            dialog.with_user(self.rep).action_get_chat(self.lead.id)
