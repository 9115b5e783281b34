from odoo import fields, models

from ..constants import ALL, CHANNELS, CONSENT_PURPOSES, EMAIL, MARKETING


class LeadCaptureSource(models.Model):
    """What somebody agrees to who ticks the box of a form."""

    _inherit = "lead.capture.source"

    consent_purpose = fields.Selection(
        CONSENT_PURPOSES, string="Consent To", required=True, default=MARKETING
    )
    consent_channel = fields.Selection(
        [*CHANNELS, (ALL, "All channels")],
        string="Consent By",
        required=True,
        default=EMAIL,
    )
