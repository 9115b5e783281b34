from odoo.exceptions import AccessError, UserError

from odoo.addons.lead_management.exceptions import StageGateError
from odoo.addons.lead_management.models.base.context import GATE_OPEN, IMPORT
from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestGate(LeadManagementCase):
    """Qualified requires a budget and a deal size, and recommends a phone number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._new_qualifier("Funds", "yes_no")
        cls.qualified = cls._stage("qualified")
        cls.required, cls.size, cls.phone = cls.env["lead.stage.requirement"].create(
            [
                {"stage_id": cls.qualified.id, "qualifier_id": cls.budget.id},
                {"stage_id": cls.qualified.id, "field_name": "expected_revenue"},
                {
                    "stage_id": cls.qualified.id,
                    "field_name": "phone",
                    "level": "recommended",
                },
            ]
        )

    def setUp(self):
        super().setUp()
        self.lead = self._new_lead(stage_id=self._stage("open").id).with_user(self.rep)

    def _move(self, lead=None, **values):
        (lead or self.lead).write({"stage_id": self.qualified.id, **values})

    def test_people_are_stopped_and_told_what_is_missing(self):
        with self.assertRaises(StageGateError) as caught, self.env.cr.savepoint():
            self._move()
        message = str(caught.exception)
        self.assertIn("Funds, Expected Revenue", message)
        self.assertNotIn("Phone", message)
        self.assertEqual(
            caught.exception.context,
            {"stage_id": self.qualified.id, "lead_ids": self.lead.ids},
        )
        self.assertEqual(self.lead.stage_id.stage_type, "open")

    def test_what_is_written_together_counts(self):
        self._move(expected_revenue=100, x_qualifier_funds="no")
        self.assertEqual(self.lead.stage_id, self.qualified)
        self.assertEqual(
            [item["label"] for item in self.lead.stage_gate["recommended"]], ["Phone"]
        )
        self.assertFalse(self.lead.stage_gate["required"])

    def test_other_stages_and_other_writes_are_free(self):
        self.lead.stage_id = self._stage("negotiation")
        self._move(self.lead.sudo())
        self.lead.write({"stage_id": self.qualified.id, "name": "Stays where it is"})

    def test_won_button_is_stopped_as_well(self):
        self.required.stage_id = self._stage("customer")
        with self.assertRaises(StageGateError), self.env.cr.savepoint():
            self.lead.action_set_won()
        self.lead.x_qualifier_funds = "yes"
        self.lead.action_set_won()
        self.assertEqual(self.lead.won_status, "won")

    def test_some_of_several(self):
        other = self._new_lead(
            name="Complete", expected_revenue=1, x_qualifier_funds="yes"
        )
        leads = self.lead + other.with_user(self.rep)
        with self.assertRaises(StageGateError) as caught, self.env.cr.savepoint():
            self._move(leads)
        self.assertEqual(caught.exception.context["lead_ids"], self.lead.ids)

    def test_question_asks_only_those_it_is_put_to(self):
        self.budget.domain = "[('city', '=', 'Rome')]"
        self._move(expected_revenue=1)
        self.assertEqual(self.lead.stage_id, self.qualified)

    def test_archived_question_requires_nothing(self):
        self.budget.active = False
        self._move(expected_revenue=1)
        self.assertEqual(self.lead.stage_id, self.qualified)

    def test_requirement_of_a_company(self):
        self.required.company_id = self.company_b
        self.size.unlink()
        self._move()
        lead_b = self.env["crm.lead"].create({"name": "B", "user_id": self.rep_b.id})
        with self.assertRaises(StageGateError), self.env.cr.savepoint():
            self._move(lead_b.with_user(self.rep_b))

    # -- what passes, and is flagged ------------------------------------------

    def test_imports_pass_and_are_flagged(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(["name", "stage_id"], [["Imported", "Qualified"]])
        )
        lead = self.env["crm.lead"].browse(result["ids"]).with_user(self.manager)
        self.assertEqual(lead.stage_id, self.qualified)
        self.assertTrue(lead.stage_gate_missing)
        found = lead.search([("id", "=", lead.id), ("stage_gate_missing", "=", True)])
        self.assertEqual(found, lead)
        lead.write({"expected_revenue": 1, "x_qualifier_funds": "yes"})
        lead.invalidate_recordset()
        self.assertFalse(lead.stage_gate_missing)
        self.assertFalse(
            lead.search([("id", "=", lead.id), ("stage_gate_missing", "=", True)])
        )
        self.assertTrue(
            lead.search([("id", "=", lead.id), ("stage_gate_missing", "=", False)])
        )

    def test_import_updating_leads_passes(self):
        self.env["ir.model.data"].create(
            {
                "module": "__test__",
                "name": "lead",
                "model": "crm.lead",
                "res_id": self.lead.id,
            }
        )
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(["id", "stage_id"], [["__test__.lead", "Qualified"]])
        )
        self.assertEqual(result["ids"], self.lead.ids)
        self.assertEqual(self.lead.stage_id, self.qualified)

    def test_automated_actions_pass_and_are_flagged(self):
        model = self.env["ir.model"]._get("crm.lead")
        self.env["base.automation"].create(
            {
                "name": "Qualify",
                "model_id": model.id,
                "trigger": "on_create_or_write",
                "filter_domain": "[('city', '=', 'Rome')]",
                "trigger_field_ids": [
                    (4, self.env["ir.model.fields"]._get("crm.lead", "city").id)
                ],
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Move",
                            "model_id": model.id,
                            "state": "code",
                            "code": f"record['stage_id'] = {self.qualified.id}",
                        },
                    )
                ],
            }
        )
        self.lead.city = "Rome"
        self.assertEqual(self.lead.stage_id, self.qualified)
        self.assertTrue(self.lead.stage_gate_missing)
        lead = self._new_lead().with_user(self.rep)
        with self.assertRaises(StageGateError), self.env.cr.savepoint():
            lead.write({"stage_id": self.qualified.id})

    # -- new leads ------------------------------------------------------------

    def _create(self, user=None, **values):
        Lead = self.env["crm.lead"].with_user(user or self.rep)
        return Lead.create({"name": "New", "stage_id": self.qualified.id, **values})

    def test_people_are_stopped_when_they_create_leads_there(self):
        for user in (self.rep, self.leader, self.manager):
            with self.subTest(user=user.login):
                with self.assertRaises(StageGateError) as caught:
                    with self.env.cr.savepoint():
                        self._create(user)
                self.assertIn("Funds, Expected Revenue", str(caught.exception))
                start = self._stage("open")
                self.assertEqual(
                    caught.exception.context,
                    {
                        "stage_id": self.qualified.id,
                        "lead_ids": [],
                        "start_stage": {"id": start.id, "display_name": start.name},
                    },
                )

    def test_the_stage_of_a_column_is_no_way_around(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        Lead = Lead.with_context(default_stage_id=self.qualified.id)
        for create in (
            lambda: Lead.name_create("Quick"),
            lambda: Lead.create([{"name": "A"}, {"name": "B"}]),
            lambda: Lead.web_save({"name": "Web"}, {"name": {}}),
        ):
            with self.assertRaises(StageGateError), self.env.cr.savepoint():
                create()

    def test_new_leads_of_which_all_is_known(self):
        lead = self._create(expected_revenue=5, x_qualifier_funds="no")
        self.assertEqual(lead.stage_id, self.qualified)

    def test_new_leads_where_leads_start_are_flagged_not_lost(self):
        self.required.stage_id = self._stage("open")
        lead = self.env["crm.lead"].with_user(self.rep).create({"name": "New"})
        self.assertEqual(lead.stage_id.stage_type, "open")
        self.assertTrue(lead.stage_gate_missing)

    def test_new_leads_of_programs_are_flagged_not_stopped(self):
        lead = self._new_lead(stage_id=self.qualified.id)
        self.assertTrue(lead.with_user(self.manager).stage_gate_missing)

    def test_nobody_opens_the_gate_by_a_context_when_creating(self):
        for context in ({GATE_OPEN.name: True}, {IMPORT.name: {}}):
            Lead = self.env["crm.lead"].with_user(self.rep).with_context(**context)
            with self.assertRaises(StageGateError), self.env.cr.savepoint():
                Lead.create({"name": "New", "stage_id": self.qualified.id})

    def test_nobody_opens_the_gate_by_a_context(self):
        for context in (
            {GATE_OPEN.name: True},
            {IMPORT.name: {}},
            {"import_file": True},
            {"__action_done": {"1": [1]}},
        ):
            with self.subTest(**context), self.assertRaises(StageGateError):
                with self.env.cr.savepoint():
                    self._move(self.lead.with_context(**context))

    # -- the dialog -----------------------------------------------------------

    def test_dialog_tells_what_is_missing_and_goes_on(self):
        info = self.lead.action_gate_info(self.qualified.id)
        self.assertFalse(info["can_override"])
        self.assertEqual(
            [(item["label"], item["level"]) for item in info["items"]],
            [
                ("Funds", "required"),
                ("Expected Revenue", "required"),
                ("Phone", "recommended"),
            ],
        )
        self.assertEqual(info["items"][0]["question"]["id"], self.budget.id)
        with self.assertRaises(StageGateError), self.env.cr.savepoint():
            self.lead.action_gate_pass(self.qualified.id, {"expected_revenue": 5}, {})
        self.lead.action_gate_pass(
            self.qualified.id, {"expected_revenue": 5}, {str(self.budget.id): "yes"}
        )
        self.assertEqual(self.lead.stage_id, self.qualified)
        self.assertEqual(self.lead.x_qualifier_funds, "yes")

    def test_manager_overrides_with_a_reason_that_is_logged(self):
        lead = self.lead.with_user(self.manager)
        self.assertTrue(lead.action_gate_info(self.qualified.id)["can_override"])
        for reason in ("", "  \x00 ", False):
            with self.assertRaises(UserError):
                lead.action_gate_override(self.qualified.id, reason)
        lead.action_gate_override(self.qualified.id, "<b>Big</b> name")
        self.assertEqual(lead.stage_id, self.qualified)
        self.assertTrue(lead.stage_gate_missing, "it stays flagged")
        note = lead.message_ids.filtered(lambda m: "Reason:" in (m.body or ""))
        self.assertEqual(note.author_id, self.manager.partner_id)
        self.assertIn("Funds, Expected Revenue", note.body)
        self.assertIn("&lt;b&gt;Big&lt;/b&gt; name", note.body)

    def test_rep_does_not_override(self):
        for user in (self.rep, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.lead.with_user(user).action_gate_override(self.qualified.id, "x")
        self.assertEqual(self.lead.stage_id.stage_type, "open")

    def test_foreign_lead_is_out_of_reach(self):
        lead_b = self.env["crm.lead"].create({"name": "B", "user_id": self.rep_b.id})
        lead = lead_b.with_user(self.manager)
        for do in (
            lambda: lead.action_gate_info(self.qualified.id),
            lambda: lead.action_gate_pass(self.qualified.id, {}, {}),
            lambda: lead.action_gate_override(self.qualified.id, "x"),
        ):
            with self.assertRaises(AccessError):
                do()

    # -- configuration --------------------------------------------------------

    def test_requirement_names_something(self):
        with self.assertRaises(UserError):
            self.env["lead.stage.requirement"].create({"stage_id": self.qualified.id})

    def test_deleting_an_unanswered_question_deletes_its_requirement(self):
        self.budget.with_user(self.manager).unlink()
        self.assertFalse(self.required.exists())
        self._move(expected_revenue=1)

    def test_completeness_counts_answers_too(self):
        self.env["lead.profile.item"].create({"qualifier_id": self.budget.id})
        self.assertEqual(self.lead.profile_completeness, 0)
        self.assertEqual(self.lead.profile_missing[0]["label"], "Funds")
        self.lead.x_qualifier_funds = "no"
        self.assertEqual(self.lead.profile_completeness, 100)
