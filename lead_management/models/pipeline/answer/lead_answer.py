from datetime import timedelta

from odoo import api, fields, models

from ...scoring.mail_message import (
    CALL,
    CHANNELS,
    EMAIL,
    ICONS,
    IN,
    MEETING,
    SMS,
    WHATSAPP,
)

DECLINED, FORM = "declined", "form"
KINDS = [
    *((key, label) for key, label in CHANNELS if key in (EMAIL, SMS, WHATSAPP)),
    (CALL, "Missed call"),
    (MEETING, "Meeting accepted"),
    (DECLINED, "Meeting declined"),
    (FORM, "Form sent"),
]
ANSWER_ICONS = {**ICONS, DECLINED: ICONS[MEETING], FORM: "fa-wpforms"}
LENGTH = 140
# What a message says right when the lead was created is the inquiry, and no answer.
INQUIRY = timedelta(minutes=1)
# What was said longer ago is history when the product begins to look.
KNOWN_FOR = timedelta(days=14)


class LeadAnswer(models.Model):
    """Something a contact did that waits for an answer of ours.

    A row is added by :meth:`_record`, which rooms call for what they know of: a reply
    on any channel, a missed call, a meeting that was accepted, a form that was sent.
    It is deleted when somebody of ours got in touch, logged it or put it off
    (:meth:`_settle`): what happened stands in the history. My Day reads what is left.
    """

    _name = "lead.answer"
    _inherit = ["lead.row.mixin"]
    _description = "Waiting Answer"
    _order = "date desc, id desc"
    _log_access = False

    lead_id = fields.Many2one(index=False)
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    message_id = fields.Many2one(
        "mail.message", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    text = fields.Char(
        readonly=True, help="What was said, where no message of the lead says it."
    )

    # the foreign key and the last one of a lead in one
    _lead_idx = models.Index("(lead_id, date DESC)")

    @api.model
    def _record(self, leads, kind, date=None, message=None, text=None):
        """Note that the contacts of leads did something that waits for an answer.

        :param kind: one of :data:`KINDS`
        :param date: when, by default now
        :param message: the message of the lead that says it, if one does
        :param text: what was said, else
        """
        # sudo: contacts, and whoever lets their messages in, have no rights to these
        self.sudo().create(
            [
                {
                    "lead_id": lead.id,
                    "kind": kind,
                    "date": date or fields.Datetime.now(),
                    "message_id": message.id if message else False,
                    "text": text[:LENGTH] if text else False,
                }
                for lead in leads
            ]
        )
        self._notify_screens(leads)

    @api.model
    def _notify_screens(self, leads):
        """Tell the screens of salespeople that something else waits for them."""
        # sudo: contacts change it, who know no salespeople
        leads.sudo().user_id._bus_send("lead.answer/updated", {})

    @api.model
    def _settle(self, leads, until=None):
        """Let go of what was answered.

        :param until: what was done later still waits; by default nothing does
        """
        domain = [("lead_id", "in", leads.ids)]
        if until:
            domain.append(("date", "<=", until))
        # sudo: whoever answers need not own the lead
        answers = self.sudo().search(domain)
        if answers:
            self._notify_screens(answers.lead_id)
            answers.unlink()

    @api.model
    def _follow(self, touches):
        """Add what the leads of touches did, and let go of what was answered.

        :param touches: just recorded, as superuser
        """
        for touch in touches:
            if touch.user_id:
                continue
            age = touch.date - touch.lead_id.create_date
            if touch.direction == IN and (touch.is_contact or age > INQUIRY):
                self._record(touch.lead_id, touch.channel, touch.date, touch.message_id)
        ours = touches.filtered("user_id")
        if ours:
            self._settle(ours.lead_id, max(ours.mapped("date")))

    def _get_text(self):
        """Return what was said, in a line."""
        # sudo: a message of a lead one sees
        message = self.sudo().message_id
        text = self.text or message.preview or message.subject or ""
        return text if len(text) <= LENGTH else f"{text[: LENGTH - 1]}…"

    @api.model
    def _backfill(self):
        """Find what waits in leads that were there before: last said by the contact."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO lead_answer (lead_id, date, kind, message_id)
            SELECT last.lead_id, last.date, last.channel, last.message_id
            FROM (SELECT DISTINCT ON (lead_id) * FROM lead_touch
                  ORDER BY lead_id, date DESC, id DESC) last
            JOIN crm_lead lead ON lead.id = last.lead_id
            WHERE last.direction = %s AND last.user_id IS NULL AND last.date > %s
              AND (last.is_contact
                   OR last.date - lead.create_date > interval '1 minute')
              AND lead.active AND lead.won_status = 'pending' AND last.channel != %s
              AND NOT EXISTS (SELECT FROM lead_answer WHERE lead_id = last.lead_id)
            """,
            [IN, fields.Datetime.now() - KNOWN_FOR, CALL],
        )
        self.invalidate_model()
