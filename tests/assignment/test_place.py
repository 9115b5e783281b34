from odoo.exceptions import AccessError
from odoo.tests import Form

from .common import AssignmentCase

EAST = [("city", "=", "East")]


class PlaceCase(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.assignment.rule"].search([]).active = False

    def _rule(self, name, domain=(), **values):
        return self._to_user(self.rep, domain, name=name, team_id=False, **values)

    def _new(self, name, domain=(), user=None):
        """Create a rule in the form, as a manager does."""
        form = Form(self.env["lead.assignment.rule"].with_user(user or self.manager))
        form.name = name
        form.domain = str(list(domain))
        form.target = "user"
        form.user_id = self.rep
        return form.save()

    def _names(self):
        return self.env["lead.assignment.rule"].search([]).mapped("name")


class TestPlaceOfANewRule(PlaceCase):
    def test_before_the_one_that_takes_the_rest(self):
        for sequence, name in ((5, "A"), (20, "B"), (30, "C")):
            self._rule(name, EAST, sequence=sequence)
        self._rule("Rest", sequence=1000)
        self._new("New", EAST)
        self._new("Newer", EAST)
        self.assertEqual(self._names(), ["A", "B", "C", "New", "Newer", "Rest"])

    def test_where_all_have_the_same_number(self):
        for name, domain in (("A", EAST), ("Rest", []), ("More", [])):
            self._rule(name, domain, sequence=10)
        self._new("New", EAST)
        self.assertEqual(self._names(), ["A", "New", "Rest", "More"])
        self._new("Newer", EAST)
        self.assertEqual(self._names(), ["A", "New", "Newer", "Rest", "More"])

    def test_first_of_all(self):
        self._rule("Rest", sequence=10)
        self._new("New", EAST)
        self.assertEqual(self._names(), ["New", "Rest"])

    def test_at_the_end_where_nothing_takes_the_rest(self):
        self._rule("A", EAST, sequence=50)
        self._new("New", EAST)
        self.assertEqual(self._names(), ["A", "New"])

    def test_one_that_takes_the_rest_is_the_last(self):
        self._rule("A", EAST, sequence=50)
        self._new("Rest")
        self._new("New", EAST)
        self.assertEqual(self._names(), ["A", "New", "Rest"])

    def test_one_in_the_middle_takes_not_the_rest(self):
        self._rule("All", sequence=1)
        self._rule("A", EAST, sequence=2)
        self._new("New", EAST)
        self.assertEqual(self._names(), ["All", "A", "New"])

    def test_who_knows_the_customer_takes_not_the_rest(self):
        self._rule("A", EAST, sequence=1)
        self._new_assignment_rule(
            name="Known", target="previous", team_id=False, sequence=2
        )
        self._new("New", EAST)
        self.assertEqual(self._names(), ["A", "Known", "New"])

    def test_several_at_once(self):
        self._rule("Rest", sequence=10)
        self.env["lead.assignment.rule"].with_user(self.manager).create(
            [
                {
                    "name": name,
                    "domain": str(EAST),
                    "target": "user",
                    "user_id": self.rep.id,
                }
                for name in ("A", "B")
            ]
        )
        self.assertEqual(self._names(), ["A", "B", "Rest"])

    def test_a_number_that_is_given_stays(self):
        self._rule("Rest", sequence=10)
        self.assertEqual(self._rule("Late", EAST, sequence=99).sequence, 99)

    def test_rules_of_another_company_stay_where_they_are(self):
        rest_b = self._new_assignment_rule(
            name="B", team_id=self.team_b.id, sequence=10
        )
        self._rule("A", EAST, sequence=10)
        self._rule("Rest", sequence=10, company_id=self.company.id)
        rule = self._new("New", EAST)
        self.assertEqual(rest_b.sequence, 10)
        found = self.env["lead.assignment.rule"].with_user(self.manager).search([])
        self.assertEqual(found.mapped("name"), ["A", "New", "Rest"])
        self.assertEqual(rule.version, 1)

    def test_it_gets_the_leads(self):
        self._to_user(self.rep_2, sequence=10)
        self._new("New", EAST)
        self.assertEqual(self._create(city="East").user_id, self.rep)
        self.assertEqual(self._create(city="West").user_id, self.rep_2)


class TestPlaceIsSaid(PlaceCase):
    def setUp(self):
        super().setUp()
        self.first = self._rule("First", EAST, sequence=1)
        self.rest = self._rule("Rest", sequence=2)
        self.last = self._rule("Last", EAST, sequence=3)

    def _as_manager(self, rule):
        return rule.with_user(self.manager)

    def test_between_which_ones(self):
        said = [
            self._as_manager(rule).place_note
            for rule in (self.first, self.rest, self.last)
        ]
        self.assertEqual(
            said,
            [
                "1 of 3: checked first, before “Rest”.",
                "2 of 3: checked after “First”, before “Last”.",
                "3 of 3: checked last, after “Rest”.",
            ],
        )

    def test_alone(self):
        (self.first + self.rest).active = False
        self.assertEqual(
            self._as_manager(self.last).place_note, "The only rule with this trigger."
        )

    def test_archived_ones_are_not_asked(self):
        self.rest.active = False
        self.assertFalse(self._as_manager(self.rest).place_note)
        self.assertIn("before “Last”", self._as_manager(self.first).place_note)

    def test_while_it_is_new(self):
        self.last.active = False
        form = Form(self.env["lead.assignment.rule"].with_user(self.manager))
        form.domain = str(EAST)
        self.assertEqual(
            form.place_note, "2 of 3: checked after “First”, before “Rest”."
        )
        self.assertFalse(form.shadow_note)
        form.domain = "[]"
        self.assertEqual(form.place_note, "3 of 3: checked last, after “Rest”.")
        self.assertIn("no condition yet", form.shadow_note)

    def test_what_it_shadows(self):
        self.assertIn("“Last”", self._as_manager(self.rest).shadow_note)
        self.assertNotIn("“First”", self._as_manager(self.rest).shadow_note)
        self.assertFalse(self._as_manager(self.first).shadow_note)

    def test_what_it_is_shadowed_by(self):
        self.assertIn("“Rest”", self._as_manager(self.last).shadow_note)

    def test_only_when_nobody_is_free(self):
        self.rest.fallback = "overflow"
        self.assertIn("no one is available", self._as_manager(self.rest).shadow_note)

    def test_rules_that_wait_for_something_else_are_not_shadowed(self):
        self.last.write({"trigger": "score", "trigger_temperature": "hot"})
        self.assertFalse(self._as_manager(self.rest).shadow_note)

    def test_a_rule_of_one_company_shadows_its_own_only(self):
        self.rest.company_id = self.company
        self.assertFalse(self._as_manager(self.rest).shadow_note)  # Last is for all
        self.last.company_id = self.company
        self.env.invalidate_all()
        self.assertIn("“Last”", self._as_manager(self.rest).shadow_note)

    def test_reps_read_it(self):
        self.assertTrue(self.first.with_user(self.rep).place_note)


class TestWaitingLeads(PlaceCase):
    def setUp(self):
        super().setUp()
        values = {"user_id": False, "company_id": self.company.id}
        self.leads = self._new_lead(city="East", **values)
        self.leads += self._new_lead(city="East", **values)
        self._new_lead(city="West", **values)
        self._new_lead(city="East")  # has a salesperson
        lost = self._new_lead(city="East", **values)
        lost.action_set_lost()
        self._new_lead(city="East", user_id=False, company_id=self.company_b.id)
        self.env.flush_all()

    def test_are_counted_and_routed(self):
        rule = self._new("New", EAST)
        self.assertEqual(rule.waiting_count, 2)
        result = rule.action_route_waiting()
        self.assertIn("2 of 2", result["params"]["message"])
        self.assertEqual(self.leads.user_id, self.rep)
        self.env.invalidate_all()
        self.assertEqual(rule.waiting_count, 0)

    def test_what_another_rule_decides_on_is_not_counted_twice(self):
        """The first rule that fits decides, whoever asked for it."""
        self._to_user(self.rep_2, [("city", "!=", "West")], sequence=1)
        rule = self._new("New", EAST)
        rule.action_route_waiting()
        self.assertEqual(self.leads.user_id, self.rep_2)

    def test_those_in_a_pool_wait_for_somebody_else(self):
        self.leads[0].assignment_pool_id = self._pool()
        self.assertEqual(self._new("New", EAST).waiting_count, 1)

    def test_rules_at_a_stage_route_nothing_that_waits(self):
        rule = self._new("New", EAST)
        rule.write({"trigger": "score", "trigger_temperature": "hot"})
        self.assertFalse(rule.waiting_count)

    def test_new_and_broken_rules_count_nothing(self):
        Rule = self.env["lead.assignment.rule"].with_user(self.manager)
        self.assertFalse(Rule.new({"domain": str(EAST)}).waiting_count)
        self.assertFalse(Rule.new({"domain": "["}).waiting_count)

    def test_managers_only(self):
        rule = self._new("New", EAST)
        with self.assertRaises(AccessError):
            rule.with_user(self.rep).action_route_waiting()
