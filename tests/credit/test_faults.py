from datetime import timedelta

from odoo import fields

from ..verification.fakes import drip, hang
from .common import CreditCase, company, report


class TestFaults(CreditCase):
    """An agency that misbehaves sells nothing twice, and gives no band it has not."""

    def _run(self, **fake):
        """Check the credit of a lead of its own with a fake; then try again and again.

        :return: the check, and the fake
        """
        lead = self._new_credit_lead()
        with self._agency() as agency:
            for name, value in fake.items():
                setattr(agency, name, value)
            check = self._check(lead)
            for __ in range(3):
                if check.state == "wanted":
                    check.next_try = False
                self._buy_all()
        return check, agency

    def _assert_unknown(self, check, agency, sold=1):
        self.assertEqual(check.state, "unknown")
        self.assertTrue(check.reason_text)
        self.assertFalse(check.band)
        self.assertFalse(check.lead_id.credit_band)
        self.assertEqual(agency.sold, sold)

    def test_01_no_login(self):
        check, agency = self._run(on_login=(401, {}))
        self.assertEqual((check.state, agency.sold), ("wanted", 0))
        self.assertTrue(check.provider_id.last_error)

    def test_02_token_expired_on_the_way(self):
        check, agency = self._run(on_buy=[(401, {})])
        self.assertEqual((check.state, check.band), ("done", "green"))
        self.assertEqual((agency.sold, agency.logins), (1, 2))

    def test_03_too_many_calls(self):
        lead = self._new_credit_lead()
        with self._agency() as agency:
            agency.on_buy = [(429, {}, {"Retry-After": "7200"})]
            check = self._check(lead)
            self.assertEqual((check.state, agency.sold), ("wanted", 0))
            soon = fields.Datetime.now() + timedelta(seconds=7000)
            self.assertGreater(check.next_try, soon)
            self._buy_all()
            self.assertEqual(agency.sold, 0)
            check.next_try = False
            self._buy_all()
        self.assertEqual((check.state, agency.sold), ("done", 1))

    def test_04_error_of_the_server(self):
        self._assert_unknown(*self._run(on_buy=(500, {"error": "x"})))

    def test_05_no_answer_after_it_was_charged(self):
        self._assert_unknown(*self._run(on_buy=hang))

    def test_06_error_in_place_of_the_report(self):
        self._assert_unknown(*self._run(on_buy=(200, {"error": "no access"})))

    def test_06_page_in_place_of_the_report(self):
        self._assert_unknown(*self._run(on_buy=(200, b"<html>")))

    def test_07_sections_failed(self):
        body = report(failedSections=["creditScore"])
        del body["report"]["creditScore"]
        check, agency = self._run(reports=[body])
        self.assertEqual((check.state, check.band), ("done", "none"))
        self.assertEqual(agency.sold, 1)
        self.assertIn("incomplete", check.reasons)
        self.assertFalse(check.has_limit)

    def test_08_texts_for_numbers(self):
        check, __ = self._run(reports=[report(limit="25,999.00")])
        self.assertEqual((check.limit, check.has_limit), (25_000, True))
        check, __ = self._run_other(report(limit="0"))
        self.assertEqual((check.limit, check.has_limit), (0, True))

    def _run_other(self, body):
        """As :meth:`_run`, with a company that is not known yet."""
        number = f"{self.env['lead.credit.check'].search_count([]):08d}"
        body["report"]["companySummary"]["companyRegistrationNumber"] = number
        body["orderReference"] = f"R-{number}"
        lead = self._new_credit_lead(vat=number)
        with self._agency() as agency:
            agency.found = [company(number=number)]
            agency.reports = [body]
            check = self._check(lead)
        return check, agency

    def test_09_no_limit(self):
        check, __ = self._run(reports=[report(limit="Credit Limit not applicable")])
        self.assertEqual((check.limit, check.has_limit), (0, False))
        self.assertIn("no_limit", check.reasons)
        self.assertNotIn("0.00", str(check._get_explanation()[0]))

    def test_10_not_rated_is_not_bankrupt(self):
        check, __ = self._run_other(report("E", description="Not rated"))
        self.assertEqual((check.state, check.band), ("done", "none"))
        check, __ = self._run_other(report("E", description="Company is insolvent"))
        self.assertEqual(check.band, "red")
        check, __ = self._run_other(report("A", status="NonActive"))
        self.assertEqual(check.band, "none")
        check, __ = self._run_other(report("?"))
        self.assertEqual(check.band, "none")

    def test_11_none_or_many_found(self):
        check, agency = self._run(found=[])
        self.assertEqual((check.state, agency.sold), ("no_match", 0))
        seven = [company(f"GB-{n}", f"C{n}", f"0000000{n}") for n in range(7)]
        check, agency = self._run(found=seven)
        self.assertEqual((check.state, agency.sold), ("ambiguous", 0))
        self.assertEqual(len(check.candidates), 7)
        self.assertEqual(set(check.candidates[0]), {"ref", "name", "number", "town"})

    def test_12_report_of_another_company(self):
        check, agency = self._run(reports=[report(number="66666666")])
        self._assert_unknown(check, agency)
        self.assertEqual(check.refusal, "other_company")
        self.assertFalse(check.report_ids)

    def test_13_much_too_large(self):
        self._assert_unknown(*self._run(on_buy=(200, b" " * 10_000_000)))

    def test_14_redirected_to_this_machine(self):
        away = (302, {}, {"Location": "http://127.0.0.1:1/report"})
        self._assert_unknown(*self._run(on_buy=away))

    def test_15_other_currency(self):
        check, __ = self._run(reports=[report(currency="GBP")])
        self.assertEqual((check.currency_id.name, check.limit), ("GBP", 25_000))
        self.assertIn("other_currency", check.reasons)
        check, __ = self._run_other(report(currency="???"))
        self.assertEqual((check.has_limit, check.limit), (False, 0))

    def test_16_an_earlier_report_again(self):
        self._run()
        lead = self._new_credit_lead(vat="87654321")
        with self._agency() as agency:
            agency.found = [company(number="87654321")]
            agency.reports = [report(number="87654321", reference="R-1")]
            check = self._check(lead)
        self._assert_unknown(check, agency)
        self.assertEqual(check.refusal, "duplicate_reference")

    def test_17_a_letter_at_a_time(self):
        self._assert_unknown(*self._run(on_buy=drip))

    def test_a_search_that_fails_is_tried_again_and_given_up(self):
        check = self._ask()
        self._approve(check)
        with self._agency() as agency:
            agency.on_search = (500, {})
            for __ in range(7):
                check.next_try = False
                self._buy_all()
            self.assertEqual(agency.sold, 0)
        self.assertEqual((check.state, check.refusal), ("refused", "no_answer"))


class TestKnownCompany(CreditCase):
    """One company is bought once, on whatever lead and however it is asked for."""

    def test_found_by_name_and_bought_already(self):
        with self._agency() as agency:
            self._check()
            other = self._check(self._new_credit_lead(vat=False))
            self.assertEqual(agency.sold, 1)
        self.assertEqual((other.state, other.cost), ("done", 0))
        self.assertIn("cached", other.reasons)

    def test_written_in_another_way(self):
        with self._agency() as agency:
            self._check(self._new_credit_lead(vat="12 34 56 78"))
            self._check()
            self.assertEqual(agency.sold, 1)

    def test_the_agency_knows_it_by_another_number(self):
        """Who asks by VAT number is told the number of the register."""
        with self._agency() as agency:
            for __ in range(2):
                check = self._check(self._new_credit_lead(vat="GB980780684"))
                self.assertEqual(check.state, "done")
            self._check()
            self.assertEqual(agency.sold, 1)

    def test_two_workers_at_once(self):
        first, second = (self._ask(self._new_credit_lead()) for __ in range(2))
        for check in (first, second):
            self._approve(check)
        self.env.flush_all()
        Check = self.env["lead.credit.check"]
        with self._agency() as agency:
            check_id, client, values = Check._claim()
            # another worker takes the other one, while the first is being bought
            self._buy_all()
            self.assertEqual((second.state, agency.sold), ("wanted", 0))
            first._save_outcome(Check._call(check_id, client, values))
            second.next_try = False
            self._buy_all()
            self.assertEqual(agency.sold, 1)
        self.assertEqual((first.state, second.state), ("done", "done"))

    def test_what_may_have_been_charged_holds_for_other_leads(self):
        first, second = (self._ask(self._new_credit_lead()) for __ in range(2))
        with self._agency() as agency:
            agency.on_buy = (500, {})
            for check in (first, second):
                self._approve(check)
            self._buy_all()
            self.assertEqual(agency.sold, 1)
            self.assertEqual(second.refusal, "uncertain_company")
            # who asks now knows
            self.env.cr.execute(
                "UPDATE lead_credit_check SET called = called - interval '1 hour'"
            )
            agency.on_buy = None
            self.env.invalidate_all()
            third = self._check(self._new_credit_lead())
            self.assertEqual((third.state, agency.sold), ("done", 2))

    def test_a_claim_that_is_gone_buys_nothing(self):
        check = self._ask()
        self._approve(check)
        self.env.flush_all()
        Check = self.env["lead.credit.check"]
        with self._agency() as agency:
            claimed = Check._claim()
            check._move("unknown", refusal="interrupted")
            self.assertEqual(Check._call(*claimed)[0], "settled")
            self.assertEqual(agency.sold, 0)
