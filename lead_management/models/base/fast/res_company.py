from odoo import api, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    """Whether there is more than one currency in the pipeline."""

    _inherit = "res.company"

    def cache_invalidation_fields(self):
        return super().cache_invalidation_fields() | {"currency_id"}

    @api.model
    @ormcache()
    def _get_only_currency_id(self):
        """Return the id of the one currency of all companies, or False."""
        # sudo: a currency says nothing of the companies one does not see
        companies = self.sudo().with_context(active_test=False)
        currencies = companies._read_group([], ["currency_id"])
        return len(currencies) == 1 and currencies[0][0].id
