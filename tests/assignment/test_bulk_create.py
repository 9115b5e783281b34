"""What is written past the ORM is what it would have written."""

from odoo.addons.lead_management.models.base.fast import bulk_create

from .common import AssignmentCase

MODELS = (
    "mail.message",
    "mail.tracking.value",
    "mail.followers",
    "lead.assignment.log",
)
# Differs from one lead to the next, or from one moment to the next.
OWN = {
    "id",
    "create_date",
    "write_date",
    "date",
    "duration",
    "lead_id",
    "mail_message_id",
    "message_id",
    "res_id",
    "record_name",
    "waited",
}


class TestBulkCreate(AssignmentCase):
    def setUp(self):
        super().setUp()
        self.last = {
            model: self.env[model].search([], order="id desc", limit=1).id or 0
            for model in MODELS
        }

    def _rows(self, model, lead):
        """Return the columns of what was written about a lead in this test."""
        self.env.flush_all()
        self.env.invalidate_all()
        links = {
            "mail.message": [("model", "=", "crm.lead"), ("res_id", "=", lead.id)],
            "mail.followers": [
                ("res_model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
            ],
            "lead.assignment.log": [("lead_id", "=", lead.id)],
            "mail.tracking.value": [
                ("mail_message_id", "in", lead.message_ids.ids),
            ],
        }
        records = self.env[model].search(
            [("id", ">", self.last[model]), *links[model]], order="id"
        )
        names = [
            fname
            for fname, field in records._fields.items()
            if field.store and field.type != "one2many" and fname not in OWN
        ]
        return [
            {name: record[name] for name in names}
            for record in records.with_user(1)
            if model != "mail.message" or record.message_type == "notification"
        ]

    def test_rows_are_those_of_the_orm(self):
        first, second = self._new_lead(name="Same"), self._new_lead(name="Same")
        rule = self._to_user(self.rep_2)
        self.commit()
        first.with_user(self.manager).action_route()
        self.patch(bulk_create, "_is_plain", lambda model, known: False)
        second.with_user(self.manager).action_route()
        for model in MODELS:
            with self.subTest(model):
                rows = self._rows(model, first)
                self.assertTrue(rows)
                self.assertEqual(rows, self._rows(model, second))
        self.assertEqual(rule.assigned_count, 2)

    def test_who_extends_create_sees_each_message(self):
        Message = self.registry["mail.message"]
        create, seen = Message.create, []

        def extended(model, vals_list):
            seen.extend(vals_list)
            return create(model, vals_list)

        leads = self._new_lead() + self._new_lead()
        self._to_user(self.rep_2)
        self.patch(Message, "create", extended)
        leads.with_user(self.manager).action_route()
        noted = [
            vals["res_id"] for vals in seen if vals["message_type"] == "notification"
        ]
        self.assertEqual(sorted(noted), leads.ids)

    def test_automated_action_on_decisions(self):
        self.env["base.automation"].create(
            {
                "name": "On each decision",
                "model_id": self.env["ir.model"]._get_id("lead.assignment.log"),
                "trigger": "on_create",
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Mark the lead",
                            "model_id": self.env["ir.model"]._get_id(
                                "lead.assignment.log"
                            ),
                            "state": "code",
                            "code": "record.lead_id.write({'color': 7})",
                        },
                    )
                ],
            }
        )
        self._to_user(self.rep)
        lead = self._create()
        self.assertEqual(lead.color, 7)

    def test_caches_follow(self):
        lead = self._new_lead(user_id=False)
        self._to_user(self.rep_2)
        self.assertFalse(lead.assignment_log_ids)
        followers, messages = lead.message_partner_ids, lead.message_ids
        lead.with_user(self.manager).action_route()
        self.assertEqual(lead.assignment_log_ids.user_id, self.rep_2)
        self.assertEqual(lead.message_partner_ids - followers, self.rep_2.partner_id)
        self.assertTrue(lead.message_ids - messages)

    def test_what_others_write_by_the_way_counts(self):
        """The revenue hangs on the probability, which is kept with the team."""
        CrmLead = self.registry["crm.lead"]
        write = CrmLead.write

        def extended(leads, vals):
            if "user_id" in vals:
                vals = {**vals, "expected_revenue": 1000}
            return write(leads, vals)

        lead = self._new_lead(user_id=False, team_id=self.team.id, probability=50)
        self._new_assignment_rule(team_id=self.team.id)
        self.patch(CrmLead, "write", extended)
        lead.with_user(self.manager).action_route()
        self.env.flush_all()
        self.assertTrue(lead.user_id)
        self.assertEqual(lead.prorated_revenue, 500)

    def test_team_and_company_stay_with_what_hangs_on_them(self):
        lead = self._new_lead(user_id=False, team_id=self.team.id)
        self._new_assignment_rule(team_id=self.team.id)
        self.env.flush_all()
        CrmLead = self.registry["crm.lead"]
        self.patch(CrmLead, "_compute_probabilities", self.fail)
        lead.with_user(self.manager).action_route()
        self.assertEqual(lead.company_id, self.company)
        self.assertEqual(lead.team_id, self.team)
