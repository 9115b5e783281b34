from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def _filter_assignable(self, company):
        """Return the users who may own a lead of ``company``, in a lasting order.

        :param company: a company, or none for a lead of no company
        """
        domain = Domain("active", "=", True) & Domain("share", "=", False)
        if company:
            domain &= Domain("company_ids", "in", company.ids)
        return self.filtered_domain(domain).sorted("id")

    def _get_blind_pool_ids(self):
        """Return the ids of the pools this user must not look into.

        Whoever may see all leads may see those, too.
        """
        if self.has_group("sales_team.group_sale_salesman_all_leads"):
            return []
        return [
            pool.id for pool in self.env["lead.pool"]._get_active() if pool.is_blind
        ]
