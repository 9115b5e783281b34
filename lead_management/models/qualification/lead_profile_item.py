from odoo import api, models


class LeadProfileItem(models.Model):
    _inherit = "lead.profile.item"

    @api.constrains("field_name", "qualifier_id", "company_id", "persona_id", "active")
    def _check_single(self):
        return super()._check_single()
