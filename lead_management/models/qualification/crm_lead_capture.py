from odoo import models

from ..base.context import CAPTURED


class CrmLead(models.Model):
    """What people answer in forms and advertisements."""

    _inherit = "crm.lead"

    def _capture_done(self, entry, reading, is_new):
        super()._capture_done(entry, reading, is_new)
        answers = reading.more.get("answers")
        if answers:
            CAPTURED.set(self)._qualify(answers)
