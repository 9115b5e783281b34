from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LeadSla(models.Model):
    """How fast a lead gets an owner, and a first touch by them; the first that fits."""

    _name = "lead.sla"
    _inherit = ["lead.rule.mixin"]
    _description = "Response Target"

    # Clocks, in minutes of working time
    owner_minutes = fields.Integer(
        string="Assignment Within (Minutes)",
        default=30,
        help="Counted from the receipt of the lead until it is assigned. 0 means no "
        "target.",
    )
    touch_minutes = fields.Integer(
        string="First Response Within (Minutes)",
        default=240,
        help="Counted from the assignment until the first call, message or meeting. "
        "Opening the lead or adding a note does not count. 0 means no target.",
    )
    calendar = fields.Selection(
        [
            ("salesperson", "Working hours of the salesperson"),
            ("company", "Working hours of the company"),
            ("always", "Around the clock"),
        ],
        string="Time Basis",
        required=True,
        default="salesperson",
    )
    # Escalation
    remind = fields.Boolean(string="Remind the Salesperson", default=True)
    remind_before = fields.Integer(string="Reminder Lead Time (Minutes)", default=30)
    tell_leader = fields.Boolean(string="Notify the Team Leader", default=True)
    leader_after = fields.Integer(string="Leader Delay (Minutes)", default=0)
    take_back = fields.Boolean(
        string="Withdraw the Lead",
        help="The rules assign the lead again, to another salesperson.",
    )
    take_back_after = fields.Integer(string="Withdrawal Delay (Minutes)", default=240)

    _minutes_positive = models.Constraint(
        "CHECK(owner_minutes >= 0 AND touch_minutes >= 0 AND remind_before >= 0 "
        "AND leader_after >= 0 AND take_back_after >= 0)",
        "The number of minutes must be 0 or more.",
    )

    @api.constrains("owner_minutes", "touch_minutes")
    def _check_minutes(self):
        for sla in self:
            if not (sla.owner_minutes or sla.touch_minutes):
                raise ValidationError(self.env._("Set the minutes of “%s”.", sla.name))
