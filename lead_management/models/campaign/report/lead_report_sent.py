from odoo import fields, models


class LeadReportSent(models.Model):
    """That the report of a period was sent: once, whatever happens.

    The row is written in the transaction that writes the mail.
    """

    _name = "lead.report.sent"
    _description = "Sent Report"
    _order = "start desc, id desc"
    _rec_name = "start"
    _log_access = False

    subscription_id = fields.Many2one(
        "lead.report.subscription", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Char(required=True, readonly=True)
    start = fields.Date(string="Period", required=True, readonly=True)
    date = fields.Datetime(string="Sent On", required=True, readonly=True)
    is_empty = fields.Boolean(string="Nothing Happened", readonly=True)

    _period_uniq = models.UniqueIndex(
        "(subscription_id, kind, start)", "The report of this period was sent already."
    )
