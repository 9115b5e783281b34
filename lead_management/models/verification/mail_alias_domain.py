from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache


class MailAliasDomain(models.Model):
    """The domains of our own mail: an address there is no contact's."""

    _inherit = "mail.alias.domain"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.model
    @ormcache()
    def _get_own_names(self):
        """Return the names of all of them."""
        # sudo: whose the domains are is the same for everybody
        domains = self.sudo().search(Domain.TRUE)
        return frozenset(domain.name.lower() for domain in domains)
