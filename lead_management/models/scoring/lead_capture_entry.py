from odoo import api, models


class LeadCaptureEntry(models.Model):
    _inherit = "lead.capture.entry"

    @api.model
    def _get_reason_texts(self):
        return {
            **super()._get_reason_texts(),
            "test_score": self.env._("score %(score)s"),
        }
