from odoo import fields, models


class LeadCreditOpening(models.Model):
    """Who opened a credit report, and when; written with each opening."""

    _name = "lead.credit.opening"
    _inherit = ["lead.row.mixin"]
    _description = "Opening of a Credit Report"
    _order = "id desc"
    _log_access = False

    check_id = fields.Many2one(
        "lead.credit.check",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Opened By", readonly=True, ondelete="set null"
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
