"""Rooms that tests add to the walk of leads, without touching another file."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.orm.model_classes import add_to_registry

from odoo.addons.lead_management.tests.common import LeadManagementCase


class Loyalty(models.Model):
    """A room in twenty lines: leads with stars are regulars."""

    _module = None
    _inherit = "crm.lead"

    @api.model
    def _lead_steps(self):
        return [*super()._lead_steps(), "loyalty"]

    @api.model
    def _lead_watched(self):
        return {**super()._lead_watched(), "priority": {"priority"}}

    def _loyalty_prepare(self, change):
        if change.wrote("referred") and not self.env.su:
            raise AccessError("Whether somebody is a regular follows from the stars.")

    def _loyalty_changed(self, change):
        for stars, leads in change.of("priority").grouped("priority").items():
            if stars != "0":
                yield leads.sudo(), {"referred": f"{stars} stars"}

    def _loyalty_merging(self, merged):
        regulars = (self + merged).filtered("referred")
        self._message_log(body=f"{len(regulars)} regulars were one")

    def _loyalty_removing(self):
        if self.filtered(lambda lead: lead.priority == "3"):
            raise AccessError("Regulars stay.")


class WalkCase(LeadManagementCase):
    """Leads with a room more."""

    def _open_room(self, room):
        """Add a room to the registry, as an addon does that is installed."""
        CrmLead = self.registry["crm.lead"]
        self.addCleanup(self.registry._setup_models__, self.env.cr, [])
        self.addCleanup(setattr, CrmLead, "_setup_done__", False)
        self.addCleanup(setattr, CrmLead, "_base_classes__", CrmLead._base_classes__)
        add_to_registry(self.registry, room)
        self.registry._setup_models__(self.env.cr, [])
