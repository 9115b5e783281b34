from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..base.stage_types import UNQUALIFIED

REQUIRED = "required"
RECOMMENDED = "recommended"

# A requirement, detached from the ORM so that it can be cached.
RequirementData = namedtuple(
    "RequirementData", "id level label field_name qualifier_id company_id"
)
# A stage that asks for something, likewise; ``name`` in one language.
StageData = namedtuple("StageData", "id name sequence team_ids")


class LeadStageRequirement(models.Model):
    """What should be known of a lead when it enters a stage."""

    _name = "lead.stage.requirement"
    _inherit = ["lead.information.mixin"]
    _description = "Stage Requirement"
    _order = "sequence, id"
    _rec_name = "label"

    sequence = fields.Integer(default=10)
    stage_id = fields.Many2one(
        "crm.stage", required=True, ondelete="cascade", index=True
    )
    level = fields.Selection(
        [(REQUIRED, "Required"), (RECOMMENDED, "Recommended")],
        required=True,
        default=REQUIRED,
        help="Required: the lead cannot enter the stage without it. Recommended: the "
        "form shows a reminder.",
    )

    @api.constrains("stage_id", "field_name", "qualifier_id")
    def _check_information(self):
        for requirement in self:
            if not (requirement.field_name or requirement.qualifier_id):
                raise ValidationError(self.env._("Choose the required information."))

    @api.model_create_multi
    def create(self, vals_list):
        requirements = super().create(vals_list)
        self.env.registry.clear_cache()
        return requirements

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------

    @api.model
    @ormcache("self.env.lang")
    def _get_by_stage(self):
        """Return the requirements of each stage in order, by the id of the stage."""
        requirements = {}
        # sudo: cached for everybody
        for requirement in self.sudo().search(Domain.TRUE):
            requirements.setdefault(requirement.stage_id.id, []).append(
                RequirementData(
                    requirement.id,
                    requirement.level,
                    requirement.label,
                    requirement.field_name,
                    requirement.qualifier_id.id,
                    requirement.company_id.id,
                )
            )
        return requirements

    @api.model
    @ormcache("self.env.lang")
    def _get_gated_stages(self):
        """Return the stages that ask for something, in order, as ``StageData``.

        Not those a lead drops out to: nobody works towards them.
        """
        # sudo: cached for everybody
        stages = self.env["crm.stage"].sudo().browse(self._get_by_stage()).sorted()
        stages = stages.filtered(lambda stage: stage.stage_type != UNQUALIFIED)
        return tuple(
            StageData(stage.id, stage.name, stage.sequence, tuple(stage.team_ids.ids))
            for stage in stages
        )

    @api.model
    def _get_missing_domain(self, data):
        """Return the leads that lack what a requirement asks for.

        A question asks only those to whom it is put.
        """
        lacking = ~self._get_known_domain(data)
        if data.company_id:
            lacking &= Domain("company_id", "=", data.company_id)
        if data.qualifier_id:
            lacking &= self._get_asked_domain(data.qualifier_id)
        return lacking

    @api.model
    def _get_asked_domain(self, qualifier_id):
        Qualifier = self.env["lead.qualifier"]
        for rule in Qualifier._active_rules():
            if rule.id == qualifier_id:
                return Qualifier._get_lead_domain(rule.conditions, rule.company_id)
        return Domain.FALSE
