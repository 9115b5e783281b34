from odoo import api, models

from .rule.lead_assignment_rule import SCORE


class LeadScoreChange(models.Model):
    _inherit = "lead.score.change"

    @api.model_create_multi
    def create(self, vals_list):
        """Let the rules decide that wait for a lead to turn colder or hotter."""
        changes = super().create(vals_list)
        if self.env["lead.assignment.rule"]._has_trigger(SCORE):
            turned = {each.lead_id.id: each.temperature for each in changes}
            self.env["crm.lead"]._assignment_note(turned, SCORE)
        return changes
