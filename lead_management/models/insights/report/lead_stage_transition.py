from odoo import models


class LeadStageTransition(models.Model):
    """Moves of a period are found by their date."""

    _inherit = "lead.stage.transition"

    _date_idx = models.Index("(date)")
