import random
from ast import literal_eval

from odoo.addons.lead_management.models.scoring.proof.lead_score_history import OTHER
from odoo.addons.lead_management.tests.common import LeadHistoryCase
from odoo.addons.lead_management.tools import scorecard, scorecard_scale
from odoo.addons.lead_management.tools.scorecard import Suggestion
from odoo.addons.lead_management.tools.scorecard_buckets import Part


class SuggestionCase(LeadHistoryCase):
    def _open(self, **values):
        Suggestion_ = self.env["lead.score.suggestion"].with_user(self.manager)
        suggestion = Suggestion_.create({"model_id": self.model.id})
        suggestion.write(values)
        return suggestion

    def _suggest(self, **values):
        action = self._open(**values).action_suggest()
        draft = self.env["lead.score.model"].browse(action["res_id"])
        return draft.with_user(self.manager)

    def _line(self, suggestion, name):
        return suggestion.field_line_ids.filtered(lambda line: line.field_name == name)

    def _forget_captures(self):
        """Leads as imported from elsewhere, closed: nothing was kept at capture."""
        self.env["lead.score.snapshot"].search([]).unlink()

    def _new_open(self, count=60, **values):
        leads = self.env["crm.lead"].create(
            [
                {"name": f"Open {n}", "user_id": self.rep.id, **values}
                for n in range(count)
            ]
        )
        self.env.cr.flush()
        return leads

    def _score(self, draft, leads):
        """Return what a version makes of leads, by the engine."""
        self.env.flush_all()
        query = draft._new_lead_query(leads.ids)
        scores = draft._sql_scores([draft.sudo()._to_data()], query)
        rows = self.env.execute_query(scores)
        return {row[0]: row[4] for row in rows}


class TestImportedHistory(SuggestionCase):
    def test_filled_on_the_way_is_not_ticked(self):
        """Known of closed leads, and of no new one: it says nothing of the next."""
        draw = random.Random(1)
        self._forget_captures()
        self._new_open(website="https://example.com")
        for lead in self.leads:
            lead.preferred_channel = draw.choice(["phone", "email"])
        suggestion = self._open()
        self.assertEqual(suggestion.unknown_count, 400)
        line = self._line(suggestion, "preferred_channel")
        self.assertFalse(line.is_used)
        self.assertIn("100%", line.warning)
        self.assertIn("0%", line.warning)
        self.assertTrue(self._line(suggestion, "website").is_used)

    def test_as_captured_nothing_is_suspected(self):
        self._new_open()
        self.leads.preferred_channel = "phone"
        self.leads[:100].preferred_channel = "email"
        suggestion = self._open()
        self.assertEqual((suggestion.unknown_count, suggestion.edited_count), (0, 0))
        self.assertTrue(self._line(suggestion, "website").is_used)

    def test_changed_after_it_came_in(self):
        self._forget_captures()
        self.env.cr.flush()
        field = self.env["ir.model.fields"]._get("crm.lead", "country_id")
        for lead in self.leads[:40]:
            message = lead.message_post(body="changed")
            self.env["mail.tracking.value"].sudo().create(
                {"mail_message_id": message.id, "field_id": field.id}
            )
        line = self._line(self._open(), "country_id")
        self.assertFalse(line.is_used)
        self.assertIn("40", line.warning)

    def test_changed_later_is_counted(self):
        self._forget_captures()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET write_date = create_date + interval '2 days' "
            "WHERE id = ANY(%s)",
            [self.leads[:7].ids],
        )
        self.assertEqual(self._open().edited_count, 7)


class TestProof(SuggestionCase):
    def test_said_is_less_than_on_the_leads_learnt_from(self):
        draft = self._suggest()
        learnt = draft.learnt
        self.assertEqual((learnt["leads"], learnt["won"]), (400, sum(self._outcomes())))
        self.assertTrue(learnt["low"] < learnt["crossed"] < learnt["high"])
        self.assertIn(learnt["method"], scorecard.METHODS)
        self.assertIn("0.", draft.learnt_summary)
        draft.action_backtest()
        report = draft.backtest
        self.assertIn("in_sample", report["warnings"])
        this, crossed, *__ = report["models"]
        self.assertEqual(crossed["key"], "crossed")
        self.assertEqual(crossed["auc"], learnt["crossed"])
        self.assertEqual(
            (crossed["low"], crossed["high"]), (learnt["low"], learnt["high"])
        )

    def _outcomes(self):
        return [lead.won_status == "won" for lead in self.leads]

    def test_versions_of_ones_own_have_no_such_line(self):
        self.model.action_backtest()
        keys = [row["key"] for row in self.model.backtest["models"]]
        self.assertNotIn("crossed", keys)
        self.assertNotIn("in_sample", self.model.backtest["warnings"])
        self.assertFalse(self.model.learnt_summary)
        self.assertFalse(self._suggest().copy().learnt)

    def test_fewer_leads_a_wider_interval_in_words(self):
        few = self.model._describe_width(0.1)
        many = self.model._describe_width(0.02)
        self.assertIn("rough", few)
        self.assertNotEqual(few, many)

    def test_nobody_is_hot_by_a_tie(self):
        """Three quarters of the leads score alike: no threshold lies among them."""
        self.leads.employee_count = 100
        self._forget_captures()
        draft = self._suggest()
        draft.action_backtest()
        shares = draft.backtest["hot"]
        self.assertLessEqual(shares["hot"], 0.45)
        self.assertAlmostEqual(shares["hot"], draft.learnt["hot"])
        self.assertAlmostEqual(shares["warm"], draft.learnt["warm"])

    def test_a_method_of_ones_own_choice(self):
        self.assertEqual(
            self._suggest(method="independent").learnt["method"], "independent"
        )
        self.assertIn(
            self._suggest(method="joint").learnt["method"], ("joint", "pairs")
        )

    def test_a_prediction_that_is_none_is_no_rival(self):
        self.env.cr.execute(
            "UPDATE lead_score_snapshot SET values = values || "
            "'{\"automated_probability\": 0}'"
        )
        self.model.action_backtest()
        keys = [row["key"] for row in self.model.backtest["models"]]
        self.assertNotIn("odoo", keys)
        self.env.cr.execute(
            "UPDATE lead_score_snapshot SET values = values || "
            "'{\"automated_probability\": 50}'"
        )
        self.model.action_backtest()
        keys = [row["key"] for row in self.model.backtest["models"]]
        self.assertNotIn("odoo", keys)
        self.env.cr.execute(
            "UPDATE lead_score_snapshot SET values = values || jsonb_build_object("
            "'automated_probability', lead_id % 90 + 1)"
        )
        self.model.action_backtest()
        keys = [row["key"] for row in self.model.backtest["models"]]
        self.assertIn("odoo", keys)


class TestColumns(SuggestionCase):
    def setUp(self):
        super().setUp()
        self._forget_captures()

    def _column(self, name):
        [column] = self.model._read_history([name]).columns
        return column

    def test_most_frequent_texts_and_the_others(self):
        for number, lead in enumerate(self.leads):
            lead.city = "Lyon" if number < 150 else f"Village {number}"
        values = self._column("city").values
        self.assertEqual(set(values), {"Lyon", OTHER})
        self.assertEqual(values.count("Lyon"), 150)

    def test_names_only_count_as_given(self):
        for number, lead in enumerate(self.leads[:300]):
            lead.city = f"Village {number}"
        self.assertEqual(set(self._column("city").values), {True, None})

    def test_campaigns_are_candidates(self):
        campaign = self.env["utm.campaign"].create({"title": "Fair"})
        self.leads[:200].campaign_id = campaign
        self.assertIn("campaign_id", self.model._get_candidates())
        self.assertEqual(set(self._column("campaign_id").values), {campaign.id, None})

    def test_zero_is_a_number(self):
        self.leads[0].employee_count = 0
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET employee_count = NULL WHERE id = %s",
            [self.leads[1].id],
        )
        values = self._column("employee_count").values
        self.assertEqual(values[:2], [0, None])

    def test_the_oldest_comes_first(self):
        self.assertEqual(self.model._read_history([]).ids, self.leads.ids)


class TestRules(SuggestionCase):
    """What was suggested, as rules: the engine gives the same points."""

    def setUp(self):
        super().setUp()
        self._forget_captures()
        draw = random.Random(5)
        cities = ["Lyon"] * 3 + ["Paris"] * 3
        for number, lead in enumerate(self.leads):
            lead.city = draw.choice([*cities, *[f"Village {number}"] * 4, False])
            lead.preferred_channel = draw.choice(["phone", "email", "sms", False])
            lead.employee_count = draw.choice([0, 1, 4, 7, 30])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET employee_count = NULL WHERE id = ANY(%s)",
            [self.leads[:60].ids],
        )
        self.env.invalidate_all()

    def _new_draft(self, found):
        names = ["city", "preferred_channel", "employee_count", "country_id", "website"]
        history = self.model._read_history(names)
        draft = self.model._copy_empty()
        self._open()._create_rules(draft, found, history.columns)
        totals = scorecard.totals_of(found, history.columns)
        draft._set_scale(scorecard_scale.scale_of(totals))
        return draft, dict(zip(history.ids, totals, strict=True))

    def _assert_same(self, found):
        draft, totals = self._new_draft(found)
        expected = {
            lead_id: scorecard_scale.score_of(
                total, draft.base_points, draft.full_points
            )
            for lead_id, total in totals.items()
        }
        self.assertGreater(len(set(expected.values())), 1)
        self.assertEqual(self._score(draft, self.leads), expected)
        return draft

    def _new(self, part, points, also=None):
        return Suggestion(*part, points, 0, 0, also)

    def test_several_values_in_one_rule(self):
        draft = self._assert_same(
            [self._new(Part("preferred_channel", "in", ("phone", "sms")), 12)]
        )
        self.assertEqual(
            literal_eval(draft.rule_ids.domain),
            [("preferred_channel", "in", ["phone", "sms"])],
        )
        self.assertIn("Phone or SMS", draft.rule_ids.name)

    def test_all_other_texts(self):
        draft = self._assert_same([self._new(Part("city", "is", OTHER), 9)])
        self.assertRegex(
            draft.rule_ids.name, "other than (Lyon or Paris|Paris or Lyon)"
        )
        self._assert_same([self._new(Part("city", "in", (OTHER, "Lyon")), 9)])

    def test_two_conditions(self):
        draft = self._assert_same(
            [
                self._new(
                    Part("preferred_channel", "is", "phone"),
                    20,
                    Part("employee_count", "band", None, 4, 30),
                ),
                self._new(
                    Part("website", "unset"), -8, Part("city", "in", ("Lyon", "Paris"))
                ),
            ]
        )
        self.assertEqual(
            draft.rule_ids[0].name,
            "Preferred Channel: Phone and Number of Employees: 4 to below 30",
        )
        self.assertEqual(len(draft.rule_ids), 2)

    def test_ranges_that_overlap(self):
        draft = self._assert_same(
            [
                self._new(Part("employee_count", "band", None, None, 7), 5),
                self._new(Part("employee_count", "band", None, 4, 30), 7),
                self._new(Part("employee_count", "band", None, 30, None), -4),
                self._new(Part("employee_count", "unset"), -9),
            ]
        )
        self.assertEqual(draft.rule_ids.kind, "bands")
        bands = draft.rule_ids.band_ids.filtered(lambda band: not band.is_unset)
        self.assertEqual(bands.mapped("points"), [5, 12, 7, -4])
        self.assertEqual(bands[0].display_name, "below 4")

    def test_what_is_smaller_than_all_before_belongs_to_the_first_range(self):
        self.leads.expected_revenue = 50
        [column] = self.model._read_history(["expected_revenue"]).columns
        part = self._new(Part("expected_revenue", "band", None, None, 7), 5)
        vals = self._open()._prepare_band_rule(column, [part])
        draft = self.model._copy_empty()
        draft.write({"base_points": 0, "full_points": 10})
        self.env["lead.score.rule"].create({**vals, "model_id": draft.id})
        below, zero, unknown = (
            self._new_lead(expected_revenue=number) for number in (-1000, 0, 1)
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET expected_revenue = NULL WHERE id = %s", [unknown.id]
        )
        scores = self._score(draft, below + zero + unknown)
        self.assertEqual(scores, {below.id: 50, zero.id: 50, unknown.id: 0})

    def test_all_that_is_found(self):
        names = ["city", "preferred_channel", "employee_count", "website"]
        history = self.model._read_history(names)
        for method in scorecard.METHODS:
            found = scorecard.suggest(history.columns, history.won, 20, method, 5)
            self._assert_same(found)
