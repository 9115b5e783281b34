from odoo.exceptions import AccessError, UserError

from odoo.addons.lead_management.tests.common import LeadHistoryCase


class TestBacktest(LeadHistoryCase):
    def _test(self):
        self.model.with_user(self.manager).action_backtest()
        return self.model.backtest

    def test_quality_and_calibration(self):
        report = self._test()
        won = len(self.leads.filtered(lambda lead: lead.won_status == "won"))
        self.assertEqual((report["leads"], report["won"]), (400, won))
        self.assertEqual(report["captured"], 400)
        self.assertEqual(report["warnings"], [])
        this, active, *__ = report["models"]
        self.assertGreater(this["auc"], 0.65)
        self.assertEqual(active["auc"], 0.5)
        self.assertEqual(sum(band["leads"] for band in this["bands"]), 400)
        verdicts = {rule["name"]: rule["verdict"] for rule in report["rules"]}
        self.assertEqual(
            verdicts, {"Website": "right", "None": "wrong", "America": "weak"}
        )
        met = self.leads.filtered("website")
        rate = len(met.filtered(lambda lead: lead.won_status == "won")) / len(met)
        self.assertEqual(self.website.tested_leads, len(met))
        self.assertAlmostEqual(self.website.tested_rate, rate)
        self.assertAlmostEqual(self.website.tested_lift, rate / (won / 400))

    def test_replays_what_was_known_at_capture(self):
        """A website found out later proves nothing."""
        before = self._test()["models"][0]["auc"]
        self.assertLess(before, 0.8)
        won = self.leads.filtered(lambda lead: lead.won_status == "won")
        won.website = "https://found-later.example"
        (self.leads - won).website = False
        self.assertEqual(self._test()["models"][0]["auc"], before)
        self.env["lead.score.snapshot"].search([]).unlink()
        report = self._test()
        self.assertGreater(report["models"][0]["auc"], 0.85)
        self.assertEqual(report["captured"], 0)
        self.assertIn("today", report["warnings"])

    def test_nothing_that_separates(self):
        (self.website + self.no_website).active = False
        self.assertIn("no_signal", self._test()["warnings"])

    def test_few_closed_leads(self):
        self.leads[:300].stage_id = self._stage("open")
        self.assertIn("few", self._test()["warnings"])

    def test_open_leads_that_would_change(self):
        self.env["crm.lead"].create(
            [
                {"name": "Open", "website": "https://x.example", "user_id": False},
                {"name": "Open", "user_id": False},
            ]
        )
        self.env.cr.flush()
        self.model.warm_from = 25
        self.assertEqual(
            self._test()["open"],
            {
                "leads": 2,
                "warmer": 1,
                "colder": 0,
                "hot_before": 0,
                "hot_after": 0,
                "rerouted": None,
            },
        )
        self._new_assignment_rule([("score_total", ">=", 25)])
        self._new_assignment_rule([])
        self.assertEqual(self._test()["open"]["rerouted"], 1)
        self.assertEqual(self.model.state, "draft")

    def test_leads_of_other_companies_are_left_out(self):
        self.leads[:100].with_context(tracking_disable=True).write(
            {"user_id": False, "team_id": False, "company_id": self.company_b.id}
        )
        self.env["lead.score.snapshot"].search([]).unlink()
        self.assertEqual(self._test()["leads"], 300)

    def test_rep_may_not(self):
        with self.assertRaises(AccessError):
            self.model.with_user(self.rep).action_backtest()


class TestSuggestion(LeadHistoryCase):
    def _suggest(self, **values):
        action = self.model.with_user(self.manager).action_open_suggestion()
        suggestion = (
            self.env["lead.score.suggestion"]
            .with_user(self.manager)
            .browse(action["res_id"])
        )
        suggestion.write(values)
        return suggestion

    def test_draft_with_readable_rules(self):
        suggestion = self._suggest()
        self.assertEqual(suggestion.closed_count, 400)
        self.assertEqual(suggestion.method, "best")
        action = suggestion.action_suggest()
        draft = self.env["lead.score.model"].browse(action["res_id"])
        self.assertEqual((draft.state, draft.version), ("draft", 2))
        points = {rule.name: rule.points for rule in draft.rule_ids}
        self.assertGreater(points["Website: given"], 0)
        self.assertLess(points["Website: not set"], 0)
        bands = draft.rule_ids.filtered(lambda rule: rule.kind == "bands")
        self.assertEqual(bands.field_path, "employee_count")
        self.assertLess(bands.band_ids[1].points, bands.band_ids[-1].points)
        self.assertFalse([name for name in points if name.startswith("Country")])
        draft.action_backtest()
        self.assertGreater(draft.backtest["models"][0]["auc"], 0.75)
        self.assertEqual(
            self.model.rule_ids, self.website + self.no_website + self.america
        )

    def test_both_methods_and_limits(self):
        for method in ("joint", "independent"):
            for limit in ("10", "20", "40"):
                suggestion = self._suggest(method=method, rule_limit=limit)
                draft = self.env["lead.score.model"].browse(
                    suggestion.action_suggest()["res_id"]
                )
                self.assertTrue(draft.rule_ids)
                self.assertGreaterEqual(draft.hot_from, draft.warm_from)

    def test_fields_that_leak_are_marked(self):
        won = self.leads.filtered(lambda lead: lead.won_status == "won")
        self.env["lead.score.snapshot"].search([]).unlink()
        won.linkedin_url = "https://www.linkedin.com/in/customer"
        lines = self._suggest().field_line_ids
        leak = lines.filtered(lambda line: line.field_name == "linkedin_url")
        self.assertTrue(leak.warning)
        self.assertFalse(leak.is_used)
        good = lines.filtered(lambda line: line.field_name == "website")
        self.assertFalse(good.warning)
        self.assertTrue(good.is_used)
        for name in ("stage_id", "probability", "lost_reason_id", "won_status"):
            self.assertNotIn(name, lines.mapped("field_name"))

    def test_choosing_fields(self):
        suggestion = self._suggest()
        suggestion.field_line_ids.is_used = False
        with self.assertRaises(UserError):
            suggestion.action_suggest()

    def test_forged_field_is_ignored(self):
        suggestion = self._suggest()
        line = suggestion.field_line_ids[0].sudo()
        line.field_name = "lost_reason_id"
        suggestion.action_suggest()

    def test_without_lost_leads(self):
        self.leads.stage_id = self._stage("customer")
        suggestion = self._suggest()
        with self.assertRaises(UserError):
            suggestion.action_suggest()
