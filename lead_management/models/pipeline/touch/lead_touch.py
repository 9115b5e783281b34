from odoo import api, fields, models
from odoo.tools import SQL

from ...base.context import PLANNED
from ...scoring.mail_message import (
    CHANNELS,
    EMAIL,
    IN,
    OUT,
    OUTGOING_TYPES,
    sql_channel,
)
from ..followup.lead_followup_policy import OUTCOME

DIRECTIONS = [(OUT, "Outgoing"), (IN, "Incoming")]
# The touches that messages are, in one statement: the notion of
# ``mail.message._get_lead_touch`` in SQL.
BACKFILL = """
INSERT INTO lead_touch (lead_id, date, user_id, channel, direction, is_contact,
                        is_attempt, duration, message_id)
SELECT found.lead_id, found.date, found.user_id, found.channel, found.direction,
       CASE WHEN found.direction = 'in' THEN COALESCE(bool_or(found.direction = 'out')
                OVER (PARTITION BY found.lead_id ORDER BY found.date, found.id), FALSE)
            ELSE found.channel = 'meeting' END,
       found.direction = 'out' AND NOT found.is_done, 0, found.id
FROM (
    SELECT message.id, lead.id AS lead_id, message.date,
           colleague.id AS user_id, type.category IS NOT NULL AS is_done,
           CASE WHEN type.category = 'phonecall' THEN 'call'
                WHEN type.category = 'meeting' THEN 'meeting'
                ELSE %(channel)s END AS channel,
           CASE WHEN type.category IS NULL AND colleague.id IS NULL THEN 'in'
                ELSE 'out' END AS direction
    FROM mail_message message
    JOIN crm_lead lead ON lead.id = message.res_id
    LEFT JOIN mail_activity_type type
        ON type.id = message.mail_activity_type_id
        AND type.category IN ('phonecall', 'meeting')
    LEFT JOIN LATERAL (
        SELECT res_users.id FROM res_users
        WHERE res_users.partner_id = message.author_id AND res_users.share IS NOT TRUE
        ORDER BY res_users.id LIMIT 1
    ) colleague ON TRUE
    WHERE message.model = 'crm.lead' AND message.date IS NOT NULL
      AND NOT EXISTS (SELECT FROM lead_touch WHERE lead_touch.message_id = message.id)
      AND (
        type.id IS NOT NULL
        OR (message.message_type = ANY(%(outgoing)s) AND colleague.id IS NOT NULL)
        OR (message.message_type = 'email' AND colleague.id IS NULL)
        OR (message.message_type = 'comment' AND message.author_id IS NOT NULL
            AND (colleague.id IS NULL OR EXISTS (
                SELECT FROM mail_message_res_partner_rel rel
                JOIN res_partner partner ON partner.id = rel.res_partner_id
                WHERE rel.mail_message_id = message.id AND partner.partner_share)))
      )
) found
"""


class LeadTouch(models.Model):
    """A contact with a lead, or an attempt: what automated actions start from.

    Written by :meth:`_record` alone, for the Log dialog, for messages and for
    activities that are done. What an outcome means is kept with the touch: a change of
    the list of outcomes does not rewrite history.
    """

    _name = "lead.touch"
    _inherit = ["lead.row.mixin"]
    _description = "Logged Contact"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "channel"

    lead_id = fields.Many2one(index=False)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        ondelete="set null",
        index=False,
        help="Who got in touch. Empty if the contact did.",
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
    # the foreign key and what somebody did today in one
    _user_idx = models.Index("(user_id, date) WHERE user_id IS NOT NULL")
    _date_idx = models.Index("(date)")
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
            if outcome and not PLANNED.get(self.env):
                group.lead_id._followup_note(OUTCOME, outcome.id)
        return touches.with_env(self.env)

    @api.model
    def _backfill(self):
        """Make touches of the messages that were there before the addon.

        What is known of them is what messages tell: who wrote, by which way, and
        whether a lead answered.
        """
        self.env["mail.message"].flush_model()
        self.env.cr.execute(
            SQL(
                BACKFILL,
                channel=sql_channel(SQL("message.message_type"), EMAIL),
                outgoing=list(OUTGOING_TYPES),
            )
        )
        self.invalidate_model()
