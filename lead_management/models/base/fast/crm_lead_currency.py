from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """The sums of a column of the pipeline, in the currency of the company."""

    _inherit = "crm.lead"

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Collect no currencies where there is but one.

        For the distinct currencies of each column PostgreSQL sorts all leads, which is
        half of the time it takes to open the pipeline of a large database.
        """
        if aggregate_spec == "company_currency:array_agg_distinct":
            currency_id = self.env["res.company"]._get_only_currency_id()
            if currency_id:
                self._check_field_access(self._fields["company_currency"], "read")
                return SQL("CASE WHEN COUNT(*) > 0 THEN ARRAY[%s] END", currency_id)
        return super()._read_group_select(aggregate_spec, query)
