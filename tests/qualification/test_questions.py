from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestQuestions(LeadManagementCase):
    """Which questions a lead is asked, and which one next."""

    def _names(self, lead, only=None):
        return [
            q["name"]
            for q in lead.qualification["questions"]
            if only is None or q["answered"] == only
        ]

    def test_who_is_asked(self):
        segment = self._new_segment("Large", [("employee_count", ">=", 1000)])
        product = self.env["product.product"].create({"name": "Wrench"})
        self._new_qualifier("All", "text")
        self._new_qualifier("Team", "text", team_ids=self.team.ids)
        self._new_qualifier("Segment", "text", segment_ids=segment.ids)
        self._new_qualifier("Product", "text", product_ids=product.ids)
        self._new_qualifier("Rome", "text", domain="[('city', '=', 'Rome')]")
        lead = self._new_lead(team_id=False, user_id=self.leader.id)
        lead.team_id = False
        self.assertEqual(self._names(lead), ["All"])
        lead.write(
            {
                "team_id": self.team.id,
                "employee_count": 5000,
                "product_ids": product.ids,
            }
        )
        lead.city = "Rome"
        lead.invalidate_recordset()
        self.assertEqual(
            self._names(lead), ["All", "Team", "Segment", "Product", "Rome"]
        )

    def test_order_is_that_of_the_configuration(self):
        self._new_qualifier("Second", "text", sequence=20)
        self._new_qualifier("First", "text", sequence=10)
        self.assertEqual(self._names(self._new_lead()), ["First", "Second"])

    def test_next_best_moves_the_score_most(self):
        self._new_qualifier("Small", options=[("A", 5), ("B", -50)])
        big = self._new_qualifier("Big", options=[("A", 15)])
        text = self._new_qualifier("Text", "text")
        lead = self._new_lead().with_user(self.rep)
        state = lead.qualification
        self.assertEqual(state["next"], big.id)
        self.assertEqual((state["answered"], state["total"]), (0, 3))
        self._new_score_rule([(text.column_name, "!=", False)], 40)
        lead.invalidate_recordset()
        state = lead.qualification
        self.assertEqual(state["next"], text.id, "a rule gives 40 for it")
        question = next(q for q in state["questions"] if q["id"] == text.id)
        self.assertEqual(question["reason"], "up to +40 points")
        state = lead.action_qualify({text.id: "Told"})
        self.assertEqual(state["next"], big.id)

    def test_next_best_is_what_the_next_stage_requires(self):
        self._new_qualifier("Big", options=[("A", 50)])
        needed = self._new_qualifier("Needed", "text")
        self.env["lead.stage.requirement"].create(
            {"stage_id": self._stage("qualified").id, "qualifier_id": needed.id}
        )
        lead = self._new_lead(stage_id=self._stage("contacted").id)
        state = lead.qualification
        self.assertEqual(state["next"], needed.id)
        question = next(q for q in state["questions"] if q["id"] == needed.id)
        self.assertEqual(question["level"], "required")
        self.assertEqual(question["reason"], "required for “Qualified”")
        lead.sudo().stage_id = self._stage("qualified")
        lead.invalidate_recordset()
        self.assertEqual(lead.qualification["next"], needed.id, "still needed there")
        lead.sudo().stage_id = self._stage("negotiation")
        lead.invalidate_recordset()
        self.assertNotEqual(lead.qualification["next"], needed.id)

    def test_everything_answered(self):
        only = self._new_qualifier("Only", "text")
        state = self._new_lead().action_qualify({only.id: "x"})
        self.assertFalse(state["next"])
        self.assertEqual((state["answered"], state["total"]), (1, 1))

    def test_new_lead_in_a_form_has_no_questions_yet(self):
        self._new_qualifier("Only", "text")
        draft = self.env["crm.lead"].new({"name": "Draft"})
        self.assertEqual(draft.qualification["questions"], [])

    # -- questions that are fields of the lead --------------------------------

    def test_fields_of_the_lead_are_read_and_written_not_copied(self):
        wrench, saw = self.env["product.product"].create(
            [{"name": "Wrench"}, {"name": "Saw"}]
        )
        tag, other = self.env["crm.tag"].create([{"name": "Fair"}, {"name": "Old"}])
        segment = self._new_segment("By hand", [], is_automatic=False)
        product_q = self._new_qualifier("Product", "product")
        tag_q = self._new_qualifier("Fair", "tag", choice_tag_ids=tag.ids)
        segment_q = self._new_qualifier("Segment", "segment")
        size_q = self._new_qualifier("Size", "deal_size")
        lead = self._new_lead(
            product_ids=wrench.ids, tag_ids=other.ids, expected_revenue=100
        ).with_user(self.rep)
        self.assertEqual(self._names(lead, only=True), ["Product", "Size"])
        lead.action_qualify(
            {product_q.id: [saw.id], tag_q.id: [tag.id], segment_q.id: segment.id}
        )
        lead.action_qualify({size_q.id: 2500})
        self.assertEqual(lead.product_ids, saw)
        self.assertEqual(set(lead.tag_ids), {tag, other}, "the others are left alone")
        self.assertEqual(lead.segment_id, segment)
        self.assertEqual(lead.expected_revenue, 2500)
        self.assertFalse(lead.qualifier_history_ids)
        lead.action_qualify({tag_q.id: []})
        self.assertEqual(lead.tag_ids, other)

    def test_bad_values_for_fields_of_the_lead(self):
        wrench, saw = self.env["product.product"].create(
            [{"name": "Wrench"}, {"name": "Saw"}]
        )
        product_q = self._new_qualifier(
            "Product", "product", choice_product_ids=wrench.ids
        )
        size_q = self._new_qualifier("Size", "deal_size")
        lead = self._new_lead(expected_revenue=7).with_user(self.rep)
        for qualifier, value in (
            (product_q, [saw.id]),
            (product_q, [10**9]),
            (product_q, ["Wrench"]),
            (product_q, [True]),
            (size_q, -5),
            (size_q, "much"),
            (size_q, "nan"),
        ):
            with self.subTest(value=value), self.assertRaises(UserError):
                lead.action_qualify({qualifier.id: value})
        self.assertFalse(lead.product_ids)
        self.assertEqual(lead.expected_revenue, 7)

    # -- companies ------------------------------------------------------------

    def test_other_company_sees_neither_question_nor_answer(self):
        own = self._new_qualifier("Secret of B", "text", company_id=self.company_b.id)
        lead_b = self.env["crm.lead"].create({"name": "B", "user_id": self.rep_b.id})
        shared = self._new_lead(company_id=False, user_id=False)
        shared.company_id = False
        lead_b.with_user(self.rep_b).action_qualify({own.id: "told"})
        shared.with_user(self.rep_b).action_qualify({own.id: "told"})
        self.assertEqual(lead_b.with_user(self.rep_b)[own.column_name], "told")
        self.assertEqual(self._names(lead_b.with_user(self.rep_b)), ["Secret of B"])

        self.env.invalidate_all()
        mine = shared.with_user(self.rep)
        self.assertEqual(self._names(mine), [])
        self.assertFalse(mine.qualifier_answer_ids)
        self.assertFalse(mine.qualifier_history_ids)
        Lead = self.env["crm.lead"].with_user(self.rep)
        self.assertNotIn(own.column_name, Lead.fields_get())
        self.assertFalse(mine.read([own.column_name])[0][own.column_name])
        self.assertFalse(mine[own.column_name])
        for do in (
            lambda: mine.write({own.column_name: "x"}),
            lambda: Lead.create({"name": "N", own.column_name: "x"}),
            lambda: Lead.search([(own.column_name, "=", "told")]),
            lambda: Lead.search([], order=own.column_name),
            lambda: Lead._read_group([], [own.column_name], ["__count"]),
        ):
            with self.subTest(do=do), self.assertRaises(AccessError):
                do()
        with self.assertRaises(UserError):
            mine.action_qualify({own.id: "x"})
        for view_type in ("list", "search"):
            arch = Lead.get_view(view_type=view_type)["arch"]
            self.assertNotIn(own.column_name, arch)
            arch_b = Lead.with_user(self.rep_b).get_view(view_type=view_type)["arch"]
            self.assertIn(own.column_name, arch_b)

    def test_other_company_is_told_nothing_by_detours(self):
        """Scores, gates, profiles and labels give no question away."""
        own = self._new_qualifier(
            "Secret of B",
            "yes_no",
            [("Yes", 40), ("No", 0)],
            company_id=self.company_b.id,
        )
        shared = self._new_lead(user_id=False)
        shared.company_id = False
        shared.with_user(self.rep_b).action_qualify({own.id: "yes"})
        self.env.invalidate_all()
        mine = shared.with_user(self.rep)
        self.assertEqual(mine.score_total, 0)
        self.assertFalse(mine.score_reasons)
        lead = self.env["crm.lead"].create({"name": "B", "user_id": self.rep_b.id})
        lead.with_user(self.rep_b).action_qualify({own.id: "yes"})
        self.assertEqual(lead.score_total, 40)
        labels = self.env["ir.model.fields"].with_user(self.rep)
        self.assertNotIn("Secret", str(labels.get_field_string("crm.lead")))
        self.assertNotIn("secret", str(labels.get_field_string("crm.lead")))
        for model, values in (
            ("lead.profile.item", {}),
            ("lead.stage.requirement", {"stage_id": self._stage("customer").id}),
        ):
            values = {"qualifier_id": own.id, **values}
            with self.assertRaisesRegex(ValidationError, "a question of Company B"):
                self.env[model].create(values)
            self.env[model].create({**values, "company_id": self.company_b.id})
        mine.invalidate_recordset()
        self.assertEqual(mine.profile_completeness, 100)
        self.assertFalse(mine.profile_missing)
        mine.stage_id = self._stage("customer")
        self.assertFalse(mine.stage_gate["required"])

    def test_question_stays_where_its_answers_are(self):
        shared = self._new_qualifier("Shared", "text")
        self._new_lead().action_qualify({shared.id: "A"})
        with self.assertRaises(ValidationError):
            shared.company_id = self.company_b

    # -- configuration --------------------------------------------------------

    def test_choice_needs_answers(self):
        with self.assertRaisesRegex(ValidationError, "Add the answers"):
            self._new_qualifier("Empty")

    def test_names_in_any_script(self):
        first = self._new_qualifier("预算", options=[("有", 1), ("没有", 0)])
        second = self._new_qualifier("预算", options=[("有", 1)])
        accent = self._new_qualifier("Échéance !", "date")
        self.assertEqual(accent.column_name, "x_qualifier_echeance")
        self.assertNotEqual(first.key, second.key)
        self.assertEqual(len(set(first.option_ids.mapped("key"))), 2)

    def test_copy_of_a_question_is_one_of_its_own(self):
        source = self._new_qualifier("Budget", options=[("A", 5), ("B", 0)])
        copy = source.copy()
        self.assertEqual(copy.option_ids.mapped("name"), ["A", "B"])
        self.assertNotEqual(copy.column_name, source.column_name)

    def test_sets_are_switched_on_with_one_click(self):
        self.env["lead.qualifier"].search([]).active = False
        bant = self.env.ref("lead_management.lead_qualifier_set_bant")
        bant = bant.with_user(self.manager)
        self.assertFalse(bant.is_on)
        bant.action_switch_on()
        bant.invalidate_recordset()
        self.assertTrue(bant.is_on)
        lead = self._new_lead()
        self.assertEqual(
            self._names(lead), ["Budget", "Decision", "Need", "Time Frame"]
        )
        lead.with_user(self.rep).x_qualifier_timeline = "this_quarter"
        bant.action_switch_off()
        lead.invalidate_recordset()
        self.assertEqual(self._names(lead), [])
        self.assertTrue(lead.qualifier_answer_ids)
        with self.assertRaises(AccessError):
            bant.with_user(self.rep).action_switch_on()

    def test_all_sets_can_be_on(self):
        self.env["lead.qualifier.set"].search([]).action_switch_on()
        self.assertEqual(len(self._names(self._new_lead())), 13)
