from odoo import fields, models


class LeadScoreExampleEvent(models.Model):
    _name = "lead.score.example.event"
    _description = "Example Event"

    example_id = fields.Many2one(
        "lead.score.example", required=True, ondelete="cascade", index=True
    )
    event_id = fields.Many2one(
        "lead.score.event", string="Events", required=True, ondelete="restrict"
    )
    activity_type_id = fields.Many2one("mail.activity.type", ondelete="set null")
    count = fields.Integer(string="Occurrences", default=1)
    days_ago = fields.Integer()

    _numbers = models.Constraint(
        "CHECK(count BETWEEN 1 AND 100 AND days_ago BETWEEN 0 AND 3650)",
        "An event must have 1 to 100 occurrences, 0 to 3,650 days ago.",
    )
