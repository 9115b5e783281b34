from odoo import api, fields, models
from odoo.fields import Domain
from odoo.models import BaseModel
from odoo.tools import SQL

from ...exceptions import StageGateError
from ..base.context import GATE_OPEN, IMPORT
from ..base.rule.conditions import LEAD_ID
from .lead_stage_requirement import RECOMMENDED, REQUIRED


class CrmLead(models.Model):
    """Gates: what must be known of a lead that enters a stage.

    People are stopped, and told what is missing, whether they move a lead or create it
    there. Imports and automated actions pass, and so do new leads in the stage where
    leads start; they are flagged as long as something required is missing.
    """

    _inherit = "crm.lead"

    stage_gate = fields.Json(
        string="Stage Requirements",
        compute="_compute_stage_gate",
        help="Information that the current stage asks for and that is missing.",
    )
    stage_gate_missing = fields.Boolean(
        string="Missing Required Information",
        compute="_compute_stage_gate_missing",
        search="_search_stage_gate_missing",
        help="Information required by the current stage is missing.",
    )

    @api.depends_context("lang")
    def _compute_stage_gate(self):
        for lead, missing in self._gate_missing_now().items():
            lead.stage_gate = {
                level: [
                    {
                        "label": data.label,
                        "field": data.field_name,
                        "qualifier": data.qualifier_id,
                    }
                    for data in missing
                    if data.level == level
                ]
                for level in (REQUIRED, RECOMMENDED)
            }

    def _compute_stage_gate_missing(self):
        for lead, missing in self._gate_missing_now().items():
            lead.stage_gate_missing = any(data.level == REQUIRED for data in missing)

    def _gate_missing_now(self):
        """Return what each lead lacks for the stage it is in."""
        missing = {}
        for stage, leads in self.grouped("stage_id").items():
            lacking = leads._gate_missing(stage._origin.id)
            missing.update({lead: lacking.get(lead._origin.id, []) for lead in leads})
        return missing

    def _search_stage_gate_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        Requirement = self.env["lead.stage.requirement"]
        domain = Domain.OR(
            Domain("stage_id", "=", stage_id) & Requirement._get_missing_domain(data)
            for stage_id, requirements in Requirement._get_by_stage().items()
            for data in requirements
            if data.level == REQUIRED
        )
        return domain if True in value else ~domain

    def _gate_missing(self, stage_id):
        """Return what these leads lack for a stage, in one statement at most.

        :return: dict of lead id to a list of ``RequirementData``
        """
        Requirement = self.env["lead.stage.requirement"]
        requirements = Requirement._get_by_stage().get(stage_id)
        if not requirements or not self.ids:
            return {}
        Qualifier = self.env["lead.qualifier"]
        query = Qualifier._new_lead_query(self.ids)
        self._derived_flush()
        columns = [
            SQL(
                "(%s) IS TRUE",
                Qualifier._compile_domain(Requirement._get_missing_domain(data), query),
            )
            for data in requirements
        ]
        rows = self.env.execute_query(query.select(LEAD_ID, *columns))
        return {
            lead_id: [
                data
                for data, missing in zip(requirements, lacking, strict=True)
                if missing
            ]
            for lead_id, *lacking in rows
        }

    def _get_gate_levels(self):
        """Return what this stage and the next one with a gate ask for.

        :return: dict of question id or field name to a pair of the level and the name
          of the stage; what is required comes before what is recommended
        """
        self.ensure_one()
        Requirement = self.env["lead.stage.requirement"]
        levels = {}
        for stage in Requirement._get_gated_stages():
            if stage.sequence < self.stage_id.sequence or (
                stage.team_ids and self.team_id.id not in stage.team_ids
            ):
                continue
            for data in Requirement._get_by_stage()[stage.id]:
                key = data.qualifier_id or data.field_name
                known, __ = levels.get(key, (None, None))
                if data.company_id and data.company_id != self.company_id.id:
                    continue
                if not known or (known != REQUIRED and data.level == REQUIRED):
                    levels[key] = (data.level, stage.name)
            if stage.sequence > self.stage_id.sequence:
                break
        return levels

    # ------------------------------------------------------------
    # Entering a stage
    # ------------------------------------------------------------

    def _gate_changed(self, change):
        if change.is_new:
            self._gate_check_new()
            return
        stage_id = change.get("stage_id")
        if stage_id and self._gate_is_closed(stage_id):
            if entering := change.of("stage_id"):
                entering._gate_check(stage_id)

    def _gate_check_new(self):
        """Stop people who create leads beyond the stage where leads start.

        :raise StageGateError: with that stage instead of the leads, which do not exist
        """
        for (stage, __), leads in self.grouped(
            lambda lead: (lead.stage_id, lead.team_id)
        ).items():
            if not self._gate_is_closed(stage.id):
                continue
            start = leads._find_start_stage()
            if start == stage:
                continue
            try:
                leads._gate_check(stage.id)
            except StageGateError as error:
                error.context |= {
                    "lead_ids": [],
                    "start_stage": {"id": start.id, "display_name": start.name},
                }
                raise

    def _find_start_stage(self):
        """Return the stage in which leads of this team start if nobody says where."""
        lead = self[:1]
        return lead._stage_find(team_id=lead.team_id.id, domain=[("fold", "=", False)])

    @api.model
    def _gate_is_closed(self, stage_id):
        """Return whether a stage requires something of a lead that enters it now."""
        requirements = self.env["lead.stage.requirement"]._get_by_stage()
        return (
            any(data.level == REQUIRED for data in requirements.get(stage_id, ()))
            and not self._gate_is_open()
        )

    @api.model
    def _gate_is_open(self):
        """Return whether this is no move of a person, or one a manager insists on."""
        return (
            self._is_automated()
            or GATE_OPEN.get(self.env, False)
            or IMPORT.get(self.env) is not None
        )

    @api.model
    def _is_automated(self):
        """Return whether code of ours or an automated action is at work."""
        automated = self.env.context.get("__action_done")
        # of base.automation: what it did so far, by rule; never over RPC
        return self.env.su or (
            isinstance(automated, dict) and any(_is_record(key) for key in automated)
        )

    def _gate_check(self, stage_id):
        self.flush_recordset()
        missing = {
            lead_id: required
            for lead_id, lacking in self._gate_missing(stage_id).items()
            if (required := [data for data in lacking if data.level == REQUIRED])
        }
        if not missing:
            return
        lines = [
            f"{lead.name}: {', '.join(data.label for data in missing[lead.id])}"
            for lead in self
            if lead.id in missing
        ]
        message = self.env._(
            "The lead cannot move to “%(stage)s” yet. Fill in:\n%(missing)s",
            stage=self.env["crm.stage"].browse(stage_id).name,
            missing="\n".join(lines[:20]),
        )
        raise StageGateError(message, stage_id, list(missing))


def _is_record(key):
    return isinstance(key, BaseModel)
