"""Automated actions that contradict one another do not stop people."""

from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase

LOGGER = "odoo.addons.lead_management.models.pipeline.stage.crm_lead_history"


class TestContradictions(LeadManagementCase):
    def _automate(self, stage_type, code):
        model = self.env["ir.model"]._get("lead.stage.transition")
        return self.env["base.automation"].create(
            {
                "name": f"When {stage_type}",
                "model_id": model.id,
                "trigger": "on_create",
                "filter_domain": f"[('stage_type', '=', '{stage_type}')]",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Move",
                            "model_id": model.id,
                            "state": "code",
                            "code": code,
                        }
                    )
                ],
            }
        )

    def _move_at_once(self, stage_type):
        stage = self._stage(stage_type)
        return f"record.lead_id.write({{'stage_id': {stage.id}}})"

    def _move_later(self, stage_type):
        return f"records.lead_id._run_before_commit('_stage_move', '{stage_type}')"

    def _drag(self, leads, stage_type="contacted"):
        leads.with_user(self.rep).write({"stage_id": self._stage(stage_type).id})
        self.env.cr.flush()

    def _assert_stopped(self, lead, *path):
        moves = lead.stage_transition_ids.sorted("id")
        self.assertEqual(moves.mapped("stage_type"), ["open", *path])
        notes = lead.message_ids.mapped("body")
        self.assertEqual(sum("contradict" in body for body in notes), 1)

    def test_two_that_move_back_and_forth(self):
        for move in (self._move_at_once, self._move_later):
            with self.subTest(move=move.__name__):
                automations = self._automate("contacted", move("nurturing"))
                automations += self._automate("nurturing", move("contacted"))
                leads = self._new_lead() + self._new_lead()
                with mute_logger(LOGGER):
                    self._drag(leads)
                for lead in leads:
                    self.assertEqual(lead.stage_id, self._stage("contacted"))
                    self._assert_stopped(lead, "contacted", "nurturing", "contacted")
                automations.unlink()

    def test_a_longer_circle(self):
        self._automate("contacted", self._move_at_once("nurturing"))
        self._automate("nurturing", self._move_later("qualified"))
        self._automate("qualified", self._move_at_once("contacted"))
        lead = self._new_lead()
        with mute_logger(LOGGER):
            self._drag(lead)
        self._assert_stopped(lead, "contacted", "nurturing", "qualified", "contacted")

    def test_a_way_through_stages_is_no_circle(self):
        self._automate("contacted", self._move_at_once("nurturing"))
        self._automate("nurturing", self._move_later("qualified"))
        lead = self._new_lead()
        self._drag(lead)
        self.assertEqual(lead.stage_id, self._stage("qualified"))
        self._drag(lead)
        self.assertEqual(lead.stage_id, self._stage("qualified"), "once more by hand")
        self.assertFalse(
            lead.message_ids.filtered(lambda m: "contradict" in (m.body or ""))
        )
