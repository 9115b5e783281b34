from odoo import fields, models

from .constants import DATUM_LABELS


class MailActivity(models.Model):
    """A task to find the right value of a datum that turned out to be wrong."""

    _inherit = "mail.activity"

    verification_datum = fields.Selection(
        DATUM_LABELS, string="Information to Correct", readonly=True, copy=False
    )
