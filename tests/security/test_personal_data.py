"""Whoever wants to be forgotten is, in each table that knows something of them."""

import json

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.lead_management.tests.common import LeadManagementCase

MODULE = "lead_management"
TEXT_TYPES = ("char", "text", "html", "json", "properties", "binary")
PHONE = "+33612345678"
SECRET = "Zyxwvut"

# Columns that hold texts, but nothing of a person behind a lead.
HARMLESS = {
    "crm.lead": {
        "capture_import_key": "a fingerprint: the row is not imported again",
    },
    "lead.campaign.touch": {"how": "a code"},
    "lead.capture.entry": {"key": "what is delivered again is known by it"},
    "lead.capture.field": {
        "key": "a name, not a value",
        "label": "of the business",
        "placeholder": "of the business",
    },
    "lead.assignment.log": {"candidates": "salespeople, by their keys"},
    "lead.consent": {
        "email_normalized": "a withdrawal counts for an address",
        "phone_sanitized": "a withdrawal counts for a number",
        "text": "what the company had everybody agree to",
        "source": "the form, page or file",
    },
    "lead.message": {
        "lang": "a language",
        "fingerprint": "a hash",
        "error_code": "a code",
        "key": "a key",
        "provider": "a code",
        "server": "of the company",
    },
    "lead.enrollment.step": {"step_key": "a key"},
    "lead.message.status": {
        "provider": "a code",
        "provider_ref": "of no known message, and gone after 30 days",
        "status": "a code",
        "error": "of no known message, and gone after 30 days",
    },
    "lead.check": {
        "provider": "the key of a service",
        "reason": "a code",
    },
    "lead.check.request": {"error": "a code"},
    "lead.check.run": {"lead_ids": "ids, gone when it is finished"},
    "lead.credit.check": {
        "basis_text": "of the business",
        "policy_text": "of the business",
        "provider_key": "the key of an agency",
        "reasons": "codes",
        "reference": "the number of a purchase",
        "refusal": "a code",
    },
    "lead.credit.report": {"mimetype": "a format"},
    "lead.verification": {"marks": "worked out anew of what is left"},
    "lead.profile": {"missing": "the keys of what is not known"},
    "lead.score": {"grade": "a letter"},
    "lead.score.snapshot": {"grade": "a letter"},
    "lead.stage.mapping.lead": {"fingerprint": "a hash"},
    "lead.share": {
        "uuid": "a key",
        "group_key": "a key",
        "recipient_name": "of the business",
        "giver_name": "of the business",
        "held": "ids of activities",
        "fields_full": "names of fields",
        "purpose": "of the business",
        "arrangement": "of the business",
        "commission": "terms of the business",
    },
    "lead.share.event": {
        "who": "a colleague, or a partner",
        "fact_names": "names of fields",
    },
    "lead.share.message": {
        "key": "a key",
        "share_uuid": "a key",
        "kind": "a code",
        "error": "of the connection",
    },
    "lead.whatsapp.event": {"key": "what Meta repeats is known by it"},
}
# Models whose texts are of the business, not of people: managers write them.
OF_THE_BUSINESS = {
    "lead.campaign.cost",
    "lead.campaign.name",
    "lead.report.sent",
    "lead.capture.rate",
    "lead.capture.source",
    "lead.check.service",
    "lead.credit.policy",
    "lead.credit.provider",
    "lead.assignment.capacity",
    "lead.assignment.rule",
    "lead.assignment.turn",
    "lead.followup.policy",
    "lead.message.outage",
    "lead.message.template",
    "lead.message.template.button",
    "lead.persona",
    "lead.pool",
    "lead.profile.item",
    "lead.qualifier",
    "lead.qualifier.option",
    "lead.qualifier.set",
    "lead.score.event",
    "lead.score.example",  # a lead that was made up
    "lead.score.group",
    "lead.score.model",
    "lead.score.rule",
    "lead.segment",
    "lead.sequence",
    "lead.sequence.step",
    "lead.share.commission",
    "lead.share.partner",
    "lead.share.policy",
    "lead.share.policy.fact",
    "lead.sla",
    "lead.stage.mapping",
    "lead.stage.mapping.line",
    "lead.stage.requirement",
    "lead.touch.outcome",
    "lead.whatsapp.account",
}


class TestPersonalColumns(LeadManagementCase):
    """Each column that holds a text is one of a person, or there is a reason."""

    def _get_models(self):
        return [
            model
            for name, model in self.env.items()
            if (model._original_module == MODULE or name == "crm.lead")
            and model._auto
            and not model._abstract
            and not model._transient
        ]

    def _get_texts(self, model):
        return {
            name
            for name, field in model._fields.items()
            if field.store and field.column_type and field.type in TEXT_TYPES
        }

    def test_each_text_is_declared(self):
        for model in self._get_models():
            if model._name in OF_THE_BUSINESS:
                self.assertNotIn("lead_id", model._fields, model._name)
                continue
            known = {*model._personal_fields(), *HARMLESS.get(model._name, ())}
            self.assertLessEqual(self._get_texts(model), known, model._name)

    def test_each_list_is_true(self):
        names = {model._name for model in self._get_models()}
        self.assertLessEqual({*HARMLESS, *OF_THE_BUSINESS}, names)
        for model in self._get_models():
            personal = set(model._personal_fields())
            self.assertLessEqual(
                {*HARMLESS.get(model._name, ())}, self._get_texts(model) - personal
            )
            self.assertLessEqual(personal, model._fields.keys())

    def test_a_field_somebody_made_is_personal(self):
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "name": "x_nickname",
                "field_description": "Nickname",
                "ttype": "char",
            }
        )
        self.assertIn("x_nickname", self.env["crm.lead"]._personal_fields())


class TestErasure(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {"name": SECRET, "email": f"{SECRET}@example.com", "phone": PHONE}
        )
        cls.lead = cls._new_lead(
            name=SECRET,
            contact_name=SECRET,
            partner_name=SECRET,
            email_from=f"{SECRET}@example.com",
            phone=PHONE,
            street=SECRET,
            city=SECRET,
            description=f"<p>{SECRET}</p>",
            function=SECRET,
            birthdate="1980-01-01",
            linkedin_url=f"https://www.linkedin.com/in/{SECRET}",
            partner_id=cls.partner.id,
            expected_revenue=500,
            team_id=cls.team.id,
            user_id=cls.rep.id,
        )
        cls.account = cls.env["lead.whatsapp.account"].create(
            {
                "name": "WhatsApp",
                "company_id": cls.company.id,
                "phone_number_id": "99887766",
                "access_token": "token",
                "app_secret": "secret",
            }
        )

    def _fill(self, lead):
        """Write the secret into each personal column of a row of each model."""
        message = lead.message_post(
            body=SECRET,
            subject=SECRET,
            author_id=self.partner.id,
            email_from=f"{SECRET}@example.com",
            partner_ids=self.partner.ids,
            attachments=[("cv.txt", SECRET.encode())],
        )
        lead.activity_schedule(
            "mail.mail_activity_data_call",
            summary=SECRET,
            note=SECRET,
            user_id=self.rep.id,
        )
        lead.message_subscribe(self.partner.ids)
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO mail_tracking_value"
            " (mail_message_id, field_id, old_value_char) VALUES (%s, %s, %s)",
            [
                message.id,
                self.env["ir.model.fields"]._get("crm.lead", "email_from").id,
                SECRET,
            ],
        )
        now = fields.Datetime.now()
        source = self.env["lead.capture.source"].create({"name": "Form"})
        rows = {
            "lead.capture.entry": {
                "source_id": source.id,
                "company_id": self.company.id,
                "key": f"k{lead.id}",
                "state": "done",
                "date": now,
            },
            "lead.campaign.touch": {"date": now},
            **self._check_values(),
            "lead.enrollment": self._sequence_values(),
            "lead.enrollment.step": {"step_key": f"k{lead.id}", "outcome": "done"},
            "lead.share": {
                "uuid": f"u{lead.id}",
                "kind": "partner",
                "state": "declined",
                "date": now,
            },
            "lead.touch": {"channel": "phone", "direction": "out", "date": now},
            "lead.answer": {"kind": "email", "date": now},
            "lead.message": {"channel": "email", "key": f"k{lead.id}"},
            "lead.message.click": {"date": now},
            "lead.stage.transition": {"date": now},
            "lead.assignment.log": {"trigger": "create", "outcome": "assigned"},
            "lead.qualifier.answer": {},
            "lead.score.snapshot": {"moment": "won", "date": now},
            "lead.consent": {
                "state": "withdrawn",
                "email_normalized": f"{SECRET}@example.com".lower(),
                "date": now,
            },
            "lead.whatsapp.event": {
                "account_id": self.account.id,
                "kind": "message",
                "key": f"wamid{lead.id}",
                "date": now,
                "state": "done",
            },
            "lead.whatsapp.contact": {
                "account_id": self.account.id,
                "sender": PHONE[1:],
            },
        }
        self.assertEqual(
            set(rows), set(self.env["crm.lead"]._personal_models()), "a new model"
        )
        for name, values in rows.items():
            self._insert(name, lead, values)
        self.env.invalidate_all()

    def _check_values(self):
        """Rows of checks, whose report is gone altogether."""
        now = fields.Datetime.now()
        service = self.env["lead.check.service"].create({"key": "vies"})
        check = self.env["lead.credit.check"].create(
            {"lead_id": self.lead.id, "state": "done"}
        )
        return {
            "lead.check": {"date": now, "reason": "email_fine"},
            "lead.check.request": {"service_id": service.id, "date": now},
            "lead.credit.check": {"state": "done"},
            "lead.credit.consent": {"date": now},
            "lead.credit.report": {"check_id": check.id, "mimetype": "x"},
        }

    def _sequence_values(self):
        sequence = self.env["lead.sequence"].create({"name": "S"})
        return {
            "sequence_id": sequence.id,
            "version_id": sequence.version_ids.id,
            "state": "stopped",
            "run": 1,
        }

    def _insert(self, name, lead, values):
        model = self.env[name]
        for column in model._personal_fields():
            is_json = model._fields[column].type == "json"
            values.setdefault(column, json.dumps({"a": SECRET}) if is_json else SECRET)
        for field in model._fields.values():
            if field.required and field.store and field.name not in values:
                if field.type == "selection":
                    values[field.name] = field.get_values(self.env)[0]
                elif field.type == "datetime":
                    values[field.name] = fields.Datetime.now()
                elif field.name == "enrollment_id":
                    run = self.env["lead.enrollment"].search([], limit=1)
                    values |= {
                        "enrollment_id": run.id,
                        "sequence_id": run.sequence_id.id,
                    }
                elif field.name == "message_id":
                    values["message_id"] = (
                        self.env["lead.message"].search([], limit=1).id
                    )
                elif field.name == "qualifier_id":
                    values["qualifier_id"] = self._new_qualifier("Why", "text").id
        values["lead_id"] = lead.id or None
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES (%s)",
                SQL.identifier(model._table),
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )

    def _count_secrets(self, lead, table, where):
        rows = self.env.execute_query(
            SQL(
                "SELECT to_jsonb(t)::text FROM %s t WHERE %s",
                SQL.identifier(table),
                where,
            )
        )
        return sum(
            SECRET.lower() in text.lower() or PHONE[1:] in text for (text,) in rows
        )

    def _where_secrets(self, lead):
        """Return the tables that still hold something of the person of a lead."""
        self.env.flush_all()
        of_lead = SQL("lead_id = %s", lead.id)
        messages = SQL(
            "(SELECT id FROM mail_message WHERE model = 'crm.lead' AND res_id = %s)",
            lead.id,
        )
        of_message = SQL("mail_message_id IN %s", messages)
        of_res = SQL("res_model = 'crm.lead' AND res_id = %s", lead.id)
        places = {
            "crm_lead": SQL("id = %s", lead.id),
            "mail_message": SQL("id IN %s", messages),
            "mail_tracking_value": of_message,
            "mail_notification": of_message,
            "mail_mail": of_message,
            "mail_activity": of_res,
            "ir_attachment": of_res,
            **{
                self.env[name]._table: of_lead
                for name in self.env["crm.lead"]._personal_models()
            },
        }
        return {
            table
            for table, where in places.items()
            if self._count_secrets(lead, table, where)
        }

    def test_nothing_is_left(self):
        self._fill(self.lead)
        before = self._where_secrets(self.lead)
        self.assertLessEqual(
            {"crm_lead", "mail_message", "mail_tracking_value", "lead_message"}, before
        )
        self.lead.with_user(self.manager)._erase_personal_data()
        self.assertFalse(self._where_secrets(self.lead))
        self.assertFalse(self.lead.partner_id)
        self.assertNotIn(self.partner, self.lead.message_partner_ids)
        self.assertFalse(self.lead.birthdate)

    def test_numbers_stay_true(self):
        self._fill(self.lead)
        before = self.lead.read(["stage_id", "user_id", "expected_revenue", "active"])
        counts = [len(self.lead.touch_ids), len(self.lead.lead_message_ids)]
        self.lead.with_user(self.manager)._erase_personal_data()
        self.assertEqual(
            before,
            self.lead.read(["stage_id", "user_id", "expected_revenue", "active"]),
        )
        self.assertEqual(
            counts, [len(self.lead.touch_ids), len(self.lead.lead_message_ids)]
        )
        self.assertEqual(self.partner.email, f"{SECRET}@example.com")

    def test_a_withdrawal_goes_on_counting(self):
        Consent = self.env["lead.consent"]
        consent = Consent._record(self.lead, "withdrawn", how="reply", ip="192.0.2.1")
        consent.lead_id = self.lead
        address = consent.email_normalized
        self.lead.with_user(self.manager)._erase_personal_data()
        self.assertEqual(consent.email_normalized, address)
        self.assertEqual(consent.state, "withdrawn")
        self.assertFalse(consent.ip or consent.lead_id)

    def test_nothing_waits_to_be_sent(self):
        self._fill(self.lead)
        message = self.lead.lead_message_ids
        self.assertEqual(message.state, "queued")
        self.lead.with_user(self.manager)._erase_personal_data()
        self.assertEqual(message.state, "cancelled")

    def test_who_may(self):
        for user in (self.rep, self.leader, self.manager_b):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.lead.with_user(user)._erase_personal_data()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep).action_ask_erasure()
        self.assertEqual(self.lead.contact_name, SECRET)

    def test_the_dialog(self):
        action = self.lead.with_user(self.manager).action_ask_erasure()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(self.lead.contact_name, SECRET)
        dialog.action_erase()
        self.assertFalse(self.lead.contact_name)
        self.assertTrue(self.lead.name)

    def _whatsapp(self):
        self.env.invalidate_all()
        contacts = self.env["lead.whatsapp.contact"].search(
            [("account_id", "=", self.account.id)]
        )
        events = self.env["lead.whatsapp.event"].search(
            [("account_id", "=", self.account.id)]
        )
        return contacts, events

    def test_a_deleted_lead_takes_whatsapp_with_it(self):
        self._fill(self.lead)
        self.lead.unlink()
        contacts, events = self._whatsapp()
        self.assertFalse(contacts)
        self.assertEqual(len(events), 1)
        self.assertFalse(events.payload)

    def test_whatsapp_of_another_lead_stays(self):
        self._fill(self.lead)
        self._new_lead(phone=PHONE, company_id=self.company.id)
        self.lead.unlink()
        contacts, __ = self._whatsapp()
        self.assertEqual(contacts.sender, PHONE[1:])

    def test_what_waits_is_worked_in_still(self):
        payload = json.dumps({"from": PHONE[1:], "text": "STOP"})
        for number, state in enumerate(("pending", "failed")):
            values = {
                "account_id": self.account.id,
                "kind": "message",
                "key": f"k{number}",
                "date": fields.Datetime.now(),
                "state": state,
                "payload": payload,
            }
            self._insert("lead.whatsapp.event", self.lead.browse(), values)
        self._insert(
            "lead.whatsapp.contact",
            self.lead,
            {"account_id": self.account.id, "sender": PHONE[1:]},
        )
        self.lead.with_user(self.manager)._erase_personal_data()
        __, events = self._whatsapp()
        self.assertEqual(
            [(one.state, one.payload) for one in events.sorted("key")],
            [("pending", payload), ("ignored", False)],
        )
