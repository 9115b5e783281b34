from odoo import api, fields, models
from odoo.tools import sql

from ...tools.check_number import verify_number
from ...tools.verdicts import OK


class CrmLead(models.Model):
    """The VAT or registration number of the company, as a contact has it."""

    _inherit = "crm.lead"

    vat = fields.Char(
        string="VAT / Registration Number",
        compute="_compute_vat",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="VAT number, or the number in the register of companies of the country.",
    )

    def _auto_init(self):
        """Add the column empty: nothing is written on existing leads."""
        if not sql.column_exists(self.env.cr, self._table, "vat"):
            sql.create_column(self.env.cr, self._table, "vat", "varchar")
        return super()._auto_init()

    @api.depends("partner_id")
    def _compute_vat(self):
        for lead in self:
            if lead.partner_id.vat and not lead.vat:
                lead.vat = lead.partner_id.vat

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """Give a new company its number, where nothing refuses it there."""
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        country = self.country_id.code
        if is_company and self.vat and verify_number(self.vat, country).verdict == OK:
            values["vat"] = self.vat
        return values

    @api.model
    def _personal_fields(self):
        return (*super()._personal_fields(), "vat")

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "vat"]
