from odoo import fields, models

PROBABILITY, SCORE = "probability", "score"
FRONTS = [(PROBABILITY, "Probability"), (SCORE, "Score")]
FRONT_PARAMETER = "lead_management.score_in_front"


class CrmLead(models.Model):
    """Which of the two chances of a lead stands in front of the other."""

    _inherit = "crm.lead"

    score_in_front = fields.Selection(
        FRONTS, string="Chance in Front", compute="_compute_score_in_front"
    )

    def _compute_score_in_front(self):
        # sudo: whoever sees leads sees them as they are set up
        front = self.env["ir.config_parameter"].sudo().get_param(FRONT_PARAMETER)
        self.score_in_front = front if front in dict(FRONTS) else PROBABILITY
