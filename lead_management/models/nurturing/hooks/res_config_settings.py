from odoo import api, fields, models

from ..constants import PARKED


class ResConfigSettings(models.TransientModel):
    """Whether sequences go on."""

    _inherit = "res.config.settings"

    sequence_standstill = fields.Char(compute="_compute_sequence_state")
    sequence_on_count = fields.Integer(compute="_compute_sequence_state")
    sequence_parked_count = fields.Integer(compute="_compute_sequence_state")

    @api.depends("company_id")
    def _compute_sequence_state(self):
        Enrollment = self.env["lead.enrollment"]
        count = self.env["lead.sequence"].search_count([("is_on", "=", True)])
        parked = Enrollment.search_count([("state", "=", PARKED)])
        standstill = Enrollment._get_standstill() or Enrollment._get_delay()
        for settings in self:
            settings.sequence_on_count = count
            settings.sequence_parked_count = parked
            settings.sequence_standstill = standstill if count else False
