from odoo import api, fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "lead.person.mixin"]

    annual_revenue = fields.Monetary(
        currency_field="annual_revenue_currency_id", aggregator="avg"
    )
    annual_revenue_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_annual_revenue_currency_id",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [self._clean_links(self._clean_texts(vals)) for vals in vals_list]
        )

    def write(self, vals):
        return super().write(self._clean_links(self._clean_texts(vals)))

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_annual_revenue_currency_id(self):
        for partner in self:
            company = partner.company_id or self.env.company
            partner.annual_revenue_currency_id = company.currency_id

    def _fill_profile(self, values):
        """Write what is not known yet of a contact; nothing known is overwritten.

        :param values: dict of field name to value, as for ``write``
        """
        for partner in self:
            missing = {
                fname: value
                for fname, value in values.items()
                if value and not partner[fname]
            }
            if missing:
                partner.write(missing)
