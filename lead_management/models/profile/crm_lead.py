from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # Company of the lead
    industry_id = fields.Many2one(
        "res.partner.industry", index="btree_not_null", tracking=True
    )
    employee_count = fields.Integer(
        string="Employees", aggregator="avg", help="Number of employees."
    )
    annual_revenue = fields.Monetary(
        currency_field="company_currency",
        aggregator="avg",
        help="Yearly turnover of the company of the lead.",
    )
    # Interest
    product_ids = fields.Many2many(
        "product.product",
        "crm_lead_product_rel",
        "lead_id",
        "product_id",
        string="Products of Interest",
    )

    _employee_count_positive = models.Constraint(
        "CHECK(employee_count >= 0)", "The number of employees cannot be negative."
    )

    def _merge_get_fields(self):
        return [
            *super()._merge_get_fields(),
            "industry_id",
            "employee_count",
            "annual_revenue",
        ]

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "product_ids": lambda fname, leads: leads.product_ids,
        }
