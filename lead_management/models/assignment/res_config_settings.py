from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    is_core_assignment_on = fields.Boolean(compute="_compute_is_core_assignment_on")

    def _compute_is_core_assignment_on(self):
        self.is_core_assignment_on = self.env["crm.team"]._is_core_assignment_on()

    def action_take_over_assignment(self):
        """Make rules of Odoo's own assignment, and switch that off."""
        return self.env["crm.team"].action_take_over_assignment()
