from odoo.exceptions import AccessError, UserError

from odoo.addons.lead_management.models.base.apart import attempt

from .common import GOOD_MAIL, GOOD_PHONE, VerificationCase


class TestChecks(VerificationCase):
    """Checks follow the values of leads, and offer what may be done."""

    def test_new_lead_is_checked(self):
        self.assertEqual(
            self._told(self.lead, "email"), ("ok", "plausible", "email_fine")
        )
        self.assertEqual(
            self._told(self.lead, "phone"), ("ok", "plausible", "phone_fine")
        )
        self.assertEqual(
            self._told(self.lead, "name"), ("ok", "plausible", "name_fine")
        )
        self.assertEqual(
            self._told(self.lead, "company"), ("ok", "plausible", "company_fine")
        )
        self.assertFalse(self._current(self.lead, "vat"))
        self.assertEqual(self.lead.verification_state, "ok")

    def test_checks_of_new_leads_cost_no_statement_of_their_own(self):
        self._new_lead(name="Warm", email_from="w@firm.example")
        self.env.cr.flush()
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            lead = self._new_lead(user_id=self.rep.id, email_from="n@firm.example")
            self.env.cr.flush()
        inserts = [line for line in logs.output if "INSERT INTO lead_check " in line]
        self.assertEqual(len(inserts), 1)
        self.assertIn("INSERT INTO lead_verification", inserts[0])
        self.assertEqual(self._told(lead, "email")[0], "ok")

    def test_checks_of_new_leads_are_there_whenever_somebody_asks(self):
        new = self._new_lead(user_id=self.rep.id, email_from="n@firm.example")
        new._verify_evidence("email", "bounce", "wrong", "confirmed")
        self.assertEqual(self._told(new, "email")[0], "wrong")
        self.assertEqual(len(new.lead_check_ids), 2)
        new = self._new_lead(user_id=self.rep.id, email_from="m@firm.example")
        details = new.with_user(self.rep).action_verification_details("email")
        self.assertEqual(details["verdict"], "ok")
        # beside a lead that others know
        new = self._new_lead(user_id=self.rep.id, email_from="o@firm.example")
        self.lead.email_from = "p@firm"
        self.assertEqual(new.verification_email, "ok")
        self.assertEqual(self.lead.verification_email, "wrong")
        self.assertEqual(len(new.lead_check_ids), 1)
        # within what is undone
        try:
            with attempt(self.env):
                self._new_lead(user_id=self.rep.id, email_from="q@firm.example")
                self.env["crm.lead"]._verification_flush(may_wait=True)
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        new = self._new_lead(user_id=self.rep.id, email_from="r@firm.example")
        self.assertEqual(self._told(new, "email")[0], "ok")

    def test_a_changed_value_is_checked_and_the_old_check_is_kept(self):
        self.lead.with_user(self.rep).email_from = "ruth@gmial.com"
        self.assertEqual(
            self._told(self.lead, "email"), ("doubtful", "form", "email_typo")
        )
        checks = self.lead.lead_check_ids.filtered(lambda c: c.datum == "email")
        self.assertEqual(checks.sorted("id").mapped("is_current"), [False, True])
        self.assertEqual(self.lead.verification_state, "doubtful")
        self.assertEqual(self.lead.verification_email, "doubtful")

    def test_an_emptied_value_has_no_check(self):
        self.lead.phone = False
        self.assertEqual(self._told(self.lead, "phone"), (False, False, False))
        self.assertFalse(self.lead.verification_phone)

    def test_saving_is_never_refused_nor_a_value_rewritten(self):
        texts = ["", "x", "a@b", "a@b, c@d.com", "\u202e", "😀" * 500, "' OR 1=1 --"]
        for text in texts:
            values = dict.fromkeys(
                ("email_from", "phone", "contact_name", "partner_name", "vat", "zip"),
                text,
            )
            self.lead.write(values)
            self.env.cr.flush()
            self.assertEqual(self.lead.contact_name or "", text)
            self.assertEqual(self.lead.zip or "", text)

    def test_a_change_of_something_else_checks_nothing(self):
        before = self.lead.lead_check_ids
        self.lead.write({"color": 3, "email_from": GOOD_MAIL})
        self.env.cr.flush()
        self.lead.invalidate_recordset()
        self.assertEqual(self.lead.lead_check_ids, before)

    def test_a_national_number_is_unknown_until_the_country_is_set(self):
        self.lead.write({"phone": "0470 12 34 56", "country_id": False})
        self.assertEqual(
            self._told(self.lead, "phone"), ("unknown", "form", "phone_country")
        )
        self.lead.country_id = self.belgium
        self.assertEqual(self._told(self.lead, "phone")[0], "ok")

    def test_number_of_the_company(self):
        self.lead.write({"vat": "BE0403170702", "country_id": self.belgium.id})
        self.assertEqual(self._told(self.lead, "vat"), ("wrong", "form", "vat_digits"))
        # a wrong number does not keep a lead from being reached
        self.assertEqual(self.lead.verification_state, "doubtful")
        self.lead.vat = "BE0403170701"
        self.assertEqual(self._told(self.lead, "vat"), ("ok", "plausible", "vat_fine"))

    def test_the_number_goes_to_a_new_company_if_it_is_right(self):
        self.lead.write({"vat": "BE0403170701", "country_id": self.belgium.id})
        self.lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(self.lead.partner_id.commercial_partner_id.vat, "BE0403170701")
        other = self._new_lead(
            partner_name="Other", vat="BE1", country_id=self.belgium.id
        )
        other._handle_partner_assignment(create_missing=True)
        self.assertFalse(other.partner_id.commercial_partner_id.vat)

    def test_typo_is_corrected_by_one_click(self):
        lead = self.lead.with_user(self.rep)
        lead.email_from = "ruth@gmial.com"
        details = lead.action_verification_details("email")
        self.assertEqual(details["verdict"], "doubtful")
        self.assertEqual(details["offers"][0]["label"], "Correct to gmail.com")
        lead.action_verification_apply("email", "correct")
        self.assertEqual(lead.email_from, "ruth@gmail.com")
        self.assertEqual(lead.verification_email, "ok")

    def test_a_colleague_may_keep_a_value(self):
        lead = self.lead.with_user(self.rep)
        lead.contact_name = "XKCDQZ"
        self.assertEqual(lead.verification_name, "doubtful")
        lead.action_verification_apply("name", "keep")
        self.assertEqual(self._told(self.lead, "name"), ("ok", "plausible", "user"))
        self.assertEqual(self._current(self.lead, "name").author_id, self.rep)
        # as long as it is the same
        self.lead._verify(renew=True)
        self.assertEqual(self._told(self.lead, "name")[2], "user")

    def test_country_is_proposed_and_set_by_a_click(self):
        self.company.country_id = self.belgium
        lead = self.lead.with_user(self.rep)
        lead.write({"phone": "0470 12 34 56", "country_id": False})
        lead.action_verification_apply("phone", "country")
        self.assertEqual(lead.country_id, self.belgium)
        self.assertEqual(lead.verification_phone, "ok")

    def test_only_what_is_offered_is_done(self):
        lead = self.lead.with_user(self.rep)
        for datum, kind in (
            ("email", "correct"),
            ("phone", "country"),
            ("name", "keep"),
        ):
            with self.assertRaises(UserError):
                lead.action_verification_apply(datum, kind)
        with self.assertRaises(UserError):
            lead.action_verification_apply("street", "correct")
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep_2).action_verification_apply("email", "keep")
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep_b).action_verification_details("email")

    def test_checks_are_nobodys_to_write(self):
        for user in (self.rep, self.manager):
            check = self._current(self.lead, "email").with_user(user)
            with self.assertRaises(AccessError):
                check.verdict = "wrong"
            with self.assertRaises(AccessError):
                check.unlink()

    def test_marks_say_what_and_why_and_notice_other_values(self):
        mark = self.lead.verification_marks["email"]
        self.assertEqual(
            (mark["verdict"], mark["text"]), ("ok", "Format and domain are right")
        )
        self.assertRegex(
            mark["how"],
            r"^Format and rules, no network. Checked on \d.*, valid until the value",
        )
        self.lead._verify_evidence(
            "email", "mx_found", "ok", "exists", "provider", provider="mx",
            expiry="2099-01-31 00:00:00",
        )  # fmt: skip
        self.assertRegex(
            self.lead.verification_marks["email"]["how"],
            r"^Mail Servers \(DNS\). Checked on \d.*, valid until 01/31/2099",
        )
        self.env.cr.execute(
            "UPDATE crm_lead SET email_from = 'x@y.example' WHERE id = %s",
            [self.lead.id],
        )
        self.lead.invalidate_recordset()
        self.assertEqual(self.lead.verification_marks["email"]["verdict"], "unknown")
        self._run_cron()
        self.assertEqual(self.lead.verification_marks["email"]["verdict"], "ok")

    def test_search_and_groups(self):
        self.lead.email_from = "a@b"
        other = self._new_lead(user_id=self.rep.id, email_from="c@d.example")
        CrmLead = self.env["crm.lead"].with_user(self.rep)
        found = CrmLead.search([("verification_state", "=", "wrong")])
        self.assertIn(self.lead, found)
        self.assertNotIn(other, found)
        groups = CrmLead._read_group([], ["verification_state"], ["__count"])
        self.assertIn("wrong", dict(groups))
        self.assertIn(other, CrmLead.search([("verification_email", "=", "ok")]))

    def test_merged_leads_have_one_check_each(self):
        other = self._new_lead(
            user_id=self.rep.id,
            email_from=GOOD_MAIL,
            phone=GOOD_PHONE,
            contact_name="R H",
        )
        other._verify_evidence("email", "reply", "ok", "confirmed")
        self.env.cr.flush()
        merged = (self.lead + other).merge_opportunity()
        self.assertEqual(self._told(merged, "email"), ("ok", "confirmed", "reply"))


class TestEvidence(VerificationCase):
    def test_evidence_beats_rules_and_comes_back_with_its_value(self):
        self.lead._verify_evidence("email", "bounce", "wrong", "confirmed")
        self.assertEqual(
            self._told(self.lead, "email"), ("wrong", "confirmed", "bounce")
        )
        self.assertEqual(self.lead.verification_state, "wrong")
        self.lead.email_from = "other@firm.example"
        self.assertEqual(self._told(self.lead, "email")[0], "ok")
        self.lead.email_from = GOOD_MAIL
        self.assertEqual(
            self._told(self.lead, "email"), ("wrong", "confirmed", "bounce")
        )

    def test_what_says_less_is_not_recorded(self):
        self.lead._verify_evidence("email", "reply", "ok", "confirmed")
        self.lead._verify_evidence("email", "delivered", "ok", "exists")
        self.assertEqual(self._told(self.lead, "email"), ("ok", "confirmed", "reply"))
        self.lead._verify_evidence("email", "reply", "ok", "confirmed")
        kept = self.lead.lead_check_ids.filtered(lambda c: c.reason == "reply")
        self.assertEqual(len(kept), 1)

    def test_evidence_of_another_value_does_not_count(self):
        self.lead._verify_evidence(
            "email", "bounce", "wrong", "confirmed", value="old@firm.example"
        )
        self.assertEqual(self._told(self.lead, "email")[0], "ok")

    def test_evidence_expires(self):
        self.lead._verify_evidence(
            "email", "reply", "ok", "confirmed", expiry="2020-01-01 00:00:00"
        )
        self.assertEqual(self._told(self.lead, "email")[2], "reply")
        self.assertEqual(self.lead.verification_marks["email"]["verdict"], "unknown")
        self._run_cron()
        self.assertEqual(self._told(self.lead, "email")[2], "email_fine")
