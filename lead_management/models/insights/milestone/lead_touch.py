from odoo import api, models

from .crm_lead_milestone import LEAD_MILESTONE


class LeadTouch(models.Model):
    """The first touch of a lead is one of its milestones."""

    _inherit = "lead.touch"

    @api.model
    def _record(self, values_list):
        touches = super()._record(values_list)
        # sudo: whoever touches a lead need not be shown it
        touches.sudo().lead_id._derived_mark([LEAD_MILESTONE])
        return touches
