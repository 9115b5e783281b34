from odoo import models


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    def _create_leads_from_generative_answers(self):
        result = super()._create_leads_from_generative_answers()
        self.lead_id._capture_elsewhere("survey")
        return result
