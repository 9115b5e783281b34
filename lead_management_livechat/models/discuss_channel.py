from odoo import models


class DiscussChannel(models.Model):
    _inherit = "discuss.channel"

    def _convert_visitor_to_lead(self, partner, key):
        lead = super()._convert_visitor_to_lead(partner, key)
        lead._capture_elsewhere("chat")
        return lead
