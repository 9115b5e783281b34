from odoo import models
from odoo.fields import Domain

MODULE = "lead_management"


class LeadInternalMixin(models.AbstractModel):
    """What this addon adds to a model of Odoo is read by internal users only.

    Some addons let portal users read their leads (resellers), as Odoo lets them read
    their contact: what salespeople note, and what is worked out of it, is not meant for
    them. All of its fields at once, as if each had ``base.group_user`` as its groups:
    no field can be forgotten, and a list does not look groups up for each value.
    """

    _name = "lead.internal.mixin"
    _description = "Fields for Internal Users"

    def _has_field_access(self, field, operation):
        if not self.env.su and field._modules[:1] == (MODULE,) and self.env.user.share:
            return False
        return super()._has_field_access(field, operation)

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Refuse conditions on these fields, too.

        The ORM leaves those of fields with a search method to that method.
        """
        if self.env.user.share and not (bypass_access or self.env.su):
            domain = Domain(domain)
            for condition in domain.iter_conditions():
                field = self._fields.get(condition.field_expr.split(".")[0])
                if field:
                    self._check_field_access(field, "read")
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "lead.internal.mixin"]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "lead.internal.mixin"]
