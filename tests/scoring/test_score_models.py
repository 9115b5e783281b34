"""Scoring models: scale, groups, every kind of rule, versions and companies."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase

REFUSED = (UserError, ValidationError, AccessError, ValueError)


class ScoreModelCase(LeadManagementCase):
    """One model for all leads, with no rules yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.score.model"].search([]).active = False
        cls.model = cls._new_model("Everyone")

    @classmethod
    def _new_model(cls, name, domain="[]", **values):
        return cls.env["lead.score.model"].create(
            {"name": name, "domain": domain, "state": "active", **values}
        )

    @classmethod
    def _rule(cls, domain="[]", points=10, model=None, **values):
        model = model or cls.model
        return cls._new_score_rule(domain, points, model_id=model.id, **values)

    @classmethod
    def _group(cls, **values):
        values = {"name": "Group", "model_id": cls.model.id, **values}
        return cls.env["lead.score.group"].create(values)

    @classmethod
    def _bands(cls, *pairs, unset=None, **values):
        """Create a rule of ranges; ``pairs`` are (from, points)."""
        bands = [{"value_from": low, "points": points} for low, points in pairs]
        if unset is not None:
            bands.append({"is_unset": True, "points": unset})
        return cls._rule(band_ids=[Command.create(band) for band in bands], **values)

    @classmethod
    def _answer_rule(cls, question, *points, unset=None, **values):
        """Create a rule that gives points to the options of a question, in order."""
        options = question.option_ids
        bands = [
            {"option_id": option.id, "points": number}
            for option, number in zip(options, points, strict=False)
        ]
        if unset is not None:
            bands.append({"is_unset": True, "points": unset})
        return cls._rule(
            kind="qualifier",
            qualifier_id=question.id,
            band_ids=[Command.create(band) for band in bands],
            **values,
        )

    def _reasons(self, lead):
        return {r["name"]: r["points"] for r in lead.score_reasons or ()}


class TestScale(ScoreModelCase):
    def test_base_and_full_points(self):
        self.model.write({"base_points": 10, "full_points": 40})
        self._rule(points=5)
        lead = self._new_lead()
        # 15 of 40 is 37.5: halves go up
        self.assertEqual((lead.score_total, lead.score_fit), (38, 38))
        self.assertEqual(self._reasons(lead)["Starting points"], 10)

    def test_halves_go_up(self):
        self.model.full_points = 200
        rule = self._rule()
        lead = self._new_lead()
        for points, total in ((1, 1), (3, 2), (99, 50), (-1, 0)):
            rule.points = points
            self.assertEqual(lead.score_total, total, points)

    def test_grades(self):
        fit = self._rule()
        engagement = self._rule(dimension="engagement")
        lead = self._new_lead()
        for fit.points, letter in ((24, "C"), (25, "B"), (49, "B"), (50, "A")):
            for engagement.points, digit in ((9, "3"), (10, "2"), (29, "2"), (30, "1")):
                self.assertEqual(lead.score_grade, letter + digit)

    def test_temperatures(self):
        rule = self._rule()
        lead = self._new_lead()
        for rule.points, name in (
            (29, "cold"),
            (30, "warm"),
            (59, "warm"),
            (60, "hot"),
        ):
            self.assertEqual(lead.score_temperature, name)

    def test_thresholds_are_checked(self):
        for values in (
            {"warm_from": 70},
            {"hot_from": 101},
            {"fit_b_from": -1},
            {"engagement_1_from": 5},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.model.write(values)

    def test_group_cap_and_floor(self):
        group = self._group(cap=20, floor=-5)
        self._rule(points=15, group_id=group.id)
        other = self._rule(points=15, group_id=group.id)
        lead = self._new_lead()
        self.assertEqual(lead.score_fit, 20)
        self.assertIn(-10, [r["points"] for r in lead.score_reasons])
        other.points = -100
        self.model.base_points = 50
        self.assertEqual(lead.score_fit, 45)
        self.assertEqual(sum(r["points"] for r in lead.score_reasons), 45)

    def test_group_without_rules_gives_nothing(self):
        """Its least points are those of its rules, so there is nothing to explain."""
        self._group(cap=20, floor=5)
        self._rule(points=7)
        lead = self._new_lead()
        self.assertEqual(lead.score_fit, 7)
        self.assertEqual([r["points"] for r in lead.score_reasons], [7])

    def test_group_cap_below_floor_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._group(cap=1, floor=2)

    def test_veto(self):
        self._rule(points=90)
        self._rule([("phone", "=", False)], kind="veto", name="No phone")
        lead = self._new_lead()
        self.assertEqual(lead.score_total, 0)
        self.assertEqual(lead.score_temperature, "cold")
        self.assertEqual(lead.score_grade, "C3")
        self.assertEqual(lead.score_reasons[0]["name"], "No phone")
        self.assertEqual(lead.score_reasons[0]["kind"], "veto")
        lead.phone = "+1 202 555 0100"
        self.assertEqual(lead.score_total, 90)

    def test_veto_on_everybody_is_refused(self):
        with self.assertRaises(ValidationError):
            self._rule(kind="veto")


class TestKinds(ScoreModelCase):
    def test_ranges_of_a_number(self):
        self._bands(
            (10, 5), (100, 20), unset=-7, kind="bands", field_path="employee_count"
        )
        self.model.base_points = 50
        lead = self._new_lead()
        for number, points in (
            (0, -7),
            (9, 0),
            (10, 5),
            (99, 5),
            (100, 20),
            (10**6, 20),
        ):
            lead.employee_count = number
            self.assertEqual(lead.score_fit, 50 + points, number)

    def test_fraction_as_border_of_a_whole_number(self):
        """Ten is less than ten and a half."""
        self._bands((10.5, 20), kind="bands", field_path="employee_count")
        lead = self._new_lead(employee_count=10)
        self.assertEqual(lead.score_fit, 0)
        lead.employee_count = 11
        self.assertEqual(lead.score_fit, 20)

    def test_number_of_a_related_record(self):
        path = "partner_id.partner_latitude"
        self._bands((-90, 3), (12.5, 9), unset=30, kind="bands", field_path=path)
        partner = self.env["res.partner"].create(
            {"name": "P", "partner_latitude": 12.5}
        )
        self.assertEqual(self._new_lead().score_fit, 30)
        lead = self._new_lead(partner_id=partner.id)
        self.assertEqual(lead.score_fit, 9)

    def test_only_numbers_have_ranges(self):
        for path in ("name", "no_such", "partner_id", "partner_id.no", "", "id."):
            with self.subTest(path=path), self.assertRaises(ValidationError):
                self._bands((1, 1), kind="bands", field_path=path)

    def test_completeness(self):
        self.env.ref("lead_management.lead_profile_item_phone").active = True
        self._bands((0, 1), (50, 5), (100, 40), kind="completeness")
        lead = self._new_lead()
        self.assertEqual((lead.profile_completeness, lead.score_fit), (0, 1))
        lead.phone = "+1 202 555 0100"
        self.assertEqual((lead.profile_completeness, lead.score_fit), (100, 40))

    def test_verification(self):
        self._bands((0, 1), (50, 10), (100, 30), kind="verification")
        lead = self._new_lead(country_id=self.env.ref("base.us").id)
        self.assertEqual(lead.score_fit, 1)
        lead.email_from = "ann@example.com"
        self.assertEqual(lead.score_fit, 10)
        lead.phone = "+1 202 555 0100"
        self.assertEqual(lead.score_fit, 30)
        lead.email_from = "nonsense"
        self.assertEqual(lead.score_fit, 10)

    def test_answers_have_points_of_their_own(self):
        need = self._new_qualifier("Pains", options=[("Much", 20), ("Little", 5)])
        lead = self._new_lead()
        lead.x_qualifier_pains = "much"
        self.assertEqual(lead.score_fit, 20)
        self.assertEqual(self._reasons(lead), {"Pains: Much": 20})
        need.active = False
        self.assertEqual(lead.score_fit, 0)

    def test_rule_of_a_question_replaces_the_points_of_its_answers(self):
        need = self._new_qualifier("Pains", options=[("Much", 20), ("Little", 5)])
        rule = self._answer_rule(need, 33, unset=2)
        lead = self._new_lead()
        self.assertEqual(lead.score_fit, 2)
        lead.x_qualifier_pains = "much"
        self.assertEqual(lead.score_fit, 33)
        lead.x_qualifier_pains = "little"
        self.assertEqual(lead.score_fit, 0)
        rule.active = False
        self.assertEqual(lead.score_fit, 5)

    def test_rule_that_was_about_a_question_leaves_it_alone(self):
        """What was chosen before the kind was changed must not count."""
        need = self._new_qualifier("Pains", options=[("Much", 20), ("Little", 5)])
        self._answer_rule(need, 33).write({"kind": "field", "points": 1})
        lead = self._new_lead()
        lead.x_qualifier_pains = "much"
        self.assertEqual(lead.score_fit, 21)

    def test_several_choices_add_up(self):
        goals = self._new_qualifier("Goals", "multiple", [("A", 0), ("B", 0), ("C", 0)])
        self._answer_rule(goals, 7, -2, 11)
        lead = self._new_lead()
        for chosen, points in ((goals.option_ids, 16), (goals.option_ids[:2], 5)):
            lead.x_qualifier_goals = [Command.set(chosen.ids)]
            self.assertEqual(lead.score_fit, points)

    def test_ranges_of_an_answer(self):
        size = self._new_qualifier("Licences", "number")
        self._bands((0, 3), (10, 8), unset=40, kind="qualifier", qualifier_id=size.id)
        lead = self._new_lead()
        self.assertEqual(lead.score_fit, 40)
        for number, points in ((0, 3), (9.9999, 3), (10, 8), (-1, 0)):
            lead.x_qualifier_licences = number
            self.assertEqual(lead.score_fit, points, number)

    def test_question_of_another_company(self):
        """A rule of another company neither counts answers nor tells of them."""
        goals = self._new_qualifier("Goals", options=[("A", 0)])
        self._answer_rule(goals, 9, company_id=self.company_b.id)
        lead = self._new_lead()
        lead.x_qualifier_goals = "a"
        self.assertEqual(lead.score_fit, 0)
        self.assertFalse(lead.score_reasons)


class TestOpen(ScoreModelCase):
    """What would raise the score."""

    def _open(self, lead):
        return {hint["label"]: hint["points"] for hint in lead.score_open or ()}

    def test_fields_questions_and_ranges(self):
        goals = self._new_qualifier("Goals", options=[("A", 9), ("B", 4)])
        needs = self._new_qualifier("Needing", "multiple", [("A", 1), ("B", 4)])
        self._answer_rule(needs, 6, 7, unset=-2)
        self._rule([("phone", "!=", False)], 12)
        self._rule([("website", "!=", False)], -12)
        self._bands((1, 3), (9, 30), unset=1, kind="bands", field_path="employee_count")
        lead = self._new_lead()
        fields_ = lead._fields
        phone = fields_["phone"].string
        size = fields_["employee_count"].string
        expected = {phone: 12, size: 29, "Goals": 9, "Needing": 15}
        self.assertEqual(self._open(lead), expected)
        lead.write({"phone": "+1 202 555 0100", "employee_count": 2})
        lead.x_qualifier_goals = "b"
        lead.x_qualifier_needing = [Command.set(needs.option_ids.ids)]
        self.assertEqual(self._open(lead), {})
        self.assertTrue(goals)

    def test_rules_of_others_promise_nothing(self):
        goals = self._new_qualifier("Goals", options=[("A", 0)])
        company_id = self.company_b.id
        self._answer_rule(goals, 9, company_id=company_id)
        self._rule([("phone", "!=", False)], 12, company_id=company_id)
        self._bands(
            (1, 9), kind="bands", field_path="employee_count", company_id=company_id
        )
        self.assertEqual(self._open(self._new_lead()), {})


class TestVersions(ScoreModelCase):
    def _new_version(self):
        action = self.model.action_new_version()
        return self.env["lead.score.model"].browse(action["res_id"])

    def test_new_version_copies_everything(self):
        group = self._group(cap=33, floor=-4)
        self._rule(points=12, group_id=group.id)
        self._bands((1, 3), unset=9, kind="completeness")
        self._rule(points=1, active=False)
        draft = self._new_version()
        self.assertEqual((draft.state, draft.version), ("draft", 2))
        self.assertEqual(draft.origin_id, self.model)
        self.assertEqual((draft.group_ids.cap, draft.group_ids.floor), (33, -4))
        self.assertEqual(draft.rule_ids.mapped("points"), [12, 10])
        self.assertEqual(draft.rule_ids.group_id, draft.group_ids)
        self.assertEqual(sorted(draft.rule_ids.band_ids.mapped("points")), [3, 9])
        self.assertEqual(len(self.model.rule_ids.band_ids), 2)

    def test_draft_scores_nobody(self):
        self._rule(points=12)
        draft = self._new_version()
        draft.rule_ids.points = 50
        lead = self._new_lead()
        self.assertEqual(lead.score_total, 12)
        self.assertEqual(lead.score_model_id, self.model)

    def test_activate_and_restore(self):
        self._rule(points=12)
        lead = self._new_lead()
        draft = self._new_version()
        draft.rule_ids.points = 50
        draft.action_activate()
        self.assertEqual((self.model.state, draft.state), ("retired", "active"))
        self.assertEqual((lead.score_total, lead.score_model_id), (50, draft))
        draft.action_restore()
        self.assertEqual((self.model.state, draft.state), ("active", "retired"))
        self.assertEqual((lead.score_total, lead.score_model_id), (12, self.model))

    def test_nothing_to_restore(self):
        with self.assertRaises(UserError):
            self.model.action_restore()

    def test_empty_version_is_not_activated(self):
        with self.assertRaises(UserError):
            self._new_version().action_activate()

    def test_retired_scores_nobody(self):
        self._rule(points=12)
        lead = self._new_lead()
        self.model.action_retire()
        self.assertEqual((lead.score_total, lead.score_grade), (0, "C3"))
        self.assertFalse(lead.score_model_id)

    @mute_logger("odoo.sql_db")
    def test_one_is_active_by_company_and_condition(self):
        self._new_model("Of B", company_id=self.company_b.id)
        self._new_model("Leads", "[('type', '=', 'lead')]")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._new_model("Again")

    def test_active_version_is_not_deleted(self):
        with self.assertRaises(UserError):
            self.model.unlink()
        self.model.action_retire()
        self.model.unlink()

    def test_archived_model_scores_nobody(self):
        self._rule(points=12)
        lead = self._new_lead()
        self.model.active = False
        self.assertEqual(lead.score_total, 0)

    def test_two_product_lines(self):
        self._rule(points=1)
        big = self._new_model("Big", "[('employee_count', '>=', 100)]", sequence=1)
        small = self._new_model("Small", "[('employee_count', '>', 0)]", sequence=2)
        self.model.sequence = 3
        self._rule(points=20, model=big)
        self._rule(points=30, model=small)
        lead = self._new_lead()
        for count, model, points in (
            (0, self.model, 1),
            (5, small, 30),
            (100, big, 20),
        ):
            lead.employee_count = count
            self.assertEqual((lead.score_model_id, lead.score_total), (model, points))
        big.sequence = 9
        self.assertEqual(lead.score_model_id, small)


class TestCompanies(ScoreModelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule(points=10)
        cls.own = cls._new_model("B", company_id=cls.company_b.id, sequence=99)
        cls.rule_b = cls._bands((0, 70), kind="completeness", model=cls.own)
        cls.group_b = cls._group(model_id=cls.own.id)

    def test_model_of_a_company_comes_first(self):
        of_b = self._new_lead(user_id=False, company_id=self.company_b.id)
        nobodys = self._new_lead(user_id=False, company_id=False)
        self.assertEqual((of_b.score_model_id, of_b.score_total), (self.own, 70))
        for lead in (self._new_lead(), nobodys):
            self.assertEqual((lead.score_model_id, lead.score_total), (self.model, 10))

    def test_rules_of_a_company_model_are_of_the_company(self):
        self.assertEqual(self.rule_b.company_id, self.company_b)
        with self.assertRaises(ValidationError):
            self.rule_b.company_id = self.company

    def test_parts_of_another_company_are_invisible(self):
        for records in (self.own, self.rule_b, self.group_b, self.rule_b.band_ids):
            with self.subTest(model=records._name):
                self.assertTrue(records)
                domain = [("id", "in", records.ids)]
                others = records.with_user(self.manager)
                self.assertFalse(others.search(domain))
                own = records.with_user(self.manager_b)
                self.assertEqual(own.search(domain), records)
                with self.assertRaises(AccessError):
                    others.write({"sequence": 1})

    def test_rep_changes_nothing(self):
        rule = self._bands((1, 2), kind="completeness")
        self.model.action_retire()
        for record in (self.model, rule, rule.band_ids, self._group()):
            of_rep = record.with_user(self.rep)
            with self.subTest(model=record._name):
                for change in (
                    lambda r=of_rep: r.write({"sequence": 3}),
                    lambda r=of_rep: r.copy(),
                    lambda r=of_rep: r.unlink(),
                ):
                    with self.assertRaises(AccessError):
                        change()
        for method in ("action_activate", "action_new_version", "action_retire"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.model.with_user(self.rep), method)()

    def test_manager_changes_rules(self):
        rule = self._rule(points=5).with_user(self.manager)
        lead = self._new_lead()
        rule.points = 25
        self.assertEqual(lead.score_total, 35)


class TestPreview(ScoreModelCase):
    def _preview(self, user=None, **values):
        Rule = self.env["lead.score.rule"].with_user(user or self.manager)
        return Rule.action_preview(values)

    def test_counts(self):
        before = self._preview(kind="field", domain="[('website', '!=', False)]")
        self._new_lead(website="https://example.com")
        self._new_lead(
            user_id=False, company_id=self.company_b.id, website="https://b.co"
        )
        after = self._preview(kind="field", domain="[('website', '!=', False)]")
        self.assertFalse(after["error"])
        self.assertEqual(after["leads"], before["leads"] + 1)
        self.assertEqual(after["total"], before["total"] + 1)

    def test_each_kind(self):
        goals = self._new_qualifier("Goals", options=[("A", 0)])
        lead = self._new_lead(employee_count=5)
        lead.x_qualifier_goals = "a"
        option = {"option_id": goals.option_ids.id, "points": 4}
        band = {"value_from": 5, "points": 4}
        event = self.env.ref("lead_management.score_event_mail_in")
        for values in (
            {"kind": "qualifier", "qualifier_id": goals.id, "band_ids": [option]},
            {"kind": "bands", "field_path": "employee_count", "band_ids": [band]},
            {"kind": "completeness", "band_ids": [band]},
            {"kind": "verification", "band_ids": [{**band, "value_from": 0}]},
            {"kind": "activity", "event_ids": event.ids},
            {"kind": "veto", "domain": "[('employee_count', '=', 5)]"},
        ):
            with self.subTest(kind=values["kind"]):
                found = self._preview(**values)
                self.assertFalse(found["error"])
                least = 0 if values["kind"] in ("activity", "completeness") else 1
                self.assertGreaterEqual(found["leads"], least)

    def test_bad_rules_are_explained(self):
        for values in (
            {"kind": "field", "domain": "[('no_such', '=', 1)]"},
            {"kind": "field", "domain": "[('score_total', '>', 1)]"},
            {"kind": "field", "domain": "[('partner_id.signup_type', '=', 'x')]"},
            {"kind": "field", "domain": "nonsense"},
            {"kind": "field", "domain": "[" * 500},
            {"kind": "field", "domain": "[('name', '=', '%s')]" % ("x" * 20_000)},
            {"kind": "bands", "field_path": "partner_id.signup_expiration"},
            {"kind": "bands", "field_path": "name"},
            {"kind": "qualifier"},
            {"kind": "activity"},
            {"kind": "veto", "domain": "[]"},
        ):
            with self.subTest(values=str(values)[:60]), mute_logger("odoo.sql_db"):
                self.assertTrue(self._preview(**values)["error"])

    def test_hostile_values(self):
        """Whatever a browser sends is refused or explained, and never breaks."""
        nested = [[[[["x"]]]]]
        for values in (
            {"kind": "activity", "event_ids": "drop"},
            {"kind": "activity", "event_ids": ["1; DROP"]},
            {"kind": "activity", "event_ids": [10**12]},
            {"kind": "activity", "event_ids": list(range(10**9, 10**9 + 5000))},
            {"kind": "activity", "event_ids": nested},
            {"kind": "activity", "event_ids": {"a": 1}},
            {"kind": "qualifier", "qualifier_id": "x"},
            {"kind": "qualifier", "qualifier_id": 10**12},
            {"kind": "qualifier", "qualifier_id": nested},
            {"kind": "completeness", "band_ids": "x"},
            {"kind": "completeness", "band_ids": [1, 2]},
            {"kind": "completeness", "band_ids": [{"points": "x"}]},
            {"kind": "completeness", "band_ids": [{"points": 10**30}]},
            {"kind": "completeness", "band_ids": [{"value_from": "inf", "points": 1}]},
            {"kind": "completeness", "band_ids": [{"value_from": {}, "points": 1}]},
            {"kind": "completeness", "band_ids": [{"option_id": "x"}]},
            {"kind": "field", "domain": []},
            {"kind": "field", "domain": 5},
            {"kind": "field", "domain": None, "points": None},
            {"kind": "field", "domain": "[]", "points": "many"},
            {"kind": "no such kind", "domain": "[]"},
            {"kind": nested},
            {"kind": "bands", "field_path": 7},
            {"kind": "bands", "field_path": nested},
            {"kind": "bands", "field_path": "employee_count.x"},
            {"kind": "activity", "days": "x", "event_ids": [1]},
            {"kind": "activity", "half_life": -5, "days": 10**30, "event_ids": [1]},
        ):
            with self.subTest(values=str(values)[:70]), mute_logger("odoo.sql_db"):
                try:
                    with self.env.cr.savepoint():
                        found = self._preview(**values)
                except REFUSED:
                    continue
                self.assertIn("leads", found)
        Rule = self.env["lead.score.rule"].with_user(self.manager)
        for values in (None, "x", [], 5):
            with self.subTest(values=values):
                self.assertTrue(Rule.action_preview(values)["error"])

    def test_rep_previews_nothing(self):
        with self.assertRaises(AccessError):
            self._preview(self.rep, kind="field", domain="[]")
