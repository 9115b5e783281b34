from odoo import api, models


class LeadTouch(models.Model):
    _inherit = "lead.touch"

    @api.model
    def _record(self, values_list):
        """What a contact did waits until somebody of ours got in touch."""
        touches = super()._record(values_list)
        # sudo: touches of whatever lead
        self.env["lead.answer"]._follow(touches.sudo())
        return touches
