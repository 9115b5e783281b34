from odoo import fields, models


class LeadDayEscalation(models.Model):
    """That a leader was told of an activity that is overdue for long: once."""

    _name = "lead.day.escalation"
    _description = "Overdue Activity Notification"
    _order = "date desc, id desc"
    _rec_name = "activity_id"
    _log_access = False

    activity_id = fields.Many2one(
        "mail.activity", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Notified", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True, index=True)

    _activity_uniq = models.UniqueIndex(
        "(activity_id)", "A leader is told once of an activity."
    )
