from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import CreditCase, company, report


class TestPolicy(CreditCase):
    """Nobody is called without threshold, basis, money and a second person."""

    def _assert_refused(self, words, **values):
        with self._agency() as agency:
            with self.assertRaisesRegex(UserError, words):
                self._ask(**values)
            self._buy_all()
            self.assertEqual((agency.searches, agency.sold, agency.logins), (0, 0, 0))

    def test_below_the_threshold(self):
        self.lead.expected_revenue = 9_999
        self._assert_refused("below the threshold")

    def test_threshold_on_the_score(self):
        self.policy.write({"threshold_score": 60, "threshold_amount": 0})
        self._assert_refused("below the threshold")
        self.policy.write({"threshold_any": True, "threshold_amount": 10_000})
        self.assertTrue(self._ask())

    def test_without_a_basis(self):
        self.policy.basis = False
        self._assert_refused("no legal basis")

    def test_a_basis_needs_its_reasoning(self):
        with self.assertRaises(ValidationError):
            self.policy.basis_text = " "

    def test_a_natural_person_needs_its_own_basis_and_a_consent(self):
        self._assert_refused("no legal basis", legal_form="person")
        self.policy.write(
            {"person_basis": "consent", "person_basis_text": "They agreed."}
        )
        self._assert_refused("no consent", legal_form="person")
        check = self._ask(
            legal_form="person", consent_text="I agree", consent_proof="Letter"
        )
        consent = self.env["lead.credit.consent"].search([])
        self.assertEqual((consent.lead_id, consent.user_id), (self.lead, self.rep))
        self.assertEqual((check.basis, check.consent_id), ("consent", consent))
        # withdrawn before it was bought
        with self._agency() as agency:
            self._approve(check)
            consent.with_user(self.rep).action_withdraw()
            self._buy_all()
            self.assertFalse(agency.logins)
        self.assertEqual((check.state, check.refusal), ("refused", "no_consent"))

    def test_over_budget(self):
        self.policy.monthly_budget = 4
        self._assert_refused("budget of this month")
        self.policy.write({"monthly_budget": 100, "check_budget": 3})
        self._assert_refused("costs more")

    def test_the_budget_is_looked_at_again_when_it_is_bought(self):
        self.policy.monthly_budget = 9
        other = self._new_credit_lead(vat="87654321")
        checks = self._ask() + self._ask(other)
        for check in checks:
            self._approve(check)
        with self._agency() as agency:
            self._buy_all()
            self.assertEqual(agency.sold, 1)
        self.assertEqual(checks.mapped("state"), ["done", "refused"])
        self.assertEqual(checks[1].refusal, "monthly_budget")

    def test_without_an_agency(self):
        self.policy.provider_ids = False
        self._assert_refused("names no agency")

    def test_without_a_country(self):
        self.lead.country_id = False
        self._assert_refused("country are missing")

    def test_nobody_approves_a_check_of_their_own(self):
        check = self._ask(user=self.manager)
        with self._agency() as agency:
            with self.assertRaisesRegex(UserError, "of their own"):
                self._approve(check, self.manager)
            self._buy_all()
            self.assertFalse(agency.logins)
        self.assertEqual(check.state, "approval")

    def test_only_the_named_approve(self):
        self.policy.approver_ids = self.leader
        check = self._ask()
        for user in (self.manager, self.rep):
            with self.assertRaises(UserError):
                self._approve(check, user)
        with self.assertRaises(AccessError):
            self._approve(check, self.manager_b)
        task = self.lead.activity_ids.filtered("credit_check_id")
        self.assertEqual(task.user_id, self.leader)
        self._approve(check, self.leader)
        self.assertEqual(check.approver_id, self.leader)
        self.assertFalse(task.exists())

    def test_below_an_amount_nobody_approves(self):
        self.lead.expected_revenue = 15_000
        with self._agency() as agency:
            check = self._check()
            self.assertEqual(agency.sold, 1)
        self.assertEqual((check.state, check.band), ("done", "green"))
        self.assertFalse(check.approver_id)

    def test_an_amount_that_grew_needs_approval_after_all(self):
        self.lead.expected_revenue = 15_000
        check = self._ask()
        self.lead.expected_revenue = 60_000
        with self._agency() as agency:
            self._buy_all()
            self.assertFalse(agency.logins)
        self.assertEqual(check.state, "refused")

    def test_declined(self):
        check = self._ask()
        check.with_user(self.manager).action_decline()
        self.assertEqual((check.state, check.refusal), ("refused", "declined"))
        with self._agency() as agency:
            self._buy_all()
            self.assertFalse(agency.logins)
        with self.assertRaises(UserError):
            self._approve(check)

    def test_one_at_a_time(self):
        self._ask()
        with self.assertRaisesRegex(UserError, "already under way"):
            self._ask()

    def test_other_people_and_companies(self):
        with self.assertRaises(AccessError):
            self._ask(user=self.rep_2)
        lead = self._new_lead(
            user_id=self.rep_b.id,
            team_id=self.team_b.id,
            company_id=self.company_b.id,
            expected_revenue=90_000,
            country_id=self.uk.id,
            partner_name="X",
        )
        with self.assertRaisesRegex(UserError, "no policy"):
            self._ask(lead, user=self.rep_b)

    def test_managers_only(self):
        self.policy.asked_by = "manager"
        self._assert_refused("sales managers")
        self.assertTrue(self._ask(user=self.manager))

    def test_a_change_is_another_version_and_old_checks_keep_theirs(self):
        check = self._ask()
        self.assertEqual(check.policy_version, 1)
        self.policy.threshold_amount = 20_000
        self.assertEqual(self.policy.version, 2)
        self.assertEqual(check.policy_version, 1)
        self.assertIn("version 1", check.policy_text)


class TestResults(CreditCase):
    def test_a_result_with_all_that_led_to_it(self):
        with self._agency() as agency:
            check = self._check()
            self.assertEqual((agency.sold, agency.searches), (1, 1))
        self.assertEqual(
            (check.state, check.band, check.limit), ("done", "green", 25_000)
        )
        until = fields.Date.context_today(check) + timedelta(days=90)
        self.assertEqual(check.valid_until, until)
        self.assertEqual((check.reference, check.cost), ("R-1", 5))
        lead = self.lead.with_user(self.rep)
        self.assertEqual((lead.credit_band, lead.credit_until), ("green", until))
        self.assertIn(lead, lead.search([("credit_band", "=", "green")]))
        told = str(check.with_user(self.rep)._get_explanation())
        for text in (
            "Low Risk",
            "25,000",
            "Hollis Ltd",
            "They asked to pay by invoice.",
            "version 1",
            self.rep.name,
            self.manager.name,
            "R-1",
        ):
            self.assertIn(text, told)

    def test_the_same_company_is_not_bought_twice(self):
        with self._agency() as agency:
            self._check()
            again = self._check()
            other = self._check(self._new_credit_lead())
            self.assertEqual(agency.sold, 1)
        for check in again + other:
            self.assertEqual(
                (check.state, check.band, check.cost), ("done", "green", 0)
            )
            self.assertIn("cached", check.reasons)

    def test_expiry_purges_the_report_and_keeps_band_and_dates(self):
        with self._agency():
            check = self._check()
        self.assertTrue(check.report_ids)
        yesterday = fields.Date.context_today(check) - timedelta(days=1)
        check.valid_until = yesterday
        self.env["lead.credit.check"]._expire()
        self.assertEqual((check.state, check.band), ("expired", "green"))
        self.assertEqual(check.valid_until, yesterday)
        self.assertFalse(check.report_ids)
        self.assertFalse(self.lead.credit_band)

    def test_a_high_risk_makes_a_task_and_moves_nothing(self):
        stage = self.lead.stage_id
        with self._agency() as agency:
            agency.reports = [report("D", description="High Risk")]
            check = self._check()
        self.assertEqual(check.band, "red")
        self.assertEqual(self.lead.stage_id, stage)
        self.assertIn("payment terms", self.lead.activity_ids.mapped("summary")[0])

    def test_a_person_picks_among_several(self):
        self.lead.vat = False
        with self._agency() as agency:
            agency.found = [company(), company("GB-2", "Hollis Trading", "99999999")]
            check = self._check()
            self.assertEqual((check.state, agency.sold), ("ambiguous", 0))
            with self.assertRaises(UserError):
                self.lead.with_user(self.rep).action_credit_pick("GB-3")
            with self.assertRaises(AccessError):
                self.lead.with_user(self.rep_2).action_credit_pick("GB-2")
            agency.reports = [report(number="99999999")]
            self.lead.with_user(self.rep).action_credit_pick("GB-2")
            self._buy_all()
            self.assertEqual(agency.sold, 1)
        self.assertEqual((check.state, check.company_number), ("done", "99999999"))

    def test_one_company_of_another_name_is_not_taken_for_granted(self):
        self.lead.write({"vat": False, "partner_name": "Holly"})
        with self._agency() as agency:
            check = self._check()
            self.assertEqual((check.state, agency.sold), ("ambiguous", 0))

    def test_the_next_agency_is_asked_when_the_first_finds_nothing(self):
        second = self.provider.copy({"sequence": 20})
        self.policy.provider_ids += second
        with self._agency() as agency:
            agency.found = []
            second.url = self.provider.url
            check = self._check()
            self.assertEqual(agency.searches, 2)
        self.assertEqual((check.state, check.provider_id), ("no_match", second))

    def test_a_kill_after_the_claim_is_not_bought_again(self):
        check = self._ask()
        self._approve(check)
        self.env.flush_all()
        self.env["lead.credit.check"]._claim()
        self.assertEqual(check.state, "claimed")
        check.called = "2020-01-01 00:00:00"
        self.env["lead.credit.check"]._give_up_dead()
        self.assertEqual((check.state, check.refusal), ("unknown", "interrupted"))
        with self._agency() as agency:
            self._buy_all()
            self.assertFalse(agency.logins)

    def test_a_consent_withdrawn_counts_more_than_an_earlier_result(self):
        self.policy.write(
            {"person_basis": "consent", "person_basis_text": "They agreed."}
        )
        with self._agency():
            self._check()
            lead = self._new_credit_lead()
            check = self._ask(
                lead, legal_form="person", consent_text="Yes", consent_proof="Letter"
            )
            self._approve(check)
            check.consent_id.with_user(self.rep).action_withdraw()
            self._buy_all()
        self.assertEqual((check.state, check.refusal), ("refused", "no_consent"))
        self.assertFalse(lead.credit_band)

    def test_the_dialog_says_what_is_known(self):
        with self._agency() as agency:
            self._check()
            Ask = self.env["lead.credit.ask"].with_user(self.rep)
            self.assertIn("nothing is bought", Ask.new({"lead_id": self.lead}).note)
            agency.on_buy = (500, {})
            lead = self._new_credit_lead(vat="87654321")
            agency.found = [company(number="87654321")]
            self._check(lead)
            self.assertIn("been charged", Ask.new({"lead_id": lead}).note)

    def test_merged_leads_have_one_check_under_way(self):
        other = self._new_credit_lead(vat="87654321")
        mine, theirs = self._ask(), self._ask(other)
        merged = (self.lead + other).with_user(self.manager).merge_opportunity()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((mine + theirs).lead_id, merged)
        states = {check.lead_id and check.state for check in mine + theirs}
        self.assertEqual(states, {"approval", "refused"})
        self.assertEqual(len(merged.activity_ids.filtered("credit_check_id")), 1)


class TestGate(CreditCase):
    def test_a_stage_opens_with_a_result_or_a_reason(self):
        stage = self.env["crm.stage"].search(
            [("stage_type", "=", "negotiation")], limit=1
        )
        self.policy.gate_stage_ids = stage
        lead = self.lead.with_user(self.rep)
        with self.assertRaisesRegex(UserError, "Credit Check"):
            lead.stage_id = stage
        self.assertEqual(
            lead.action_gate_info(stage.id)["items"][0]["label"], "Credit Check"
        )
        with self._agency():
            self._check()
        lead.stage_id = stage
        self.assertEqual(lead.stage_id, stage)
        # one below the threshold is not asked
        small = self._new_credit_lead(expected_revenue=100).with_user(self.rep)
        small.stage_id = stage
        # a manager goes on, with a reason
        other = self._new_credit_lead(partner_name="Other", vat="1")
        with self.assertRaises(AccessError):
            other.with_user(self.rep).action_gate_override(stage.id, "x")
        other.with_user(self.manager).action_gate_override(stage.id, "Known for years")
        self.assertEqual(other.stage_id, stage)
        self.assertIn(other, other.search([("stage_gate_missing", "=", True)]))
        self.assertNotIn(lead, other.search([("stage_gate_missing", "=", True)]))

    def test_a_band_may_be_asked_for(self):
        stage = self.env["crm.stage"].search(
            [("stage_type", "=", "negotiation")], limit=1
        )
        self.policy.write({"gate_stage_ids": stage.ids, "gate_band": "green"})
        with self._agency() as agency:
            agency.reports = [report("C", description="Moderate Risk")]
            self._check()
        with self.assertRaises(UserError):
            self.lead.with_user(self.rep).stage_id = stage
        self.policy.gate_band = "amber"
        self.lead.with_user(self.rep).stage_id = stage
