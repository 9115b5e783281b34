"""The privacy look-up finds each table of ours that knows something of a person."""

from odoo.addons.lead_management.tests.common import LeadManagementCase

EMAIL = "zyxwvut@example.com"


class TestPrivacyLookup(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_lead(contact_name="Zyx Wvut", email_from=EMAIL)
        cls.question = cls._new_qualifier("Why", "text")
        cls.account = cls.env["lead.whatsapp.account"].create(
            {
                "name": "WhatsApp",
                "phone_number_id": "99887766",
                "access_token": "token",
                "app_secret": "secret",
            }
        )
        cls.source = cls.env["lead.capture.source"].create({"name": "Form"})
        cls.sequence = cls.env["lead.sequence"].create({"name": "Welcome"})
        cls.service = cls.env["lead.check.service"].create({"key": "vies"})
        cls.credit_check = cls.env["lead.credit.check"].create(
            {"lead_id": cls._new_lead().id}
        )
        cls.other = cls._new_lead(contact_name="Somebody", email_from="b@example.com")
        cls.message = cls.env["lead.message"].create(
            {"lead_id": cls.other.id, "channel": "email", "key": "a message"}
        )

    def _insert_rows(self, lead, name):
        """Write a row with nothing but the keys, past what a table asks for."""
        model = self.env[name]
        self.env.cr.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL",
            [model._table],
        )
        values = {"lead_id": lead.id}
        if name == "lead.consent":  # is that of somebody
            values["phone_sanitized"] = f"+3361234567{lead.id % 10}"
        for column, kind in self.env.cr.fetchall():
            field = model._fields[column]
            if column in values:
                continue
            if field.comodel_name == "lead.enrollment":
                values[column] = self._insert_rows(lead, "lead.enrollment")
            elif field.type == "many2one":
                values[column] = self._get_record(field.comodel_name).id
            elif field.type == "selection":
                values[column] = field.get_values(self.env)[-1]
            elif kind.startswith("timestamp"):
                values[column] = "2026-01-01"
            else:
                values[column] = f"a{lead.id}"
        columns = ", ".join(f'"{column}"' for column in values)
        places = ", ".join(["%s"] * len(values))
        self.env.cr.execute(
            f"INSERT INTO {model._table} ({columns}) VALUES ({places}) RETURNING id",
            list(values.values()),
        )
        return self.env.cr.fetchone()[0]

    def _get_record(self, name):
        return {
            "lead.qualifier": self.question,
            "lead.whatsapp.account": self.account,
            "lead.capture.source": self.source,
            "lead.sequence": self.sequence,
            "lead.sequence.version": self.sequence.version_ids,
            "lead.check.service": self.service,
            "lead.credit.check": self.credit_check,
            "lead.message": self.message,
            "res.company": self.company,
        }[name]

    def _look_up(self):
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": "Zyx Wvut", "email": EMAIL}
        )
        wizard.action_lookup()
        return [(line.res_model, line.res_id) for line in wizard.line_ids]

    def test_each_table_is_found(self):
        for name in self.env["crm.lead"]._personal_models():
            with self.subTest(model=name):
                own = self._insert_rows(self.lead, name)
                foreign = self._insert_rows(self.other, name)
                found = self._look_up()
                self.assertEqual(found.count((name, own)), 1)
                self.assertNotIn((name, foreign), found)

    def test_a_message_is_found_by_where_it_went(self):
        row = self._insert_rows(self.other, "lead.message")
        message = self.env["lead.message"].browse(row)
        message.recipient = EMAIL
        self.assertIn(("lead.message", row), self._look_up())

    def test_nobody_is_found_once_erased(self):
        self._insert_rows(self.lead, "lead.message")
        self.assertIn(("crm.lead", self.lead.id), self._look_up())
        self.lead._erase_personal_data()
        found = {model for model, __ in self._look_up()}
        self.assertFalse(found & {"crm.lead", "lead.message"})
