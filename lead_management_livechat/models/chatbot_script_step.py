from odoo import models


class ChatbotScriptStep(models.Model):
    _inherit = "chatbot.script.step"

    def _process_step_create_lead(self, discuss_channel):
        leads = super()._process_step_create_lead(discuss_channel)
        leads._capture_elsewhere("chat")
        return leads
