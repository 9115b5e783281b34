from odoo import fields
from odoo.tools import SQL

from odoo.addons.lead_management.tests.common import LeadManagementCase

from .common import read_frequencies

# What undoing must leave as it was: tables, and how their rows belong to a lead.
TABLES = {
    "crm_lead": "id = ANY(%(leads)s)",
    "lead_stage_transition": "lead_id = ANY(%(leads)s)",
    "lead_touch": "lead_id = ANY(%(leads)s)",
    "lead_sla_clock": "lead_id = ANY(%(leads)s)",
    "lead_pool_entry": "lead_id = ANY(%(leads)s)",
    "lead_assignment_log": "lead_id = ANY(%(leads)s)",
    "lead_score": "lead_id = ANY(%(leads)s)",
    "lead_profile": "lead_id = ANY(%(leads)s)",
    "lead_score_change": "lead_id = ANY(%(leads)s)",
    "lead_score_snapshot": "lead_id = ANY(%(leads)s)",
    "lead_qualifier_answer": "lead_id = ANY(%(leads)s)",
    "mail_activity": "res_model = 'crm.lead' AND res_id = ANY(%(leads)s)",
    "mail_message": "model = 'crm.lead' AND res_id = ANY(%(leads)s)",
    "mail_followers": "res_model = 'crm.lead' AND res_id = ANY(%(leads)s)",
    "ir_attachment": "res_model = 'mail.activity'",
    "activity_attachment_rel": "TRUE",
    "res_partner": "TRUE",
    "lead_answer": "lead_id = ANY(%(leads)s)",
    "lead_check": "lead_id = ANY(%(leads)s)",
    "lead_verification": "lead_id = ANY(%(leads)s)",
    "calendar_event": "TRUE",
}


class UndoCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm.pls_start_date", "2000-01-01")
        cls.reason = cls.env["crm.lost.reason"].create({"name": "No budget"})
        cls.lead = cls._new_lead(
            name="Acme",
            team_id=cls.team.id,
            email_from="ann@acme.example",
            stage_id=cls._stage("qualified").id,
            expected_revenue=1234.56,
        )
        cls.step = cls.lead.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=fields.Date.today(),
            user_id=cls.rep.id,
            note="<p>Ask for Bob</p>",
        )
        attachment = cls.env["ir.attachment"].create(
            {
                "name": "offer.txt",
                "raw": b"offer",
                "res_model": "mail.activity",
                "res_id": cls.step.id,
            }
        )
        cls.step.attachment_ids = attachment
        cls.env.cr.flush()

    def _state(self, leads=None):
        """Everything that undoing puts back, straight from the database."""
        self.env.cr.flush()
        ids = (leads or self.lead).ids
        return {
            table: [
                row
                for [row] in self.env.execute_query(
                    SQL(
                        f"SELECT to_jsonb(found) FROM {table} AS found WHERE "
                        + condition
                        + " ORDER BY 1",
                        **({"leads": ids} if "%" in condition else {}),
                    )
                )
            ]
            for table, condition in TABLES.items()
        } | {"learned": read_frequencies(self.env)}

    def _undo(self, action, user=None):
        self.assertEqual(action["tag"], "lead_undo")
        self.assertTrue(action["params"]["message"])
        undo = self.env["lead.undo"].browse(action["params"]["undo_id"])
        return undo.with_user(user or self.rep).action_undo()

    def _assert_undone(self, before, leads=None):
        self.env.cr.flush()
        after = self._state(leads)
        for name, rows in before.items():
            self.assertEqual(after[name], rows, name)
