from odoo import api, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        """A meeting is a contact with the lead it is about."""
        events = super().create(vals_list)
        events.opportunity_id._assignment_touch()
        return events
