from odoo import api, models


class LeadProfileItem(models.Model):
    _inherit = "lead.profile.item"

    def _get_key(self):
        if self.qualifier_id:
            return f"qualifier:{self.qualifier_id.id}"
        return super()._get_key()

    @api.constrains("field_name", "qualifier_id", "company_id", "persona_id", "active")
    def _check_single(self):
        return super()._check_single()

    def _prepare_missing(self):
        return {
            **super()._prepare_missing(),
            "qualifier": self.qualifier_id.id,
        }
