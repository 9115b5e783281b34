from odoo import api, models

# Who sees the leads of which team depends on these.
MEMBERSHIP = {"user_id", "active", "company_id"}


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        self.env.registry.clear_cache()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if not MEMBERSHIP.isdisjoint(vals):
            # record rules hold the ids of teams
            self.env.registry.clear_cache()
        return result
