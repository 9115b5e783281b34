from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.backoff import get_delay
from ...base.apart import lock_left_behind
from .courier import COURIER_LOCK
from .lead_share_message import DONE, SENDING, UNKNOWN, WAITING

# After so long it is for a person to say what is wrong.
GIVE_UP = timedelta(days=3)

Letter = namedtuple("Letter", "id key body url secret allow_private")


class LeadShareMessage(models.Model):
    """The outbox between databases, as the courier sees it."""

    _inherit = "lead.share.message"

    @api.model
    def _claim(self, worker, limit):
        """Claim what is due: of each share only the first that is not through.

        :return: list of :class:`Letter`
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE lead_share_message SET state = 'sending', worker = %s,
                       attempts = COALESCE(attempts, 0) + 1
                WHERE id IN (
                    SELECT one.id FROM lead_share_message one
                    JOIN lead_share_partner peer ON peer.id = one.connection_id
                    WHERE one.direction = 'out' AND one.state = 'waiting'
                      AND one.next_try <= %s
                      AND peer.connection_state = 'on' AND peer.active
                      AND NOT EXISTS (
                        SELECT 1 FROM lead_share_message earlier
                        WHERE earlier.share_uuid = one.share_uuid
                          AND earlier.seq < one.seq AND earlier.direction = 'out'
                          AND earlier.state IN ('waiting', 'sending', 'unknown'))
                    ORDER BY one.next_try, one.id
                    LIMIT %s FOR UPDATE OF one SKIP LOCKED)
                RETURNING id
                """,
                worker,
                fields.Datetime.now(),
                limit,
            )
        )
        self.invalidate_model(flush=False)
        claimed = self.browse(sorted(id_ for (id_,) in rows))
        letters = []
        for message in claimed:
            peer = message.connection_id
            # the other side learns of a new secret by one that it knows
            known = peer._get_secrets()
            letters.append(
                Letter(
                    message.id,
                    message.key,
                    (message.body or "").encode(),
                    f"{peer.url}/lead/exchange/1/{peer.their_peer}",
                    known[-1] if message.kind == "ping" else known[0],
                    peer.allow_private,
                )
            )
        return letters

    @api.model
    def _record_results(self, results):
        """Write down what came of each attempt."""
        now = fields.Datetime.now()
        done = self.browse([id_ for id_, error in results if not error])
        done._move(DONE, done_date=now, error=False, body=False)
        for id_, error in results:
            if not error:
                continue
            message = self.browse(id_)
            if now - message.date > GIVE_UP:
                message._move(UNKNOWN, error=error)
            else:
                delay = get_delay(message.attempts)
                message._move(WAITING, next_try=now + delay, error=error)

    @api.model
    def _recover(self):
        """Send again what couriers that are gone had in hand."""
        left = lock_left_behind(self, SENDING, COURIER_LOCK)
        left._move(WAITING, next_try=fields.Datetime.now())

    @api.model
    def _send_again(self, connection, share_uuid, have):
        """Let those go once more that the other side says it never had.

        What was done is emptied: only those that are stuck can go again.
        """
        stuck = self.search(
            [
                ("connection_id", "=", connection.id),
                ("direction", "=", "out"),
                ("share_uuid", "=", share_uuid),
                ("seq", ">", have),
                ("state", "=", UNKNOWN),
            ]
        )
        stuck._move(WAITING, attempts=0, next_try=fields.Datetime.now())
