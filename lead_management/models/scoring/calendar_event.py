from odoo import api, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events.opportunity_id._score_mark_events()
        return events

    def write(self, vals):
        before = self.opportunity_id
        result = super().write(vals)
        if not {"opportunity_id", "start", "active"}.isdisjoint(vals):
            (before | self.opportunity_id)._score_mark_events()
        return result
