import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.backoff import get_delay
from ....tools.envelope import clean, unpack
from ....tools.incoming_text import clean_incoming
from ...base.apart import DATABASE_ERRORS, attempt
from .lead_share_message import DONE, FAILED, KINDS

_logger = logging.getLogger(__name__)

# So often a message is tried that fails, before a person looks at it.
ATTEMPTS = 5
# So often one waits for those before it, before the other side is asked.
PATIENCE = 30


class LeadShareMessage(models.Model):
    """What came in is worked in: in the order of each share, many shares at once."""

    _inherit = "lead.share.message"

    @api.model
    def _process_due(self, limit):
        """Work in a batch of messages; return how many were looked at."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_share_message
                WHERE direction = 'in' AND state = 'waiting' AND next_try <= %s
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                fields.Datetime.now(),
                limit,
            )
        )
        messages = self.browse([id_ for (id_,) in rows])
        shares = self._get_shares(messages)
        # one message of a share a turn: those of a kind are worked in together
        groups, seen = {}, set()
        for message in messages.sorted(lambda one: (one.seq, one.id)):
            place = message.connection_id.id, message.share_uuid
            if place in seen:
                continue
            seen.add(place)
            share = shares.get(place, self.env["lead.share"])
            kind = message._get_turn(share)
            if kind:
                groups.setdefault((message.connection_id, kind), []).append(
                    (message, share)
                )
        for (__, kind), pairs in groups.items():
            self._process(kind, pairs)
        return len(messages)

    @api.model
    def _get_shares(self, messages):
        """Return the shares that messages are about, by connection and reference."""
        found = self.env["lead.share"].search(
            [
                ("connection_id", "in", messages.connection_id.ids),
                ("uuid", "in", messages.mapped("share_uuid")),
            ]
        )
        return {(share.connection_id.id, share.uuid): share for share in found}

    def _get_turn(self, share):
        """Return what kind of message this is, where it is its turn now."""
        if self.kind == "ping":
            return self.kind
        if self.seq <= share.in_seq:
            # older than what is known: said before
            self._move(DONE, done_date=fields.Datetime.now(), body=False)
            return None
        if self.seq > share.in_seq + 1:
            self._wait_for_earlier(share)
            return None
        if self.kind not in KINDS:
            # of a later version: kept for whoever wants to know, and passed over
            self._move(DONE, done_date=fields.Datetime.now(), error="unknown type")
            share.filtered("id").in_seq = self.seq
            return None
        return self.kind

    def _wait_for_earlier(self, share):
        self.attempts += 1
        later = fields.Datetime.now() + get_delay(1)
        self.write({"next_try": later, "error": "waits for earlier messages"})
        if self.attempts == PATIENCE:
            self._queue_to(
                self.connection_id,
                "ping",
                {"share": self.share_uuid, "have": share.in_seq},
            )

    @api.model
    def _process(self, kind, pairs):
        """Work in messages of a kind together, or else each for itself."""
        try:
            with attempt(self.env):
                self._process_kind(kind, pairs)
        except DATABASE_ERRORS:
            raise
        except Exception as error:
            if len(pairs) > 1:
                for pair in pairs:
                    self._process(kind, [pair])
                return
            _logger.info("A message of type %s failed", kind, exc_info=True)
            pairs[0][0]._fail(str(error))

    def _fail(self, error):
        self.attempts += 1
        values = {"error": error[:500]}
        if self.attempts >= ATTEMPTS:
            self._move(FAILED, **values)
        else:
            delay = get_delay(self.attempts)
            self.write({**values, "next_try": fields.Datetime.now() + delay})

    @api.model
    def _process_kind(self, kind, pairs):
        received = []
        for message, share in pairs:
            content = unpack((message.body or "").encode()) or {"body": {}}
            received.append((message, share, clean(content["body"], clean_lines)))
        getattr(self.env["lead.share"], f"_receive_{kind}")(received)
        done = self.concat(*(message for message, __ in pairs))
        if kind == "offer":
            shares = self._get_shares(done)
            pairs = [
                (one, shares[one.connection_id.id, one.share_uuid]) for one in done
            ]
        for message, share in pairs:
            if share:
                share.in_seq = max(message.seq, share.in_seq)
        now = fields.Datetime.now()
        done._move(DONE, done_date=now, error=False, body=False)


def clean_lines(text):
    return clean_incoming(text, limit=5000, lines=True)
