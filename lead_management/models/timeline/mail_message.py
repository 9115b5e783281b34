from odoo import models


class MailMessage(models.Model):
    """A day of a team is read by the dates of messages, which Odoo has no index on."""

    _inherit = "mail.message"

    _lead_date_idx = models.Index("(date) WHERE model = 'crm.lead'")
