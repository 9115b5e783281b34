import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ....tools.envelope import pack
from ...base.automated import check_automated
from .courier import Courier

OUT, IN = "out", "in"
WAITING, SENDING, DONE, UNKNOWN = "waiting", "sending", "done", "unknown"
FAILED = "failed"
STATES = [
    (WAITING, "Waiting"),
    (SENDING, "Sending"),
    (DONE, "Done"),
    (UNKNOWN, "Unknown"),
    (FAILED, "Failed"),
]
TRANSITIONS = {
    WAITING: (SENDING, DONE, FAILED, UNKNOWN),
    SENDING: (WAITING, DONE, UNKNOWN, FAILED),
    UNKNOWN: (WAITING, FAILED),
    FAILED: (WAITING,),
    DONE: (),
}
# The names of messages, in version 1.
KINDS = (
    *("offer", "accept", "decline", "data"),
    *("status", "recall", "erased", "commission", "ping"),
)
KEPT_DAYS = 90


class LeadShareMessage(models.Model):
    """What goes to other databases and comes from them: each once, in its order.

    What comes in is stored as it is and answered at once, and worked in afterwards.
    What goes out is claimed, committed, called and recorded. A text is emptied once it
    has done its work: it may hold data of a person.
    """

    _name = "lead.share.message"
    _inherit = ["lead.state.mixin"]
    _description = "Message between Databases"
    _order = "id desc"
    _log_access = False
    _rec_name = "kind"
    _transitions = TRANSITIONS

    connection_id = fields.Many2one(
        "lead.share.partner", required=True, readonly=True, ondelete="cascade"
    )
    direction = fields.Selection(
        [(OUT, "Outgoing"), (IN, "Incoming")], required=True, readonly=True
    )
    key = fields.Char(required=True, readonly=True)
    share_uuid = fields.Char(string="Reference", readonly=True)
    seq = fields.Integer(string="Number", readonly=True, aggregator=None)
    kind = fields.Char(string="Type", readonly=True)
    # what it says may be known to nobody before its time
    body = fields.Text(readonly=True, groups=NO_ACCESS)
    state = fields.Selection(STATES, required=True, readonly=True, default=WAITING)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    done_date = fields.Datetime(readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_try = fields.Datetime(string="Next Attempt", readonly=True)
    worker = fields.Integer(readonly=True, aggregator=None)
    error = fields.Char(readonly=True)

    _key_uniq = models.UniqueIndex("(connection_id, direction, key)")
    _due_idx = models.Index("(direction, next_try, id) WHERE state = 'waiting'")
    _open_idx = models.Index(
        "(share_uuid, seq) WHERE state IN ('waiting', 'sending', 'unknown')"
    )

    @api.model
    def _personal_fields(self):
        return ("body",)

    # ------------------------------------------------------------
    # Going out
    # ------------------------------------------------------------

    @api.model
    def _queue(self, shares, kind, body_of):
        """Queue a message about each share, next in its order.

        :param body_of: function that returns what is said of a share
        """
        now = fields.Datetime.now()
        vals_list = []
        for share in shares:
            share.out_seq += 1
            packed = pack(share.uuid, share.out_seq, kind, body_of(share), str(now))
            vals_list.append(
                {
                    "connection_id": share.connection_id.id,
                    "direction": OUT,
                    "key": str(uuid.uuid4()),
                    "share_uuid": share.uuid,
                    "seq": share.out_seq,
                    "kind": kind,
                    "body": packed.decode(),
                    "next_try": now,
                }
            )
        # sudo: the outbox is for nobody to write
        messages = self.sudo().create(vals_list)
        self._trigger_processing()
        return messages

    @api.model
    def _queue_to(self, connection, kind, body):
        """Queue a message to a connection itself."""
        now = fields.Datetime.now()
        key = str(uuid.uuid4())
        # sudo: the outbox is for nobody to write
        message = self.sudo().create(
            {
                "connection_id": connection.id,
                "direction": OUT,
                "key": key,
                "kind": kind,
                "body": pack(key, 0, kind, body, str(now)).decode(),
                "next_try": now,
            }
        )
        self._trigger_processing()
        return message

    @api.model
    def _trigger_processing(self):
        """Let the courier run once this is committed."""
        # sudo: scheduled actions are the administrator's
        self.env.ref("lead_management.ir_cron_exchange").sudo()._trigger()

    # ------------------------------------------------------------
    # Coming in
    # ------------------------------------------------------------

    @api.model
    def _store(self, connection, key, message, body):
        """Keep what came in, once; return whether it is new."""
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_share_message (connection_id, direction, key,
                    share_uuid, seq, kind, body, state, date, next_try, attempts)
                VALUES (%s, 'in', %s, %s, %s, %s, %s, 'waiting', %s, %s, 0)
                ON CONFLICT (connection_id, direction, key) DO NOTHING
                RETURNING id
                """,
                connection.id,
                key,
                message["share"],
                min(max(message["seq"], 0), 2**31 - 1),
                message["type"][:20],
                body.decode(),
                fields.Datetime.now(),
                fields.Datetime.now(),
            )
        )
        if rows:
            self._trigger_processing()
        return bool(rows)

    # ------------------------------------------------------------
    # Jobs and people
    # ------------------------------------------------------------

    @api.model
    def action_cron_exchange(self):
        """Work in what came, and send what is due; jobs call it by name."""
        check_automated(self.env)
        if self.env["lead.message.gate"]._get_silence():
            return
        courier = Courier(self.env.registry)
        more = courier.run()
        self.env["ir.cron"]._commit_progress(courier.processed, remaining=int(more))

    def action_retry(self):
        """Try again what waits for a person."""
        self.check_access("read")
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise UserError(self.env._("Only sales managers can do this."))
        # sudo: nobody writes the outbox but by this button
        stuck = self.sudo().filtered(lambda one: one.state in (UNKNOWN, FAILED))
        stuck._move(WAITING, attempts=0, error=False, next_try=fields.Datetime.now())
        self._trigger_processing()

    @api.autovacuum
    def _gc_messages(self):
        """Forget what is done; keys are kept longer than anything is repeated."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        domain = [("state", "=", DONE), ("date", "<", since)]
        self.search(domain, limit=10_000).unlink()
