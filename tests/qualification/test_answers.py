import psycopg2

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestAnswers(LeadManagementCase):
    """One answer is current per lead and question; the others are history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._new_qualifier("Funds", "yes_no")
        cls.timeline = cls._new_qualifier(
            "Timeline", options=[("This quarter", 20), ("Later", -5)]
        )
        cls.needs = cls._new_qualifier(
            "Needs", "multiple", [("Speed", 5), ("Price", 3), ("Service", 0)]
        )
        cls.seats = cls._new_qualifier("Seats", "number", unit="seats")
        cls.start = cls._new_qualifier("Start", "date")
        cls.problem = cls._new_qualifier("Problem", "text")
        cls.quarter, cls.later = cls.timeline.option_ids

    def setUp(self):
        super().setUp()
        self.lead = self._new_lead().with_user(self.rep)

    def _answer(self, qualifier, value, lead=None):
        return (lead or self.lead).action_qualify({str(qualifier.id): value})

    def _shown(self, lead=None):
        answers = (lead or self.lead).qualifier_answer_ids
        return {a.qualifier_id.name: a.display_value for a in answers}

    # -- kinds ----------------------------------------------------------------

    def test_each_kind(self):
        speed, price, __ = self.needs.option_ids
        self._answer(self.budget, "yes")
        self._answer(self.timeline, self.quarter.id)
        self._answer(self.needs, [price.id, speed.id])
        self._answer(self.seats, 25)
        self._answer(self.start, "2026-12-24")
        self._answer(self.problem, " Too slow\x00 ")
        self.assertEqual(
            self._shown(),
            {
                "Funds": "Yes",
                "Timeline": "This quarter",
                "Needs": "Speed, Price",
                "Seats": "25 seats",
                "Start": "12/24/2026",
                "Problem": "Too slow",
            },
        )

    def test_zero_is_an_answer(self):
        state = self._answer(self.seats, 0)
        self.assertEqual(self._shown(), {"Seats": "0 seats"})
        question = next(q for q in state["questions"] if q["id"] == self.seats.id)
        self.assertTrue(question["answered"])

    def test_bad_values_are_refused_and_change_nothing(self):
        foreign = self.needs.option_ids[0].id
        for qualifier, value in (
            (self.budget, "perhaps"),
            (self.budget, True),
            (self.timeline, foreign),
            (self.timeline, 10**9),
            (self.needs, [self.quarter.id]),
            (self.needs, {"a": 1}),
            (self.seats, "many"),
            (self.seats, "nan"),
            (self.seats, 1e300),
            (self.start, "0001-01-01"),
            (self.start, "tomorrow"),
            (self.problem, "x" * 10_001),
        ):
            with self.subTest(question=qualifier.name, value=str(value)[:20]):
                with self.assertRaises(ValidationError) as caught:
                    self._answer(qualifier, value)
                self.assertIn(qualifier.name, str(caught.exception))
                self.assertFalse(self._shown())

    def test_strange_texts_are_stored_harmlessly(self):
        for text in (
            "<script>alert(1)</script>",
            '=HYPERLINK("http://evil")',
            "שלום 🦄 \u202e",
            "{{ object.user_id.password }}",
            "x" * 10_000,
        ):
            self._answer(self.problem, text)
            self.assertEqual(self._shown(), {"Problem": text})

    def test_question_that_is_not_there(self):
        for key in ("0", "999999", "x", "-1", "1; DROP TABLE crm_lead"):
            with self.subTest(key=key), self.assertRaises(UserError):
                self.lead.action_qualify({key: "yes"})

    # -- history --------------------------------------------------------------

    def test_who_when_and_what_before(self):
        self._answer(self.budget, "no")
        self._answer(self.budget, "yes", self.lead.with_user(self.leader))
        self.lead.invalidate_recordset()
        history = self.lead.qualifier_history_ids
        self.assertEqual(history.mapped("display_value"), ["Yes", "No"])
        self.assertEqual(history.mapped("is_current"), [True, False])
        self.assertEqual(history.user_id, self.leader + self.rep)
        self.assertEqual(set(history.mapped("source")), {"rep"})
        self.assertTrue(all(history.mapped("answer_date")))

    def test_same_answer_again_is_no_change(self):
        self._answer(self.budget, "yes")
        self._answer(self.budget, "yes")
        self.assertEqual(len(self.lead.qualifier_history_ids), 1)

    def test_answer_taken_back_stays_in_history(self):
        self._answer(self.budget, "yes")
        self._answer(self.budget, False)
        self.assertFalse(self._shown())
        self.assertEqual(self.lead.qualifier_history_ids.mapped("is_current"), [False])

    def test_one_answer_per_question_in_the_database(self):
        self._answer(self.budget, "yes")
        answer = self.lead.qualifier_answer_ids.sudo()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            with self.env.cr.savepoint():
                answer.copy({"option_id": answer.option_id.id})
                self.env.flush_all()

    def test_two_reps_at_once_are_tried_again(self):
        """The loser of the race starts over, sees the answer and replaces it."""
        Answer = self.env["lead.qualifier.answer"]
        yes = self.budget.option_ids[0].id
        data = self.env["lead.qualifier"]._get_all()[self.budget.id]
        vals = Answer._prepare_answer(data, self.lead.id, yes, "rep")
        Answer._replace([vals])
        with mute_logger("odoo.sql_db"), self.assertRaises(ConcurrencyError):
            Answer._replace([vals])

    # -- where from -----------------------------------------------------------

    def test_source(self):
        def source(lead):
            return lead._get_answer_source()

        self.assertEqual(source(self.lead), "rep")
        self.assertEqual(
            source(self.lead.with_user(self.env.ref("base.user_root"))), "automation"
        )
        forged = self.lead.with_context(answer_source="chatbot")
        self.assertEqual(source(forged), "rep", "no caller chooses it")
        public = self.lead.with_user(self.env.ref("base.public_user"))
        self.assertEqual(source(public), "form")

    # -- rights ---------------------------------------------------------------

    def test_who_may_not_write_the_lead_may_not_answer(self):
        user = new_test_user(self.env, "lm_plain", groups="base.group_user")
        for other in (self.rep_2, self.rep_b, user):
            with self.subTest(user=other.login), self.assertRaises(AccessError):
                self._answer(self.budget, "yes", self.lead.with_user(other))

    def test_nobody_writes_answers_directly(self):
        self._answer(self.budget, "yes")
        answer = self.lead.qualifier_answer_ids
        for user in (self.rep, self.leader, self.manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    answer.with_user(user).write({"user_id": self.rep_2.id})
                with self.assertRaises(AccessError):
                    answer.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    answer.with_user(user).create(
                        {
                            "lead_id": self.lead.id,
                            "qualifier_id": self.budget.id,
                            "source": "rep",
                        }
                    )
        with self.assertRaises(AccessError):
            self.lead.write({"qualifier_answer_ids": [(5, 0, 0)]})

    # -- merge, copy, delete --------------------------------------------------

    def test_merge_keeps_both_sides(self):
        other = self._new_lead().with_user(self.rep)
        self._answer(self.budget, "no")
        self._answer(self.timeline, self.later.id, other)
        self._answer(self.budget, "yes", other)
        (self.lead + other).qualifier_answer_ids.sudo().flush_recordset()
        self.env.cr.execute(
            "UPDATE lead_qualifier_answer SET answer_date = answer_date - "
            "interval '1 h' WHERE lead_id = %s",
            [self.lead.id],
        )
        self.env.invalidate_all()
        merged = (self.lead + other).with_user(self.manager).merge_opportunity()
        self.assertEqual(self._shown(merged), {"Funds": "Yes", "Timeline": "Later"})
        self.assertEqual(len(merged.qualifier_history_ids), 3)
        self.assertEqual(merged.x_qualifier_funds, "yes")

    def test_copy_takes_no_answers(self):
        self._answer(self.budget, "yes")
        copy = self.lead.copy()
        self.assertFalse(copy.qualifier_history_ids)
        self.assertFalse(copy.x_qualifier_funds)

    def test_question_with_answers_is_archived_not_deleted(self):
        self._answer(self.budget, "yes")
        budget = self.budget.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            budget.unlink()
        with self.assertRaisesRegex(UserError, "is used by leads"):
            budget.option_ids[0].unlink()
        budget.option_ids[1].unlink()
        budget.active = False
        self.assertEqual(self.lead.qualifier_answer_ids.display_value, "Yes")
        self.assertNotIn(
            self.budget.id, [q["id"] for q in self.lead.qualification["questions"]]
        )
        budget.active = True
        self.assertEqual(self.lead.x_qualifier_funds, "yes")

    def test_kind_stays_once_asked(self):
        with self.assertRaises(ValidationError):
            self.budget.kind = "text"

    def test_lead_that_goes_takes_its_answers(self):
        self._answer(self.budget, "yes")
        self.lead.sudo().unlink()
        self.budget.with_user(self.manager).unlink()

    # -- score ----------------------------------------------------------------

    def test_points_of_answers_are_part_of_the_score(self):
        self._new_score_rule([], 10, name="Exists")
        self.assertEqual(self.lead.score_total, 10)
        self._answer(self.timeline, self.quarter.id)
        self._answer(self.needs, self.needs.option_ids.ids)
        self.assertEqual(self.lead.score_total, 38)
        reasons = {r["name"]: r["points"] for r in self.lead.score_reasons}
        self.assertEqual(
            reasons,
            {
                "Exists": 10,
                "Timeline: This quarter": 20,
                "Needs: Speed": 5,
                "Needs: Price": 3,
            },
        )
        self.quarter.points = 30
        self.assertEqual(self.lead.score_total, 48)
        self._answer(self.timeline, self.later.id)
        self.assertEqual(self.lead.score_total, 13)
        self.timeline.active = False
        self.assertEqual(self.lead.score_total, 18)
