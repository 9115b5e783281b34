from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LeadSla(models.Model):
    """How fast a lead gets an owner, and a first touch by them; the first that fits."""

    _name = "lead.sla"
    _inherit = ["lead.rule.mixin"]
    _description = "Response Time"

    # Clocks, in minutes of working time
    owner_minutes = fields.Integer(
        string="Salesperson Within (Minutes)",
        default=30,
        help="From the moment the lead came in until it has a salesperson. 0: no "
        "clock.",
    )
    touch_minutes = fields.Integer(
        string="First Touch Within (Minutes)",
        default=240,
        help="From the moment a salesperson has it until the first call, message or "
        "meeting; a look or a note does not count. 0: no clock.",
    )
    calendar = fields.Selection(
        [
            ("salesperson", "Working time of the salesperson"),
            ("company", "Working time of the company"),
            ("always", "Around the clock"),
        ],
        string="Counted In",
        required=True,
        default="salesperson",
    )
    # Escalation
    remind = fields.Boolean(string="Remind the Salesperson", default=True)
    remind_before = fields.Integer(string="Minutes Before", default=30)
    tell_leader = fields.Boolean(string="Tell the Team Leader", default=True)
    leader_after = fields.Integer(string="Minutes After, Leader", default=0)
    take_back = fields.Boolean(
        string="Take the Lead Back",
        help="The rules decide anew; whoever had it does not get it again.",
    )
    take_back_after = fields.Integer(string="Minutes After, Taken Back", default=240)

    _minutes_positive = models.Constraint(
        "CHECK(owner_minutes >= 0 AND touch_minutes >= 0 AND remind_before >= 0 "
        "AND leader_after >= 0 AND take_back_after >= 0)",
        "A number of minutes cannot be negative.",
    )

    @api.constrains("owner_minutes", "touch_minutes")
    def _check_minutes(self):
        for sla in self:
            if not (sla.owner_minutes or sla.touch_minutes):
                raise ValidationError(
                    self.env._("Give “%s” a number of minutes.", sla.name)
                )
