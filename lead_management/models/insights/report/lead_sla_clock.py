from odoo import models


class LeadSlaClock(models.Model):
    """Response targets due in a period are found by their date."""

    _inherit = "lead.sla.clock"

    _due_idx = models.Index("(date_due)")
