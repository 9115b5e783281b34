from odoo import fields, models


class ResCompany(models.Model):
    """The limits the gate keeps for a company."""

    _inherit = "res.company"

    message_quiet_on = fields.Boolean(string="Quiet Hours", default=True)
