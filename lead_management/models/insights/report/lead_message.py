from odoo import models


class LeadMessage(models.Model):
    """Messages sent in a period are found by their date."""

    _inherit = "lead.message"

    _sent_idx = models.Index("(sent_date) WHERE sent_date IS NOT NULL")
