"""What is asked of each provider, whichever there are."""

from odoo.addons.lead_management.models.messaging.constants import CHANNELS
from odoo.addons.lead_management.models.messaging.provider.provider import (
    PROVIDERS,
    Provider,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestProviders(LeadManagementCase):
    def test_each_keeps_the_contract(self):
        message = self.env["lead.message"]
        for cls in PROVIDERS:
            with self.subTest(provider=cls.name):
                self.assertTrue(issubclass(cls, Provider))
                self.assertIn(cls.channel, dict(CHANNELS))
                self.assertIsNot(cls.send, Provider.send, "it sends nothing")
                provider = cls(self.env)
                # a batch in which nothing is left, and a call that tells nothing
                self.assertEqual(provider.claim(message), {})
                provider.prepare(message)
                self.assertEqual(list(provider.status({})), [])
                self.assertFalse(provider.is_under_way)
                provider.close()
                provider.close()

    def test_one_at_most_carries_what_nobody_was_chosen_for(self):
        defaults = [cls.channel for cls in PROVIDERS if cls.is_default]
        self.assertEqual(len(defaults), len(set(defaults)))
        self.assertEqual(set(defaults), {"email", "sms"})

    def test_two_of_a_name_are_refused(self):
        (first, *__) = PROVIDERS
        with self.assertRaisesRegex(ValueError, "two of"):
            PROVIDERS.add(first)
        with self.assertRaisesRegex(ValueError, "lacks"):
            PROVIDERS.add(Provider)
