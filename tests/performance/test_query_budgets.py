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

    def test_write_of_another_field_costs_nothing(self):
        colors = iter((3, 4))

        def write():
            self.leads.color = next(colors)

        self._assert_statements(1, write)

    def test_write_of_a_scored_field_costs_one_statement(self):
        sizes = iter((3, 4))

        def write():
            self.leads.employee_count = next(sizes)

        self._assert_statements(2, write)

    def test_routing_does_not_grow_with_the_leads(self):
        self._new_assignment_rule()
        counts = []
        for size in (10, 40):
            leads = self.env["crm.lead"].create([{"name": "Lead"}] * size)
            self.env.cr.precommit.clear()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            leads._assignment_route("capture")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess((counts[1] - counts[0]) / 30, 0.6, counts)
