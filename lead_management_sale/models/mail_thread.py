from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _get_touch_models(self):
        return super()._get_touch_models() | {"sale.order"}
