from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.lead_management.models.base import graph

from .whatsapp_common import WhatsappCase
from .whatsapp_fakes import PHONE_NUMBER_ID, graph_error

SECRETS = ("access_token", "app_secret", "verify_token", "webhook_token", "webhook_url")


class TestWhatsappAccount(WhatsappCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._new_admin()

    # ------------------------------------------------------------
    # Secrets
    # ------------------------------------------------------------

    def test_secrets_are_read_by_administrators_alone(self):
        may_export = self.env.ref("base.group_allow_export")
        for user in (self.rep, self.leader, self.manager):
            user.group_ids += may_export
            account = self.account.with_user(user)
            self.assertEqual(account.read(["name"])[0]["name"], self.account.name)
            for name in SECRETS:
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        account.read([name])
                    with self.assertRaises(AccessError):
                        account.search([(name, "ilike", "t")])
                    with self.assertRaises(AccessError):
                        account._read_group([], [name], ["__count"])
                    with self.assertRaises(AccessError):
                        account.export_data([name])
                    self.assertNotIn(name, account.fields_get())
            self.assertNotIn("access_token", account.read()[0])
        self.assertTrue(self.account.with_user(self.admin).access_token)

    def test_secrets_do_not_leak_through_other_models(self):
        message = self._new_message()
        self.lead.user_id = self.rep
        with self.assertRaises(AccessError):
            self.env["lead.message"].with_user(self.rep).search(
                [("account_id.access_token", "like", "t%")]
            )
        self.assertTrue(message.with_user(self.rep).account_id.name)

    def test_a_copy_has_no_secrets(self):
        copy = self.account.copy({"phone_number_id": "306540352242922"})
        self.assertFalse(copy.access_token)
        self.assertFalse(copy.app_secret)
        self.assertNotEqual(copy.webhook_token, self.account.webhook_token)
        self.assertEqual(copy.state, "draft")

    def test_neutralized_copy_has_none_either(self):
        self.env.flush_all()
        queries = get_neutralization_queries(["lead_management"])
        for query in queries:
            self.env.cr.execute(query)
        self.account.invalidate_recordset()
        self.assertFalse(any(self.account[name] for name in SECRETS))
        self.assertFalse(self.account.active)

    def test_only_administrators_change_accounts(self):
        for user in (self.rep, self.leader, self.manager):
            account = self.account.with_user(user)
            with self.assertRaises(AccessError):
                account.name = "Mine"
            for action in ("test_connection", "subscribe", "renew_webhook"):
                with self.assertRaises(AccessError):
                    getattr(account, f"action_{action}")()
        self.assertFalse(self.graph.calls)

    # ------------------------------------------------------------
    # Values
    # ------------------------------------------------------------

    def test_address_of_the_api(self):
        bad = (
            "http://graph.facebook.com",
            "https://localhost",
            "https://10.0.0.1",
            "https://[::1]",
            "https://user:pass@graph.facebook.com",
            "https://graph.facebook.com?x=1",
            "ftp://graph.facebook.com",
            "graph.facebook.com",
            "https://",
            "http://127.0.0.1.evil.com",
        )
        for url in bad:
            with self.subTest(url), self.assertRaises(ValidationError):
                self.account.base_url = url
        self.account.base_url = "https://graph.facebook.com"

    def test_this_machine_is_not_called(self):
        with (
            patch.object(graph, "FAKE_HOSTS", set()),
            self.assertRaises(ValidationError),
        ):
            self.account.base_url = "http://127.0.0.1:8069"

    def test_identifiers(self):
        for name, value in (
            ("graph_version", "23"),
            ("graph_version", "v23.0/../../x"),
            ("phone_number_id", "+1 555 0100"),
            ("business_account_id", "../me"),
        ):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.account[name] = value
        self.account.phone_number_id = f" {PHONE_NUMBER_ID} "
        self.assertEqual(self.account.phone_number_id, PHONE_NUMBER_ID)

    def test_one_account_for_a_number(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._new_account(self.company_b, PHONE_NUMBER_ID, "x")
            self.env.flush_all()

    def test_administrator_fills_in_the_form(self):
        with Form(self.env["lead.whatsapp.account"].with_user(self.admin)) as form:
            form.name = "Sales"
            form.phone_number_id = "406540352242922"
            form.access_token = "EAAG"
            form.app_secret = "abc"
        account = form.save()
        self.assertEqual(account.state, "draft")
        self.assertIn(account.webhook_token, account.webhook_url)
        self.assertIn("/lead_management/whatsapp/", account.webhook_url)

    def test_managers_see_the_form_without_secrets(self):
        form = Form(self.account.with_user(self.manager))
        for name in SECRETS:
            with self.assertRaises(AssertionError):
                form[name]

    # ------------------------------------------------------------
    # Connection
    # ------------------------------------------------------------

    def test_connection(self):
        account = self.account.with_user(self.admin)
        account.graph_version = "v24.0"
        self.assertEqual(account.state, "draft")
        account.action_test_connection()
        self.assertEqual(account.state, "connected")
        self.assertEqual(account.display_number, "+1 555-078-3881")
        self.assertEqual(account.verified_name, "Our Company")
        self.assertTrue(account.is_subscribed)
        self.assertEqual(self.graph.calls[0][1], f"/v24.0/{PHONE_NUMBER_ID}")

    def test_connection_that_fails(self):
        account = self.account.with_user(self.admin)
        cases = {
            "token": (401, graph_error(190), {}),
            "could not": "close",
            "usable": (200, b"<html>", {}),
            "refuses": (302, b"", {"Location": "http://127.0.0.1/"}),
        }
        for text, script in cases.items():
            with self.subTest(text):
                self.graph.misbehave(script)
                account.action_test_connection()
                self.assertEqual(account.state, "error")
                self.assertTrue(account.error)
        account.action_test_connection()
        self.assertEqual((account.state, account.error), ("connected", False))

    def test_subscribe(self):
        self.account.is_subscribed = False
        self.account.with_user(self.admin).action_subscribe()
        self.assertTrue(self.account.is_subscribed)
        self.assertEqual(self.graph.calls[0][0], "POST")
        self.graph.misbehave((400, graph_error(200), {}))
        with self.assertRaises(ValidationError):
            self.account.with_user(self.admin).action_subscribe()

    def test_new_address_of_the_webhook(self):
        before = self.account.webhook_token, self.account.verify_token
        self.account.with_user(self.admin).action_renew_webhook()
        after = self.account.webhook_token, self.account.verify_token
        self.assertFalse(set(before) & set(after))
        self.assertFalse(self.account._get_by_webhook_token(before[0]))

    # ------------------------------------------------------------
    # Which account
    # ------------------------------------------------------------

    def test_each_company_sends_with_its_own(self):
        lead_b = self._new_lead(
            phone="+33612345678", user_id=self.rep_b.id, company_id=self.company_b.id
        )
        self.assertEqual(self._new_message().account_id, self.account)
        self.assertEqual(self._new_message(lead_b).account_id, self.account_b)

    def test_without_an_account_nothing_is_let_in(self):
        self.account.active = False
        message = self._new_message()
        self.assertEqual(message.state, "skipped")
        self.assertIn("no WhatsApp account", message.hold_reason)

    def test_account_that_works_is_preferred(self):
        self.account.sequence = 1
        self.account._set_out_of_order("Broken")
        other = self._new_account(self.company, "506540352242922", "x", sequence=9)
        self.assertEqual(self._new_message().account_id, other)

    def test_other_company_sees_no_account(self):
        Account = self.env["lead.whatsapp.account"].with_user(self.manager_b)
        self.assertEqual(Account.search([]), self.account_b)
