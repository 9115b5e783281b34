from harness.webclient import get_form_spec
from lxml import etree

from odoo.tools import SQL

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestQueryBudgets(LeadManagementCase):
    """Constant numbers of statements, whatever the number of leads and rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for points in range(1, 21):
            cls._new_score_rule([("employee_count", ">=", points)], points)
        cls.leads = cls.env["crm.lead"].create(
            [
                {"name": "Lead", "employee_count": size, "user_id": cls.rep.id}
                for size in range(100)
            ]
        )
        cls.env.cr.flush()

    def _assert_statements(self, count, job):
        """Run ``job`` once to fill the caches, then count its statements."""
        job()
        self.env.flush_all()
        self.env.cr.flush()
        with self.assertQueryCount(count):
            job()
            self.env.cr.flush()

    def test_rescore_is_one_statement(self):
        for count in (1, 100):
            lead_ids = self.leads[:count].ids
            with self.subTest(leads=count):
                self._assert_statements(
                    1, lambda ids=lead_ids: self.env["lead.score"]._refresh(ids)
                )

    def test_scores_of_a_list_are_one_statement(self):
        def read():
            self.leads.invalidate_recordset(["score_total", "score_temperature"])
            self.leads.mapped("score_total")
            self.leads.mapped("score_temperature")

        self._assert_statements(1, read)

    def test_reasons_of_a_list_are_one_statement(self):
        def read():
            self.leads.invalidate_recordset(["score_reasons"])
            self.leads.mapped("score_reasons")

        self._assert_statements(1, read)

    def test_wishes_of_a_list_are_two_statements(self):
        def read():
            self.leads.invalidate_recordset(["lead_consent"])
            self.leads.mapped("lead_consent")

        self._assert_statements(2, read)

    def test_write_of_another_field_costs_nothing(self):
        colors = iter((3, 4))

        def write():
            self.leads.color = next(colors)

        self._assert_statements(1, write)

    def test_write_of_a_scored_field_costs_three_statements(self):
        """One, within a savepoint: others may be writing the same scores."""
        sizes = iter((3, 4))

        def write():
            self.leads.employee_count = next(sizes)

        self._assert_statements(1 + 3, write)

    def test_prediction_reaches_nothing(self):
        triggers = self.env["lead.milestone"]._trigger_fields()
        self.assertLessEqual(
            {"stage_id", "active", "probability", "date_closed"}, triggers
        )
        # of a stage that follows them the step is told
        self.assertTrue(triggers.isdisjoint({"user_id", "team_id", "type"}))
        self.assertTrue(triggers.isdisjoint({"phone", "email_from", "tag_ids"}))

    def _count(self, job):
        """Return the statements of a job that finds its caches warm."""
        counts = []
        for __ in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.cr.flush()
            before = self.env.cr.sql_log_count
            job()
            self.env.cr.flush()
            counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]

    def test_form_with_questions_and_gate_costs_six_statements(self):
        questions = [
            self._new_qualifier(f"Question {number}", options=[("A", 1), ("B", 2)])
            for number in range(8)
        ]
        lead = self.leads[0].with_user(self.rep)
        lead.action_qualify({questions[0].id: questions[0].option_ids[0].id})
        self.env["lead.stage.requirement"].create(
            [
                {"stage_id": stage.id, "qualifier_id": questions[1].id}
                for stage in self.env["crm.stage"].search([])
            ]
        )
        self.env["lead.profile.item"].create({"field_name": "phone"})
        stock = {"stage_id": {"fields": {"display_name": {}}}}
        stock |= dict.fromkeys(("name", "team_id", "user_id", "expected_revenue"), {})
        stock |= dict.fromkeys(("score_total", "score_reasons"), {})
        ours = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
            for name in (
                "qualification",
                "stage_gate",
                "profile_missing",
                "profile_completeness",
                "persona_id",
                "persona_match",
                "segment_id",
                "qualifier_history_ids",
                "whatsapp",
                "linkedin_url",
            )
        }
        without = self._count(lambda: lead.web_read(stock))
        with_ours = self._count(lambda: lead.web_read({**stock, **ours}))
        self.assertLessEqual(with_ours - without, 6)

    def test_form_costs_eight_statements_more_than_odoos(self):
        """As the browser reads it: what stands on tabs is read when one is opened."""
        questions = [
            self._new_qualifier(f"Question {number}", options=[("A", 1), ("B", 2)])
            for number in range(4)
        ]
        self.env["lead.sla"].create({"name": "S"})
        lead = self.leads[0].with_user(self.rep)
        lead.write(
            {
                "phone": "+32 470 123456",
                "email_from": "ann@example.com",
                "product_ids": self.env["product.product"].create({"name": "P"}).ids,
                "industry_id": self.env["res.partner.industry"].create({}).id,
            }
        )
        lead.activity_schedule("mail.mail_activity_data_call", summary="Call")
        lead.action_qualify({questions[0].id: questions[0].option_ids[0].id})
        self.env["lead.touch"].sudo()._record(
            [{"lead_id": lead.id, "channel": "call", "is_attempt": True}]
        )
        ours = self._get_form_specification()
        self.assertIn("step_next", ours)
        self.assertIn("score_reasons", ours)
        self.assertNotIn("product_ids", ours)
        self.assertNotIn("description", ours)
        self._without_our_forms()
        stock = self._get_form_specification()
        self.assertIn("description", stock)
        self.assertNotIn("step_next", stock)
        with_ours = self._count(lambda: lead.web_read(ours))
        without = self._count(lambda: lead.web_read(stock))
        self.assertLessEqual(with_ours - without, 8)

    def _without_our_forms(self):
        """Leave Odoo's own form of leads, and those of other addons."""
        names = self.env["ir.model.data"].search(
            [("module", "=", "lead_management"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(names.mapped("res_id")).exists()
        views.filtered(
            lambda view: view.model == "crm.lead" and view.type == "form"
        ).active = False
        self.env.registry.clear_all_caches()

    def _get_form_specification(self):
        """Return what the form reads of a lead when it is opened."""
        CrmLead = self.leads.with_user(self.rep)
        form = etree.fromstring(CrmLead.get_view(view_type="form")["arch"])
        return get_form_spec(form, CrmLead.fields_get())

    def test_cards_and_rows_cost_a_statement_each(self):
        """What next and what was last, for all leads of a page."""

        def read(name):
            self.leads.invalidate_recordset([name])
            self.leads.mapped(name)

        for name in ("step_next", "touch_last"):
            with self.subTest(name):
                self._assert_statements(1, lambda name=name: read(name))

    def test_rows_on_tabs_are_read_when_these_are_opened(self):
        form = self.leads.with_user(self.rep).get_view(view_type="form")
        tree = etree.fromstring(form["arch"])
        self.assertIsNotNone(tree.find(".//page//widget[@name='lead_timeline']"))
        for name in ("touch_ids", "stage_transition_ids", "assignment_log_ids"):
            self.assertIsNone(tree.find(f".//field[@name='{name}']"), name)

    def test_answering_a_question_costs_twelve_statements(self):
        questions = [
            self._new_qualifier(f"Question {number}", options=[("A", 1), ("B", 2)])
            for number in range(3)
        ]
        self._new_score_rule([(questions[0].column_name, "=", "a")], 10)
        self._new_segment("S", [(questions[0].column_name, "=", "a")])
        self.env["lead.profile.item"].create({"qualifier_id": questions[0].id})
        lead = self.leads[0].with_user(self.rep)
        options = iter([*questions[0].option_ids.ids] * 2)
        answer = {questions[0].id: next(options)}

        def qualify():
            answer[questions[0].id] = next(options)
            lead.check_access("write")
            lead._qualify(answer)

        self.assertLessEqual(self._count(qualify), 12)

    def test_answers_of_a_list_are_one_statement(self):
        questions = [self._new_qualifier(f"Q {n}", "text") for n in range(5)]
        names = [question.column_name for question in questions]
        self.leads.write(dict.fromkeys(names, "told"))

        def read():
            self.leads.invalidate_recordset(names)
            for name in names:
                self.leads.mapped(name)

        self._assert_statements(1, read)

    def test_profiles_of_a_list_are_one_statement(self):
        names = ["segment_id", "persona_match", "profile_completeness"]

        def read():
            self.leads.invalidate_recordset(names)
            for name in names:
                self.leads.mapped(name)

        self._assert_statements(1, read)

    def test_import_of_answers_does_not_grow_with_the_leads(self):
        question = self._new_qualifier("Question", options=[("A", 1)])
        counts = []
        for size in (10, 40):
            values = {"name": "L", "user_id": self.rep.id, question.column_name: "a"}
            with_answers = self._count(
                lambda size=size, values=values: self.env["crm.lead"].create(
                    [values] * size
                )
            )
            del values[question.column_name]
            without = self._count(
                lambda size=size, values=values: self.env["crm.lead"].create(
                    [values] * size
                )
            )
            counts.append(with_answers - without)
        self.assertLess(counts[1] - counts[0], 5, counts)

    def test_answers_are_found_by_their_indexes(self):
        Answer = self.env["lead.qualifier.answer"].sudo()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for column, value in (("value_number", 5.0), ("value_date", "2026-11-30")):
            query = Answer._search(
                [
                    ("qualifier_id", "=", 1),
                    ("is_current", "=", True),
                    (column, "=", value),
                ]
            )
            rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(line for (line,) in rows)
            with self.subTest(column=column):
                self.assertRegex(plan, "_(number|date)_idx")

    def test_routing_does_not_grow_with_the_leads(self):
        self._new_assignment_rule()
        counts = []
        for size in (50, 250):
            leads = self.env["crm.lead"].create([{"name": "Lead"}] * size)
            self.env.cr.precommit.clear()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            leads._assignment_route("capture")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess((counts[1] - counts[0]) / 200, 0.02, counts)

    def test_pull_costs_few_statements(self):
        pool = self.env["lead.pool"].create({"name": "P", "team_id": self.team.id})
        leads = self.env["crm.lead"].create([{"name": "L", "user_id": False}] * 3)
        leads.assignment_pool_id = pool
        self.env["lead.pool.entry"]._enter([(lead.id, pool.id) for lead in leads])
        CrmLead = self.env["crm.lead"].with_user(self.rep)
        self.assertLessEqual(self._count(CrmLead.action_pull_next), 48)

    def test_deadlines_of_a_list_are_one_statement(self):
        self.env["lead.sla"].create({"name": "S"})
        self.leads._clock_note()
        self.env.cr.flush()

        def read():
            self.leads.invalidate_recordset(["assignment_due", "assignment_due_kind"])
            self.leads.mapped("assignment_due")
            self.leads.mapped("assignment_due_kind")

        self._assert_statements(2, read)

    def test_clocks_do_not_grow_with_the_leads(self):
        self.env["lead.sla"].create({"name": "S"})
        counts = []
        for leads in (self.leads[:10], self.leads[10:]):
            leads._clock_note()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env.cr.flush()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 5, counts)
