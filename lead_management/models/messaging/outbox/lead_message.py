from odoo import api, fields, models

from ....tools.phones import show_phone
from ..channel.channel import get_channel
from ..constants import CHANNELS, MARKETING, OTHER, PURPOSES, consent_purpose
from ..template import safe_html

QUEUED, SENDING, SENT = "queued", "sending", "sent"
DELIVERED, READ, REPLIED = "delivered", "read", "replied"
RETRY, FAILED, UNKNOWN = "retry", "failed", "unknown"
SKIPPED, CANCELLED = "skipped", "cancelled"
STATES = [
    (QUEUED, "Queued"),
    (SENDING, "Sending"),
    (SENT, "Sent"),
    (DELIVERED, "Delivered"),
    (READ, "Read"),
    (REPLIED, "Replied"),
    (RETRY, "Retrying"),
    (FAILED, "Failed"),
    (UNKNOWN, "Unknown"),
    (SKIPPED, "Blocked"),
    (CANCELLED, "Canceled"),
]
# What may follow a state; nothing else ever happens to a message.
TRANSITIONS = {
    QUEUED: (SENDING, SKIPPED, CANCELLED, FAILED),
    RETRY: (SENDING, SKIPPED, CANCELLED, FAILED, QUEUED, DELIVERED, READ, REPLIED),
    SENDING: (SENT, RETRY, FAILED, UNKNOWN, DELIVERED, READ, REPLIED),
    UNKNOWN: (SENT, DELIVERED, READ, REPLIED, FAILED, QUEUED, CANCELLED),
    SENT: (DELIVERED, READ, REPLIED, FAILED),
    DELIVERED: (READ, REPLIED),
    READ: (REPLIED,),
    REPLIED: (),
    FAILED: (QUEUED, SENT, DELIVERED, READ, REPLIED),
    SKIPPED: (QUEUED,),
    CANCELLED: (QUEUED,),
}
WAITING = (QUEUED, RETRY)
WENT_OUT = (SENT, DELIVERED, READ, REPLIED)
# Counted against limits: it went out, or is about to.
COUNTED = (*WAITING, SENDING, UNKNOWN, *WENT_OUT)


class LeadMessage(models.Model):
    """The outbox: one message to one recipient, from the queue to the reply.

    Only `_queue` lets messages in, after the gate. Where a message is, is written
    before and after everything that happens to it, so that a crash leaves at most one
    message in doubt, and that one in sight.
    """

    _name = "lead.message"
    _inherit = ["lead.row.mixin", "lead.state.mixin"]
    _description = "Message"
    _order = "id desc"
    _log_access = False
    _transitions = TRANSITIONS
    _impersonal = (
        *("lang", "fingerprint", "error_code"),
        *("key", "provider", "server"),
    )

    user_id = fields.Many2one(
        "res.users", string="Sender", readonly=True, ondelete="set null", index=True
    )
    # Content
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    purpose = fields.Selection(PURPOSES, required=True, readonly=True, default=OTHER)
    is_marketing = fields.Boolean(
        string="News and Offers",
        readonly=True,
        help="Requires the same consent as news and offers, regardless of its "
        "purpose: it was sent without a purpose to several contacts.",
    )
    template_id = fields.Many2one(
        "lead.message.template",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    recipient = fields.Char(
        readonly=True,
        help=(
            "Address or number. Empty only if the message is blocked because it is "
            "missing."
        ),
    )
    recipient_shown = fields.Char(
        string="Address or Number", compute="_compute_recipient_shown"
    )
    lang = fields.Char(string="Language", readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Text(
        readonly=True,
        prefetch=False,
        help="HTML for emails, plain text for other channels.",
    )
    body_html = fields.Html(
        string="Text", compute="_compute_body_html", **safe_html.SHOWN
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Attachments", readonly=True
    )
    fingerprint = fields.Char(readonly=True)
    # State
    state = fields.Selection(STATES, required=True, readonly=True, default=QUEUED)
    send_at = fields.Datetime(string="Send After", readonly=True)
    queued_date = fields.Datetime(string="Queued", readonly=True)
    claimed_date = fields.Datetime(string="Processing Since", readonly=True)
    started_date = fields.Datetime(string="Attempted On", readonly=True)
    sent_date = fields.Datetime(string="Sent On", readonly=True)
    delivered_date = fields.Datetime(string="Delivered On", readonly=True)
    read_date = fields.Datetime(string="Read On", readonly=True)
    replied_date = fields.Datetime(string="Replied On", readonly=True)
    # Attempts
    attempts = fields.Integer(readonly=True, aggregator="avg")
    first_try = fields.Datetime(string="First Attempt", readonly=True)
    next_try = fields.Datetime(string="Next Attempt", readonly=True)
    worker = fields.Integer(string="Process ID", readonly=True, aggregator=None)
    is_bulk = fields.Boolean(
        string="Bulk Message",
        readonly=True,
        help="Messages to one recipient are sent before bulk messages.",
    )
    error = fields.Char(readonly=True)
    error_code = fields.Char(readonly=True)
    problem = fields.Char(
        string="Reason",
        compute="_compute_problem",
        help="The error, or the reason why the message is blocked.",
    )
    # Gate
    hold_reason = fields.Char(string="Block Reason", readonly=True)
    override_reason = fields.Char(readonly=True)
    gate = fields.Json(
        string="Check Result",
        readonly=True,
        help="Result of the check of the sending rules.",
    )
    # Provider
    key = fields.Char(required=True, readonly=True, copy=False)
    provider = fields.Char(readonly=True)
    server = fields.Char(
        string="Sending Server",
        readonly=True,
        help="Sending server. While it is disconnected, its messages wait.",
    )
    provider_ref = fields.Char(string="Reference", readonly=True, copy=False)
    account_id = fields.Many2one(
        "lead.whatsapp.account",
        string="WhatsApp Account",
        readonly=True,
        ondelete="set null",
    )
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, ondelete="set null", index="btree_not_null"
    )
    is_posted = fields.Boolean(
        readonly=True, help="Shows the result in the chatter of the lead."
    )

    _key_uniq = models.UniqueIndex("(key)")
    _ref_uniq = models.UniqueIndex("(provider, provider_ref)")
    _due_idx = models.Index(
        "(is_bulk, COALESCE(next_try, send_at, queued_date), id) "
        "WHERE state IN ('queued', 'retry')"
    )
    _sending_idx = models.Index("(worker) WHERE state = 'sending'")
    _unposted_idx = models.Index(
        "(id) WHERE is_posted IS NOT TRUE AND state NOT IN "
        "('queued', 'retry', 'sending', 'skipped', 'cancelled')"
    )
    _person_idx = models.Index("(recipient, queued_date)")
    _date_idx = models.Index("(COALESCE(sent_date, queued_date))")

    @api.depends("channel", "recipient_shown")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for message in self:
            message.display_name = (
                f"{labels[message.channel]}: {message.recipient_shown}"
            )

    @api.depends("recipient")
    def _compute_recipient_shown(self):
        for message in self:
            message.recipient_shown = show_phone(message.recipient)

    @api.depends("body", "channel")
    def _compute_body_html(self):
        for message in self:
            body = message.body or ""
            message.body_html = get_channel(message.channel).to_html(body)

    @api.depends("error", "hold_reason")
    def _compute_problem(self):
        for message in self:
            message.problem = message.error or message.hold_reason

    # ------------------------------------------------------------
    # States
    # ------------------------------------------------------------

    def _get_consent_purpose(self):
        """Return what a message is in terms of consent."""
        return MARKETING if self.is_marketing else consent_purpose(self.purpose)

    def _prepare_sent_html(self, html):
        """Return the text of an email as it leaves; rooms extend it."""
        return html

    def _complete_sent_html(self, html):
        """Return it with what its plain text lacks; rooms extend it."""
        return html

    def _move(self, state, **values):
        """Change the state, and what is known with it.

        :raises UserError: when the state may not follow the one before
        """
        self._check_move(state)
        if state in WENT_OUT:
            # the chatter has it once, whenever it becomes known
            self.filtered(lambda message: not message.mail_message_id).is_posted = False
        super()._move(state, **values)
