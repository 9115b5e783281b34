from odoo import fields, models


class MailActivity(models.Model):
    """The task to approve a credit check."""

    _inherit = "mail.activity"

    credit_check_id = fields.Many2one(
        "lead.credit.check",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
