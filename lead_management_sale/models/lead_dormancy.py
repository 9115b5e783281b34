from odoo import api, models
from odoo.tools import SQL

# A quotation is one, too: somebody asked for it.
ORDERS = """
    (SELECT max(GREATEST(sale.date_order, sale.create_date)) FROM sale_order sale
     WHERE sale.opportunity_id = lead.id AND sale.state <> 'cancel')
"""


class LeadDormancy(models.AbstractModel):
    _inherit = "lead.dormancy"

    @api.model
    def _get_signs(self):
        return [*super()._get_signs(), SQL(ORDERS)]
