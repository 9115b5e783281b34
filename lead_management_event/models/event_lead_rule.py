from odoo import models


class EventLeadRule(models.Model):
    _inherit = "event.lead.rule"

    def _run_on_registrations(self, registrations):
        leads = super()._run_on_registrations(registrations)
        leads._capture_elsewhere("event")
        return leads
