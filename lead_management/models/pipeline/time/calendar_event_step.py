from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    is_lead_step = fields.Boolean(
        string="Next Step of a Lead",
        readonly=True,
        help="The time of a next step, and no meeting: it goes with the step.",
    )

    def _archive_coming(self):
        """Take steps to come out of the calendar; what is over stays in it."""
        now = fields.Datetime.now()
        # sudo: entries of whoever had to do it
        coming = self.sudo().filtered(lambda event: event.stop > now)
        if coming:
            self.env["lead.undo"]._watch(coming)
            coming.with_context(dont_notify=True).active = False
