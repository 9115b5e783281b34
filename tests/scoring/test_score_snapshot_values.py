from odoo.exceptions import UserError

from odoo.addons.lead_management.tests.common import LeadManagementCase

PERSON = {
    "contact_name": "Ada Lovelace",
    "email_from": "ada@example.com",
    "phone": "+32 2 290 34 90",
    "partner_name": "Analytical Engines",
    "street": "1 Mill Lane",
    "linkedin_url": "https://www.linkedin.com/in/ada",
}


class TestKeptValues(LeadManagementCase):
    def _capture(self, **values):
        lead = (
            self.env["crm.lead"]
            .with_user(self.rep)
            .create(
                {"name": "Ada wants a mill", "type": "opportunity", **PERSON, **values}
            )
        )
        self.env.cr.flush()
        return lead.sudo()

    def _values(self, lead):
        [snapshot] = lead.score_snapshot_ids.filtered(lambda s: s.moment == "capture")
        return snapshot.values

    def test_nothing_of_a_person_is_kept(self):
        values = self._values(self._capture(employee_count=12))
        text = str(values)
        for word in ("Ada", "ada@", "290", "Analytical", "Mill", "linkedin.com"):
            self.assertNotIn(word, text)
        self.assertEqual(values["employee_count"], 12)
        self.assertEqual(values["won_status"], "pending")
        self.assertNotIn("name", values)

    def test_whether_it_is_there_is_kept(self):
        values = self._values(self._capture(street=False))
        self.assertTrue(values["phone"])
        self.assertFalse(values["street"])

    def test_a_rule_that_only_asks_whether_it_is_there(self):
        self._new_score_rule([("contact_name", "!=", False)])
        self.assertNotIn("Ada", str(self._values(self._capture())))

    def test_a_rule_that_reads_it_keeps_it(self):
        self._new_score_rule([("contact_name", "ilike", "ada")])
        self.assertEqual(self._values(self._capture())["contact_name"], "Ada Lovelace")

    def test_what_is_taken_off_the_lead_goes_here_too(self):
        self._new_score_rule([("contact_name", "ilike", "ada")])
        lead = self._capture()
        lead.with_user(self.rep).contact_name = False
        values = self._values(lead)
        self.assertNotIn("contact_name", values)
        self.assertEqual(values["won_status"], "pending")

    def test_empty_when_the_person_is_erased(self):
        lead, other = self._capture(), self._capture()
        (lead).with_user(self.rep).write(
            {"contact_name": False, "email_from": False, "phone": False}
        )
        self.assertFalse(self._values(lead))
        self.assertTrue(self._values(other))

    def test_who_was_never_known_is_not_erased(self):
        nobody = dict.fromkeys(("contact_name", "email_from", "phone"), False)
        lead = self._capture(**nobody)
        lead.with_user(self.rep).write({**nobody, "function": "Director"})
        self.assertTrue(self._values(lead))

    def test_gone_with_the_lead(self):
        lead = self._capture()
        snapshots = lead.score_snapshot_ids
        lead.unlink()
        self.assertFalse(snapshots.exists())

    def test_what_was_kept_before_is_stripped(self):
        lead = self._capture()
        self.env.cr.execute(
            "UPDATE lead_score_snapshot SET values = to_jsonb(lead) FROM crm_lead lead "
            "WHERE lead.id = lead_id AND lead_id = %s",
            [lead.id],
        )
        self.env["lead.score.snapshot"]._strip()
        self.env.invalidate_all()
        values = self._values(lead)
        self.assertNotIn("ada@", str(values))
        self.assertEqual(values["won_status"], "pending")


class TestReports(LeadManagementCase):
    def test_moments_and_temperatures_in_their_order(self):
        self._new_score_rule([], 40)
        leads = self._new_lead() + self._new_lead()
        leads[0].stage_id = self._stage("customer")
        leads[1].stage_id = self._stage("unqualified")
        self.env.cr.flush()
        Snapshot = self.env["lead.score.snapshot"].with_user(self.manager)
        domain = [("lead_id", "in", leads.ids)]
        found = [m for m, __ in Snapshot._read_group(domain, ["moment"], ["__count"])]
        order = [key for key, __ in Snapshot._fields["moment"].selection]
        self.assertEqual(found, [key for key in order if key in found])
        self.assertEqual(found[0], "capture")
        lows = self.env["lead.score.snapshot"].search(domain)
        for snapshot, kind in zip(lows, ("hot", "cold", "warm"), strict=False):
            snapshot.temperature = kind
        groups = Snapshot._read_group(domain, ["temperature"], ["__count"])
        kinds = [kind for kind, __ in groups if kind]
        self.assertEqual(kinds, [k for k in ("cold", "warm", "hot") if k in kinds])

    def test_never_tested_is_no_zero(self):
        model = self.env["lead.score.model"].create({"name": "New"})
        rule = self._new_score_rule([], model_id=model.id)
        self.assertEqual(rule.tested_text, "not tested")
        model.with_user(self.manager).action_backtest()
        rule.invalidate_recordset(["tested_text"])
        self.assertNotEqual(rule.tested_text, "not tested")

    def test_words_in_place_of_numbers_are_refused_with_a_sentence(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        for operator in ("=", "!=", ">=", "<"):
            for fname in ("score_total", "score_fit", "profile_completeness"):
                with self.assertRaisesRegex(UserError, "abc"):
                    Lead.search([(fname, operator, "abc")])
        with self.assertRaises(UserError):
            Lead.search([("score_total", "in", [1, "abc"])])
        Lead.search([("score_total", ">=", "12")])
        Lead.search([("score_temperature", "=", 5), ("score_grade", "!=", 7)])
