from odoo import models

from odoo.addons.lead_management.models.base.stage_types import CUSTOMER, INACTIVE


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_auto_ordered(self):
        """Make customers of leads; an automated action calls it by name."""
        self._run_automated("_stage_ordered")

    def _stage_ordered(self):
        """Make customers of leads whose order is confirmed; who is one stays one."""
        return self.filtered(
            lambda lead: lead.stage_type == INACTIVE or not lead.stage_id.is_won
        )._stage_move(CUSTOMER, self.env._("Order confirmed"))
