from odoo import models

from .person import Person


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_lead_zones(self):
        if not self:
            return {}
        # sudo: what is known of leads the user sees
        people = Person.load(self.sudo().env, self._origin.ids)
        zones = {lead_id: person.get_zone() for lead_id, person in people.items()}
        return super()._get_lead_zones() | {
            lead_id: zone for lead_id, zone in zones.items() if zone
        }
