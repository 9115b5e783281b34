from contextlib import nullcontext
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.lead_management.tools import dns_mx

from .common import VerificationCase
from .fakes import dns_answer, dns_fake, drip, hang, http_fake

VAT = "BE0403170701"
VALID = {"valid": True, "vatNumber": "0403170701", "requestIdentifier": "W1"}
INVALID = {"valid": False, "vatNumber": "0403170701"}
GB = {"company_number": "00445790", "company_status": "active"}


class ServiceCase(VerificationCase):
    def _ask_all(self):
        """Ask all that is due, as the scheduled job does."""
        Request = self.env["lead.check.request"]
        self.env.flush_all()
        for __ in range(20):
            if not Request._run_next():
                break
        self.env.invalidate_all()

    def _new_service(self, key, url, **values):
        return self.env["lead.check.service"].create(
            {"key": key, "company_id": self.company.id, "is_allowed": True, "url": url}
            | values
        )

    def _new_lead_with(self, vat, country="base.be", **values):
        return self._new_lead(
            user_id=self.rep.id, vat=vat, country_id=self.env.ref(country).id, **values
        )

    def _forget(self):
        """Forget what services said of the same values."""
        self.env["lead.check"].search([("provider", "!=", False)]).unlink()

    def _request(self, lead):
        return self.env["lead.check.request"].search([("lead_id", "=", lead.id)])


class TestVies(ServiceCase):
    def _check(self, *answers, service=None):
        lead = self._new_lead_with(VAT)
        with http_fake() as (url, fake):
            fake.queue = list(answers)
            if not service:
                service = self._new_service("vies", url)
            lead.with_user(self.rep).action_verification_apply("vat", "ask")
            self._ask_all()
        return lead, fake

    def test_valid_number_exists(self):
        lead, fake = self._check((200, VALID))
        self.assertEqual(self._told(lead, "vat"), ("ok", "exists", "vies_valid"))
        check = self._current(lead, "vat")
        self.assertEqual((check.reference, check.provider), ("W1", "vies"))
        self.assertGreater(check.expiry, fields.Datetime.now())
        self.assertEqual(len(fake.calls), 1)

    def test_invalid_number_is_wrong(self):
        lead, __ = self._check((200, INVALID))
        self.assertEqual(self._told(lead, "vat"), ("wrong", "exists", "vies_invalid"))

    def test_no_outage_is_ever_a_wrong(self):
        outages = [
            (500, {"error": "x"}),
            (200, b"<html>"),
            (200, {}),
            (200, {"valid": "no", "vatNumber": "0403170701"}),
            (200, {"valid": False, "vatNumber": "0999999999"}),
            (
                200,
                {
                    "actionSucceed": False,
                    "errorWrappers": [{"error": "MS_UNAVAILABLE"}],
                },
            ),
            (200, {"userError": "MS_MAX_CONCURRENT_REQ", "isValid": False}),
            (200, {"userError": "TIMEOUT", "valid": False, "vatNumber": "0403170701"}),
            (429, {}, {"Retry-After": "7"}),
            (302, {}, {"Location": "http://127.0.0.1:1/"}),
            (401, {}),
            (200, b" " * 2_000_000),
            (404, {}),
            (200, [1]),
            hang,
            drip,
        ]
        with http_fake() as (url, fake):
            self._new_service("vies", url)
            for answer in outages:
                with self.subTest(answer=str(answer)[:60]):
                    fake.queue = [answer]
                    lead = self._new_lead_with(VAT)
                    lead._verification_ask(["vat"])
                    self._ask_all()
                    self.assertEqual(self._told(lead, "vat")[2], "vat_fine")
                    request = self._request(lead)
                    self.assertEqual(request.state, "retry")
                    self.assertTrue(request.error)
                    self.assertGreater(request.next_try, fields.Datetime.now())

    def test_it_is_asked_again_later(self):
        with http_fake() as (url, fake):
            self._new_service("vies", url)
            fake.queue = [(503, {}), (200, VALID)]
            lead = self._new_lead_with(VAT)
            lead._verification_ask(["vat"])
            self._ask_all()
            self._request(lead).next_try = False
            self._ask_all()
        self.assertEqual(self._told(lead, "vat")[2], "vies_valid")
        self.assertEqual(self._request(lead).state, "done")

    def test_answers_count_for_all_leads_of_the_company(self):
        with http_fake() as (url, fake):
            self._new_service("vies", url)
            self._new_service("vies", url, company_id=self.company_b.id)
            fake.queue = [(200, VALID)]
            lead, same = self._new_lead_with(VAT), self._new_lead_with(VAT)
            other = self._new_lead(
                team_id=self.team_b.id,
                user_id=self.rep_b.id,
                company_id=self.company_b.id,
                vat=VAT,
                country_id=self.belgium.id,
            )
            (lead + same + other)._verification_ask(["vat"])
            self._ask_all()
            self.assertEqual(len(fake.calls), 2)
        for each in lead + same + other:
            self.assertEqual(self._told(each, "vat")[2], "vies_valid")

    def test_limits_and_permission(self):
        with http_fake() as (url, fake):
            service = self._new_service("vies", url, monthly_calls=1)
            fake.queue = [(200, {})]
            leads = [self._new_lead_with(VAT) for __ in range(2)]
            for lead in leads:
                lead._verification_ask(["vat"])
            self._ask_all()
            self.assertEqual(len(fake.calls), 1)
            self.assertEqual(self._request(leads[1]).error, "budget")
            self.assertEqual(self._request(leads[1]).state, "refused")
            service.write({"monthly_calls": 9, "is_allowed": False})
            late = self._new_lead_with(VAT)
            late._verification_ask(["vat"])
            self._ask_all()
            self.assertEqual(len(fake.calls), 1)
            self.assertFalse(self._request(late))

    def test_a_value_that_changed_is_not_sent(self):
        with http_fake() as (url, fake):
            self._new_service("vies", url)
            fake.queue = [(200, VALID)]
            lead = self._new_lead_with(VAT)
            lead._verification_ask(["vat"])
            lead.vat = False
            self._ask_all()
            self.assertFalse(fake.calls)
        self.assertEqual(self._request(lead).error, "changed")

    def test_a_person_knows_better(self):
        lead = self._new_lead_with(VAT)
        lead._verify_evidence("vat", "user", "ok", "confirmed")
        lead._verify_evidence(
            "vat", "vies_invalid", "wrong", "exists", source="provider", provider="vies"
        )
        self.assertEqual(self._told(lead, "vat")[2], "user")

    def test_what_died_is_taken_up_and_what_was_paid_is_not(self):
        free = self._new_service("vies", "https://example.com")
        paid = self._new_service("gleif", "https://example.com", cost=2)
        lead = self._new_lead_with(VAT)
        old = "2020-01-01 00:00:00"
        requests = self.env["lead.check.request"].create(
            [
                {
                    "lead_id": lead.id,
                    "datum": "vat",
                    "service_id": service.id,
                    "state": "claimed",
                    "called": old,
                }
                for service in free + paid
            ]
        )
        requests._revive_dead()
        self.assertEqual(requests.mapped("state"), ["retry", "unknown"])

    def test_new_values_are_asked_about_where_that_is_wanted(self):
        self._new_service("vies", "https://example.com", is_automatic=True)
        lead = self._new_lead_with(VAT)
        self.env.cr.flush()
        self.assertEqual(self._request(lead).state, "waiting")
        wrong = self._new_lead_with("BE0403170702")
        self.env.cr.flush()
        self.assertFalse(self._request(wrong))


class TestCompanies(ServiceCase):
    """Companies are looked up by name; a person picks where it is not certain."""

    LEIS = ("213800KUD8LAJWSQ9D15", "5493001KJTIIGC8Y1R12", "529900T8BM49AURSDO55")

    def _gleif(self, *names, status="ACTIVE"):
        return {
            "data": [
                {
                    "attributes": {
                        "lei": lei,
                        "entity": {
                            "legalName": {"name": name},
                            "status": status,
                            "legalAddress": {"city": "Leeds"},
                        },
                    }
                }
                for lei, name in zip(self.LEIS, names, strict=False)
            ]
        }

    def _house(self, *names):
        return {
            "items": [
                {
                    "company_number": f"0044579{number}",
                    "title": name,
                    "company_status": "active",
                    "address": {"locality": "York"},
                }
                for number, name in enumerate(names)
            ]
        }

    def _look_up(self, answer, key="gleif", name="Hollis Ltd"):
        lead = self._new_lead_with(False, "base.uk", partner_name=name)
        with http_fake() as (url, self.fake):
            self.fake.queue = [answer]
            service = self._new_service(key, url)
            self._forget()
            lead.with_user(self.rep).action_verification_apply("company", "ask")
            self._ask_all()
            service.active = False
        return lead

    def test_the_one_of_this_name(self):
        lead = self._look_up((200, self._gleif("HOLLIS LTD")))
        self.assertEqual(
            self._told(lead, "company"), ("ok", "exists", "register_active")
        )
        self.assertEqual(self._current(lead, "company").reference, self.LEIS[0])
        # nothing is written without a click
        self.assertFalse(lead.vat)
        self.assertIn("filter%5Bentity.legalName%5D=Hollis", self.fake.calls[0][1])

    def test_a_person_picks(self):
        lead = self._look_up((200, self._gleif("Hollis Ltd", "Hollis Group Ltd")))
        self.assertEqual(self._told(lead, "company")[2], "company_fine")
        self.assertEqual(self._request(lead).state, "choice")
        rep = lead.with_user(self.rep)
        matches = rep.action_verification_details("company")["matches"]
        self.assertEqual(
            [match["name"] for match in matches], ["Hollis Ltd", "Hollis Group Ltd"]
        )
        self.assertEqual(matches[1]["status"], "Active in the register of companies")
        with self.assertRaises(UserError):
            rep.action_verification_pick(self.LEIS[2])
        with self.assertRaises(UserError):
            rep.action_verification_pick([self.LEIS[1]])
        with self.assertRaises(AccessError):
            lead.with_user(self.rep_2).action_verification_pick(self.LEIS[1])
        rep.action_verification_pick(self.LEIS[1])
        self.assertEqual(
            self._told(lead, "company"), ("ok", "exists", "register_active")
        )
        self.assertEqual(lead.vat, self.LEIS[1])
        self.assertEqual(self._told(lead, "vat")[2], "vat_lei")
        self.assertFalse(rep.action_verification_details("company")["matches"])
        with self.assertRaises(UserError):
            rep.action_verification_pick(self.LEIS[0])
        # what was chosen here says nothing of another lead
        self.env["lead.check.service"].with_context(active_test=False).search(
            []
        ).unlink()
        lead = self._new_lead_with(False, "base.uk", partner_name="Hollis Ltd")
        self._new_service("gleif", "https://example.com")
        lead._verification_ask(["company"])
        self.assertFalse(self._request(lead)._answer_from_cache())

    def test_a_choice_is_about_one_name(self):
        lead = self._look_up(
            (200, self._house("Hollis A", "Hollis B")), "companies_house"
        )
        self.assertEqual(self._request(lead).state, "choice")
        lead.partner_name = "Somebody Else"
        self.assertFalse(lead.action_verification_details("company")["matches"])
        with self.assertRaises(UserError):
            lead.action_verification_pick("00445790")

    def test_one_of_another_name_is_for_a_person_as_well(self):
        lead = self._look_up((200, self._house("Holly Ltd")), "companies_house")
        self.assertEqual(self._request(lead).state, "choice")

    def test_none_is_no_verdict_and_an_outage_neither(self):
        for answer, state in (
            ((200, {"data": []}), "unknown"),
            ((200, self._gleif("Hollis Ltd", status="?")), "unknown"),
            ((200, {"data": "x"}), "retry"),
            ((200, {"data": [None, 1, {"attributes": []}]}), "unknown"),
            ((500, {}), "retry"),
            (hang, "retry"),
        ):
            with self.subTest(state=state, answer=str(answer)[:40]):
                lead = self._look_up(answer)
                self.assertEqual(self._request(lead).state, state)
                self.assertEqual(self._told(lead, "company")[2], "company_fine")
                services = self.env["lead.check.service"]
                services.with_context(active_test=False).search([]).unlink()

    def test_merged_leads_are_asked_about_once(self):
        self._new_service("gleif", "https://example.com")
        one, two = (
            self._new_lead_with(False, "base.uk", partner_name=name)
            for name in ("Hollis Ltd", "Other Ltd")
        )
        (one + two)._verification_ask(["company"])
        self.env.cr.flush()
        merged = (one + two).merge_opportunity()
        states = sorted(self._request(merged).mapped("state"))
        self.assertEqual(states, ["refused", "waiting"])


class TestOtherServices(ServiceCase):
    def _ask(self, key, answer, lead):
        with http_fake() as (url, fake):
            fake.queue = [answer]
            service = self._new_service(key, url)
            self._forget()
            lead._verification_ask(["vat"])
            self._ask_all()
            service.unlink()
        return self._told(lead, "vat")[2]

    def test_companies_house(self):
        cases = [
            ((200, GB), "register_active"),
            ((200, GB | {"accounts": {"overdue": True}}), "register_overdue"),
            ((200, GB | {"company_status": "liquidation"}), "register_insolvent"),
            ((200, GB | {"company_status": "dissolved"}), "register_inactive"),
            ((404, {}), "register_none"),
            ((200, GB | {"company_number": "1"}), "vat_plain"),
            ((200, GB | {"company_status": "?"}), "vat_plain"),
        ]
        for answer, reason in cases:
            with self.subTest(reason):
                lead = self._new_lead_with("00445790", "base.uk")
                self.assertEqual(self._ask("companies_house", answer, lead), reason)

    def test_gleif(self):
        lei = "213800KUD8LAJWSQ9D15"
        record = {"attributes": {"lei": lei, "entity": {"status": "ACTIVE"}}}
        lead = self._new_lead_with(lei)
        self.assertEqual(
            self._ask("gleif", (200, {"data": record}), lead), "register_active"
        )
        lead = self._new_lead_with(lei)
        self.assertEqual(self._ask("gleif", (404, {}), lead), "register_none")
        lead = self._new_lead_with(lei)
        self.assertEqual(self._ask("gleif", (200, {"data": None}), lead), "vat_lei")

    def test_mail_servers(self):
        mx = (dns_mx.MX, b"\x00\x0a\x02mx\x00")
        null = (dns_mx.MX, b"\x00\x00\x00")
        cases = [
            (lambda q: dns_answer(q, [mx]), "mx_found"),
            (lambda q: dns_answer(q, [null]), "mx_none"),
            (lambda q: dns_answer(q, code=3), "mx_none"),
            (lambda q: dns_answer(q), "mx_none"),
            (lambda q: dns_answer(q, code=2), "email_fine"),
            (lambda q: b"x", "email_fine"),
            (lambda q: b"\0\0" + dns_answer(q, [mx])[2:], "email_fine"),
            (lambda q: None, "email_fine"),
        ]
        for answer, reason in cases:
            quick = patch.object(dns_mx.ask, "__defaults__", (0.2,))
            with self.subTest(reason), dns_fake(answer) as url, quick:
                takes = patch.object(dns_mx.takes_mail, "__defaults__", (None, 0.2))
                with takes if answer else nullcontext():
                    lead = self._new_lead(user_id=self.rep.id, email_from="a@b.example")
                    service = self._new_service("mx", url)
                    self._forget()
                    lead._verification_ask(["email"])
                    self._ask_all()
                    service.unlink()
                self.assertEqual(self._told(lead, "email")[2], reason)

    def test_an_address_must_be_one(self):
        for key, url in (
            ("mx", "dns://127.0.0.1:port"),
            ("mx", "127.0.0.1:0"),
            ("vies", "ftp://example.com"),
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                self._new_service(key, url)

    def test_only_administrators_see_keys_and_addresses(self):
        service = self._new_service(
            "companies_house", "https://example.com", secret="k"
        )
        known = service.with_user(self.manager)
        self.assertNotIn("secret", known.fields_get())
        self.assertNotIn("url", known.fields_get())
        self.assertFalse(
            self.env["lead.check.service"]
            .with_user(self.manager_b)
            .search([("id", "=", service.id)])
        )
