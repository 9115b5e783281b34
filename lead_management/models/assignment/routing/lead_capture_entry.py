from odoo import api, models


class LeadCaptureEntry(models.Model):
    _inherit = "lead.capture.entry"

    @api.model
    def _get_reason_texts(self):
        return {
            **super()._get_reason_texts(),
            "test_owner": self.env._("assigned to %(user)s by “%(rule)s”"),
            "test_pool": self.env._("waiting in “%(pool)s”"),
        }
