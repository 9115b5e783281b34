from odoo import api, models

from ...base.stage_types import UNQUALIFIED
from ...qualification.lead_stage_requirement import REQUIRED

LOST_REASON = "lost_reason_id"


class LeadStageRequirement(models.Model):
    _inherit = "lead.stage.requirement"

    @api.model
    def _requires_lost_reason(self, stage_id):
        """Return whether people must say why a lead enters this stage."""
        return any(
            data.level == REQUIRED and data.field_name == LOST_REASON
            for data in self._get_by_stage().get(stage_id, ())
        )

    @api.model
    def _require_lost_reason(self):
        """Let people be asked why a lead becomes unqualified, where it is not yet."""
        stages = self.env["crm.stage"].search([("stage_type", "=", UNQUALIFIED)])
        known = self.search([("stage_id", "in", stages.ids)])
        asked = known.filtered(lambda item: item.field_name == LOST_REASON)
        self.create(
            [
                {"stage_id": stage.id, "field_name": LOST_REASON}
                for stage in stages - asked.stage_id
            ]
        )
