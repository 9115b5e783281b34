from odoo import models


class ResPartner(models.Model):
    """Contacts are looked up by their address, for each submission."""

    _inherit = "res.partner"

    _lead_email_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
