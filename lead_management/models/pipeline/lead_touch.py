from odoo import api, fields, models

from ..scoring.mail_message import CALL, EMAIL, IN, MEETING, OUT, SMS, WHATSAPP
from .lead_followup_policy import OUTCOME

CHANNELS = [
    (CALL, "Call"),
    (EMAIL, "E-mail"),
    (SMS, "Text Message"),
    (WHATSAPP, "WhatsApp"),
    (MEETING, "Meeting"),
]
DIRECTIONS = [(OUT, "Outgoing"), (IN, "Incoming")]
ICONS = {
    CALL: "fa-phone",
    EMAIL: "fa-envelope",
    SMS: "fa-mobile",
    WHATSAPP: "fa-whatsapp",
    MEETING: "fa-users",
}
# In the context while touches are written whose next step is planned already.
PLANNED_KEY = "lead_touch_planned"


class LeadTouch(models.Model):
    """A contact with a lead, or an attempt: what automated actions start from.

    Written by :meth:`_record` alone, for the Log dialog, for messages and for
    activities that are done. What an outcome means is kept with the touch: a change of
    the list of outcomes does not rewrite history.
    """

    _name = "lead.touch"
    _description = "Touch"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "channel"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        string="By",
        ondelete="set null",
        index="btree_not_null",
        help="Who got in touch. Empty: the lead did.",
    )
    channel = fields.Selection(CHANNELS, required=True)
    direction = fields.Selection(DIRECTIONS, required=True, default=OUT)
    outcome_id = fields.Many2one("lead.touch.outcome", ondelete="restrict", index=True)
    is_contact = fields.Boolean(
        string="Reached", help="The lead was really reached, or answered."
    )
    is_attempt = fields.Boolean(
        string="Attempt", help="Got in touch without an answer so far."
    )
    duration = fields.Integer(string="Minutes", aggregator="sum")
    note = fields.Text()
    message_id = fields.Many2one(
        "mail.message", ondelete="set null", index="btree_not_null"
    )

    # the foreign key and the last ones of a lead in one
    _lead_idx = models.Index("(lead_id, date DESC)")
    _duration_range = models.Constraint(
        "CHECK(duration BETWEEN 0 AND 1440)", "A touch takes 24 hours at most."
    )

    @api.depends("channel", "outcome_id", "lead_id")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for touch in self:
            parts = [labels.get(touch.channel), touch.outcome_id.name]
            touch.display_name = ": ".join(filter(None, parts))

    @api.model
    def _record(self, values_list):
        """Write touches, and let all know that wait for one.

        :param values_list: dicts of values, each with a ``lead_id``
        :return: the touches, in this environment
        """
        # sudo: nobody writes touches by hand, and whoever touches a lead need not be
        # its owner
        touches = self.sudo().create(values_list)
        ours = touches.filtered("user_id").lead_id
        ours._assignment_touch()
        ours._score_touch()
        touches.lead_id._score_mark_events()
        for outcome, group in touches.grouped("outcome_id").items():
            if outcome and not self.env.context.get(PLANNED_KEY):
                group.lead_id._followup_note(OUTCOME, outcome.id)
        return touches.with_env(self.env)
