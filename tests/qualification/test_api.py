import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestApi(LeadManagementCase, HttpCase):
    """A program with the key of a rep answers questions over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.funds = cls._new_qualifier("Funds", "yes_no")
        cls.seats = cls._new_qualifier("Seats", "number")
        cls.qualified = cls._stage("qualified")
        cls.env["lead.stage.requirement"].create(
            {"stage_id": cls.qualified.id, "qualifier_id": cls.funds.id}
        )
        cls.lead = cls._new_lead()
        cls.lead_b = cls.env["crm.lead"].create({"name": "B", "user_id": cls.rep_b.id})

    def setUp(self):
        super().setUp()
        keys = self.env["res.users.apikeys"].with_user(self.rep)
        self.key = keys._generate(
            "rpc", "test", fields.Datetime.now() + timedelta(hours=1)
        )

    def _call(self, method, **values):
        response = self.url_open(
            f"/json/2/crm.lead/{method}",
            data=json.dumps(values),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"bearer {self.key}",
            },
        )
        self.env.invalidate_all()
        return response.status_code, response.json()

    def test_answers_are_marked_as_coming_from_the_api(self):
        status, state = self._call(
            "action_qualify", ids=self.lead.ids, answers={self.funds.id: "yes"}
        )
        self.assertEqual((status, state["answered"]), (200, 1))
        status, __ = self._call(
            "write", ids=self.lead.ids, vals={"x_qualifier_seats": 7}
        )
        self.assertEqual(status, 200)
        answers = self.lead.qualifier_answer_ids
        self.assertEqual(answers.mapped("source"), ["api", "api"])
        self.assertEqual(answers.user_id, self.rep)

    @mute_logger("odoo.http")
    def test_bad_values_get_a_clear_answer(self):
        for answers in (
            {self.funds.id: "perhaps"},
            {self.funds.id: {"a": [1]}},
            {self.seats.id: "NaN"},
            {self.seats.id: [[[]]]},
            {"__class__": 1},
            {"9" * 40: 1},
        ):
            with self.subTest(answers=answers):
                status, error = self._call(
                    "action_qualify", ids=self.lead.ids, answers=answers
                )
                self.assertEqual(status, 422, error)
        for vals in ({"x_qualifier_funds": "perhaps"}, {"x_qualifier_seats": "many"}):
            with self.subTest(vals=vals):
                status, error = self._call("write", ids=self.lead.ids, vals=vals)
                self.assertEqual(status, 422, error)
        self.assertFalse(self.lead.qualifier_history_ids)

    @mute_logger("odoo.http")
    def test_gate_and_rights_hold(self):
        status, error = self._call(
            "write", ids=self.lead.ids, vals={"stage_id": self.qualified.id}
        )
        self.assertEqual(status, 422)
        self.assertIn("Funds", error["message"])
        for method, values in (
            ("action_qualify", {"answers": {self.funds.id: "yes"}}),
            ("action_gate_info", {"stage_id": self.qualified.id}),
            ("action_gate_override", {"stage_id": self.qualified.id, "reason": "x"}),
        ):
            with self.subTest(method=method):
                status, __ = self._call(method, ids=self.lead_b.ids, **values)
                self.assertEqual(status, 403)
        status, __ = self._call(
            "action_gate_override",
            ids=self.lead.ids,
            stage_id=self.qualified.id,
            reason="I want it",
        )
        self.assertEqual(status, 403)
        self.assertNotEqual(self.lead.stage_id, self.qualified)
