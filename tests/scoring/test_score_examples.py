from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestScoreExamples(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["lead.score.model"].create({"name": "Tried"})
        cls.phone = cls._new_score_rule(
            [("phone", "!=", False)], 40, name="Phone", model_id=cls.model.id
        )
        cls._new_score_rule(
            [("country_id.code", "=", "FR")], 30, name="France", model_id=cls.model.id
        )

    def _new_example(self, values, **expected):
        return self.env["lead.score.example"].create(
            {
                "name": "Example",
                "model_id": self.model.id,
                "lead_values": str(values),
                **expected,
            }
        )

    def test_passes_and_fails(self):
        france = self.env.ref("base.fr").id
        values = [("phone", "=", "+33 1 23 45 67 89"), ("country_id", "=", france)]
        example = self._new_example(values, min_total=60, temperature="hot")
        self.assertEqual((example.state, example.total), ("passed", 70))
        self.assertEqual(self._new_example(values, max_total=50).state, "failed")
        self.assertEqual(self._new_example(values, grade="C3").state, "failed")
        self.assertEqual(self._new_example([], max_total=0).state, "passed")

    def test_verified_as_a_lead_is(self):
        self._new_score_rule(
            [("verification_email", "=", "ok")], 10, name="Ok", model_id=self.model.id
        )
        self._new_score_rule(
            [("verification_email", "=", "wrong")], -5, model_id=self.model.id
        )
        for email, total in (("ann@bigcorp.example", 10), ("ann@", 0)):
            example = self._new_example([("email_from", "=", email)], max_total=99)
            self.assertEqual(example.total, total, email)
        self.assertFalse(self.env["lead.check"].search([("lead_id", "<", 0)]))

    def test_tells_what_counted(self):
        example = self._new_example([("phone", "=", "+1 555 0100")], min_total=60)
        self.assertEqual(example.state, "failed")
        self.assertIn("score 40", example.message)
        self.assertIn("Phone +40", example.message)

    def test_broken_example_blocks_activation_and_names_the_rule(self):
        self._new_example([("phone", "=", "+1 555 0100")], min_total=40)
        self.model.action_activate()
        self.assertEqual(self.model.state, "active")
        self.model.action_new_version()
        draft = self.env["lead.score.model"].search([("origin_id", "=", self.model.id)])
        self.assertEqual(draft.version, 2)
        draft.rule_ids.filtered(lambda rule: rule.name == "Phone").points = 5
        self.assertEqual(draft.example_failed_count, 1)
        with self.assertRaises(UserError) as error:
            draft.action_activate()
        self.assertIn("“Phone” gives 5 instead of 40", str(error.exception))
        self.assertEqual((draft.state, self.model.state), ("draft", "active"))

    def test_tags_answers_events_and_completeness(self):
        tag = self.env["crm.tag"].create({"name": "Fair"})
        question = self._new_qualifier("Funds", options=[("Yes", 0), ("No", 0)])
        event = self.env.ref("lead_management.score_event_mail_in")
        several = self._new_qualifier("Uses", "multiple", [("A", 3), ("B", 4)])
        self._new_score_rule([("tag_ids", "in", tag.ids)], 1, model_id=self.model.id)
        self._new_score_rule(
            [(question.column_name, "=", "yes")], 2, model_id=self.model.id
        )
        self._new_score_rule(
            [],
            10,
            kind="activity",
            event_ids=[Command.set(event.ids)],
            model_id=self.model.id,
            max_points=15,
            half_life=10,
        )
        self.env["lead.profile.item"].create({"field_name": "phone"})
        self.env["lead.score.rule"].create(
            {
                "name": "Complete",
                "model_id": self.model.id,
                "kind": "completeness",
                "band_ids": [Command.create({"value_from": 100, "points": 20})],
            }
        )
        values = [
            ("tag_ids", "in", tag.ids),
            (question.column_name, "=", "yes"),
            (several.column_name, "in", several.option_ids.ids),
        ]
        line = {"event_id": event.id, "count": 1, "days_ago": 10}
        example = self._new_example(values, event_line_ids=[Command.create(line)])
        self.assertEqual(example.total, 1 + 2 + 7 + 5)
        example.lead_values = str([*values, ("phone", "=", "+1 555 0100")])
        self.assertEqual(example.total, 1 + 2 + 7 + 5 + 40 + 20)

    def test_leaves_nothing_behind(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        before = leads.search_count([])
        lead = self._new_lead()  # its score is still to be worked out
        example = self._new_example([("phone", "=", "+1 555 0100")])
        self.assertEqual(example.total, 40)
        self.assertEqual(leads.search_count([]), before + 1)
        self.assertFalse(self.env["lead.score"].search([("id", "<", 0)]))
        self.env.cr.flush()
        self.assertTrue(self.env["lead.score"].browse(lead.id).exists())

    def test_what_is_not_flushed_is_not_lost(self):
        example = self._new_example([("phone", "=", "+1 555 0100")], min_total=90)
        self.env.flush_all()
        example.min_total = 40
        self.assertEqual(example.state, "passed")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(example.min_total, 40)

    def test_only_equalities(self):
        for values in (
            "nonsense",
            "[('phone', '!=', False)]",
            "['|', ('phone', '=', '1'), ('phone', '=', '2')]",
            "['!', ('phone', '=', '1')]",
            "[('country_id.code', '=', 'FR')]",
            "[('no_such_field', '=', 'x')]",
            "[('score_total', '=', 100)]",
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._new_example(values)

    def test_model_that_does_not_score_the_lead(self):
        self.model.domain = "[('type', '=', 'lead')]"
        example = self._new_example([("phone", "=", "+1 555 0100")])
        self.assertEqual(example.state, "failed")
        self.assertIn("does not score", example.message)

    def test_rep_reads_results(self):
        example = self._new_example([("phone", "=", "+1 555 0100")], min_total=40)
        self.assertEqual(example.with_user(self.rep).state, "passed")
