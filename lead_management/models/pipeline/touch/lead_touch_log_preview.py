from odoo import api, fields, models

from ...base.stage_types import CONTACTED, OPEN, UNQUALIFIED

# Automated actions that move a lead because of a touch, and where to.
MOVING = (
    ("lead_management.base_automation_touch_contacted", CONTACTED),
    ("lead_management.base_automation_touch_reactivate", OPEN),
)


class LeadTouchLog(models.TransientModel):
    """What saving the dialog will do, said before."""

    _inherit = "lead.touch.log"

    preview = fields.Json(compute="_compute_preview")

    @api.depends(
        "lead_ids",
        "channel",
        "message_channel",
        "direction",
        "activity_id",
        "outcome_id",
        "stage_id",
        "activity_type_id",
        "next_date",
        "next_summary",
        "no_next_reason",
    )
    def _compute_preview(self):
        for log in self:
            log.preview = bool(log.outcome_id) and {
                "stage": log._describe_stage(),
                "step": log._describe_step(),
            }

    def _describe_stage(self):
        """Say where the leads will be."""
        leads = self.lead_ids._origin
        if self._get_unqualified_leads(leads):
            return self.env._(
                "You will be asked why, and what is planned is cancelled."
            )
        stages = self._get_stages_after(leads)
        if not stages:
            return False
        names = {stage.name: 0 for stage in stages.values()}
        if len(leads) == 1:
            return self.env._("Moves to %s.", *names)
        for stage in stages.values():
            names[stage.name] += 1
        return self.env._(
            "Stage changes: %s.",
            ", ".join(f"{name}: {count}" for name, count in names.items()),
        )

    def _describe_step(self):
        """Say what will be planned, or that nothing will."""
        if self.activity_type_id and self.next_date:
            return self.env._("Next step: %s.", self._get_next_text(self.next_date))
        if self.other_activity:
            return self.env._("Planned already: %s.", self.other_activity)
        if self.is_next_needed and not self.no_next_reason:
            return self.env._("Choose the next step, or say why there is none.")
        return self.env._("No next step.")

    # ------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------

    def _get_stages_after(self, leads):
        """Return the stage of each lead that moves, by hand or by itself.

        :return: dict of lead to stage
        """
        stages = self._get_moves(leads)
        values = self._prepare_touch_values()
        for xmlid, stage_type in MOVING:
            staying = leads - leads.browse().union(*stages)
            moving = staying._touch_filter_moving(xmlid, values)
            targets = moving._stage_of_type(stage_type)
            stages |= {
                lead: targets[lead.team_id] for lead in moving if targets[lead.team_id]
            }
        return stages

    def _get_unqualified_leads(self, leads):
        """Return the leads that are asked for why they do not match."""
        moves = self._get_moves(leads)
        return leads.filtered(
            lambda lead: lead in moves and moves[lead].stage_type == UNQUALIFIED
        )

    def _get_stage_step(self, leads):
        """Return what the stage plans that the leads are to enter, as a proposal."""
        lead = leads[:1]
        stage = self._get_stages_after(leads).get(lead)
        if not stage:
            return {}
        # sudo: a policy serves whoever logs
        Policy = self.env["lead.followup.policy"].sudo()
        policy = Policy._get_of_stage(lead, stage)
        return policy._get_step(lead) if policy.activity_type_id else {}

    # ------------------------------------------------------------
    # What was done
    # ------------------------------------------------------------

    def _get_done_text(self, leads):
        """Return what the notice says that offers to undo it."""
        who = self.env._("Leads: %s", len(leads))
        if len(leads) == 1:
            who = leads.contact_name or leads.name
        logged = self.env._(
            "Logged: %(who)s, %(outcome)s.", who=who, outcome=self.outcome_id.name
        )
        return f"{logged} {self._describe_step()}"

    def _get_unqualify_action(self, leads):
        """Return the dialog that asks why leads do not match; it logs as well."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_unqualify_action"
        )
        context = {
            "default_lead_ids": leads.ids,
            "default_touch_log_id": self.id,
            "dialog_size": "medium",
        }
        return {**action, "context": context}
