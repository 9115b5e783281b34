"""Who withdrew gets nothing by any path of Odoo's own, either."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestConsentPaths(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead, cls.other = (
            cls._new_lead(email_from=f"{name}@example.com", phone=phone)
            for name, phone in (("ada", "+32470123456"), ("bob", "+32470123457"))
        )
        cls.env["lead.consent"]._record(cls.lead, "withdrawn")
        cls.template = cls.env["mail.template"].create(
            {
                "name": "T",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "subject": "S",
                "body_html": "<p>B</p>",
                "email_to": "{{ object.email_from }}",
                "auto_delete": False,
            }
        )

    def _mails(self):
        return {
            mail.res_id: (mail.state, mail.failure_type)
            for mail in self.env["mail.mail"].search(
                [
                    ("model", "=", "crm.lead"),
                    ("res_id", "in", self._ids()),
                    ("message_type", "=", "email_outgoing"),
                ]
            )
        }

    def _ids(self):
        return (self.lead + self.other).ids

    def test_a_template_sent_by_an_automation(self):
        self.template.send_mail_batch(self._ids())
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        mails = self._mails()
        self.assertEqual(mails[self.lead.id], ("cancel", "mail_optout"))
        self.assertNotEqual(mails[self.other.id][0], "cancel")

    def test_an_address_written_otherwise(self):
        for written in ("Ada+x@Example.com", '"ada"@example.com', "ada@example.com."):
            with self.subTest(written=written):
                self.lead.with_user(self.rep).email_normalized = written
                self.env.flush_all()
                self.template.email_to = written
                self.template.send_mail_batch(self.lead.ids)
                self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
                self.assertEqual(self._mails()[self.lead.id], ("cancel", "mail_optout"))
                with self.assertRaises(UserError):
                    self.lead.with_user(self.rep).message_post(
                        body="Hello",
                        message_type="comment",
                        subtype_xmlid="mail.mt_comment",
                        outgoing_email_to=written,
                    )
                self.env["mail.mail"].search(
                    [("model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
                ).unlink()
                self._send_in_bulk()
                self.assertEqual(self._mails()[self.lead.id], ("cancel", "mail_optout"))

    def test_the_mass_composer(self):
        self._send_in_bulk()
        self.assertEqual(self._mails()[self.lead.id], ("cancel", "mail_optout"))

    def _send_in_bulk(self):
        composer = (
            self.env["mail.compose.message"]
            .with_context(active_model="crm.lead", active_ids=self._ids())
            .create(
                {
                    "composition_mode": "mass_mail",
                    "model": "crm.lead",
                    "res_ids": repr(self._ids()),
                    "template_id": self.template.id,
                    "subject": "S",
                    "body": "<p>B</p>",
                }
            )
        )
        composer._action_send_mail()

    def test_a_template_in_the_composer_of_one_lead(self):
        partner = self.lead._create_customer()
        self.lead.partner_id = partner
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "comment",
                "model": "crm.lead",
                "res_ids": repr(self.lead.ids),
                "template_id": self.template.id,
                "partner_ids": [(6, 0, partner.ids)],
                "subject": "S",
                "body": "<p>B</p>",
            }
        )
        composer.partner_ids = partner
        with self.assertRaises(UserError):
            composer._action_send_mail()

    def test_the_composer_of_text_messages(self):
        for lead, refused in ((self.lead, True), (self.other, False)):
            composer = (
                self.env["sms.composer"]
                .with_context(default_res_model="crm.lead")
                .create(
                    {
                        "composition_mode": "comment",
                        "res_model": "crm.lead",
                        "res_id": lead.id,
                        "body": "B",
                    }
                )
            )
            if refused:
                with self.assertRaises(UserError):
                    composer._action_send_sms()
            else:
                composer._action_send_sms()

    def test_the_form_says_what_is_not_wanted(self):
        lead = self.lead.with_user(self.rep)
        self.assertEqual(lead.lead_consent, "Opted out of all messages")
        record = self.env["lead.consent"]._record
        record(self.lead, "given")
        record(self.lead, "withdrawn", purpose="marketing", channel="email")
        record(self.lead, "withdrawn", channel="sms")
        self.env.invalidate_all()
        self.assertEqual(
            lead.lead_consent,
            "Opted out of: news and offers by Email, all messages by SMS",
        )
        self.assertFalse(self.other.lead_consent)
        self.assertFalse(self.env["crm.lead"].new({}).lead_consent)

    def test_history_cannot_be_rewritten(self):
        record = self.env["lead.consent"].search([], limit=1)
        for user in (self.rep, self.leader, self.manager):
            for write in (
                lambda one: one.write({"state": "given"}),
                lambda one: one.unlink(),
            ):
                with self.assertRaises(AccessError):
                    write(record.with_user(user))


class TestByHand(LeadManagementCase):
    """Who withdrew is answered, and not written to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_lead(email_from="ada@example.com", contact_name="Ada")
        cls.lead.partner_id = cls.lead._create_customer()
        cls.env["lead.consent"]._record(
            cls.lead, "withdrawn", date=fields.Datetime.now() - timedelta(hours=1)
        )

    def _write(self, **values):
        return self.lead.with_user(self.rep).message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    def test_refused_with_what_to_do(self):
        for values in (
            {"partner_ids": self.lead.partner_id.ids},
            {"outgoing_email_to": "Ada <ada@example.com>"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError) as caught:
                self._write(**values)
            self.assertIn("Ada", str(caught.exception))

    def test_a_follower_gets_nothing(self):
        self.lead.message_subscribe(self.lead.partner_id.ids)
        message = self._write()
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        mails.send()
        self.assertTrue(mails)
        self.assertEqual(set(mails.mapped("state")), {"cancel"})

    def test_an_answer_goes_out(self):
        self.lead.message_post(
            body="One question",
            message_type="email",
            author_id=self.lead.partner_id.id,
        )
        message = self._write(partner_ids=self.lead.partner_id.ids)
        self.assertTrue(message.notified_partner_ids)

    def test_colleagues_are_written_to(self):
        self.assertTrue(self._write(partner_ids=self.rep_2.partner_id.ids))

    def test_with_a_new_consent(self):
        self.env["lead.consent"]._record(self.lead, "given")
        self.assertTrue(self._write(partner_ids=self.lead.partner_id.ids))

    def test_what_others_withdrew_is_nothing_to_a_lead_without_phone(self):
        """Who withdrew before the lead wrote is not mixed up with who did later."""
        self.lead.message_post(
            body="One question",
            message_type="email",
            author_id=self.lead.partner_id.id,
        )
        self.env["lead.consent"]._record(
            self._new_lead(email_from="bob@example.com"),
            "withdrawn",
            date=fields.Datetime.now() + timedelta(seconds=5),
        )
        self.assertTrue(self._write(partner_ids=self.lead.partner_id.ids))

    def test_a_note_stays(self):
        self.assertTrue(self.lead.with_user(self.rep).message_post(body="To ourselves"))
