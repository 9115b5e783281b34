"""What every channel says of itself."""

from odoo.addons.lead_management.models.messaging.channel.channel import (
    REGISTERED,
    get_channel,
)
from odoo.addons.lead_management.models.messaging.person import Person
from odoo.addons.lead_management.models.messaging.provider.provider import PROVIDERS
from odoo.addons.lead_management.models.verification.constants import DATUM_LABELS
from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestChannels(LeadManagementCase):
    """One contract for all of them: a new one is complete in its file."""

    def test_contract(self):
        Lead, Template = self.env["crm.lead"], self.env["lead.message.template"]
        types = self.env["mail.message"]._fields["message_type"].get_values(self.env)
        person = Person.load(self.env, self._new_lead().ids).popitem()[1]
        for channel in REGISTERED:
            with self.subTest(channel=channel.key):
                self.assertIs(get_channel(channel.key), channel)
                self.assertTrue(channel.label and channel.icon.startswith("fa-"))
                self.assertTrue({*channel.message_types} & {*types})
                self.assertIn(channel.lead_field, Lead._fields)
                self.assertTrue(hasattr(person, channel.datum))
                self.assertIn(channel.datum, dict(DATUM_LABELS))
                if channel.quiet_field:
                    self.assertIn(channel.quiet_field, self.env.company._fields)
                self.assertIsInstance(channel.get_size("a") or {}, dict)
                source = Template
                if channel.template_link:
                    source = Template[channel.template_link]
                self.assertIn(channel.template_text, source._fields)
                self.assertIsNone(channel.clean("nobody"))
                self.assertTrue(channel.get_missing(self.env))
                self.assertTrue(channel.get_refusal(self.env).endswith("."))
                self.assertTrue(channel.is_empty("") and not channel.is_empty("a"))
                self.assertIn("a", channel.to_html("a"))

    def test_templates(self):
        """Each gives a template a text, copies it, and renders it for leads."""
        lead = self._new_lead(contact_name="Ada Lovelace")
        for channel in REGISTERED:
            with self.subTest(channel=channel.key):
                template = self.env["lead.message.template"].create(
                    {"name": "T", "channel": channel.key}
                )
                record, source = template._get_content()
                self.assertTrue(record and source)
                placeholders = channel.get_placeholders(template)
                self.assertIn(
                    "object.message_salutation",
                    [placeholder.expression for placeholder in placeholders],
                )
                __, text = channel.render(template, lead)[lead.id]
                self.assertFalse(channel.is_empty(text))
                self.assertNotIn("message_salutation", text)
                copied, text = template.copy()._get_content()
                self.assertEqual(text, source)
                self.assertNotEqual(copied, record)

    def test_addresses_of_leads_and_people_are_the_same(self):
        lead = self._new_lead(email_from="Ada@Example.com", phone="+32 470 12 34 56")
        nobody = self._new_lead()
        people = Person.load(self.env, (lead | nobody).ids)
        for channel in REGISTERED:
            with self.subTest(channel=channel.key):
                address = channel.get_address(lead)
                self.assertEqual(address, people[lead.id].get_address(channel.key))
                self.assertEqual(address, channel.clean(address))
                self.assertFalse(channel.get_address(nobody))
                self.assertIsNone(people[nobody.id].get_address(channel.key))

    def test_somebody_carries_each(self):
        carried = {provider.channel for provider in PROVIDERS}
        self.assertEqual({channel.key for channel in REGISTERED}, carried)
