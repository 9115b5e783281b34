import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...base.apart import attempt, lock_left_behind
from ...base.automated import check_automated
from ..gate.lead_message_gate import HOLD, LATER
from ..provider.provider import PROVIDERS
from .lead_message import (
    FAILED,
    RETRY,
    SENDING,
    SKIPPED,
    UNKNOWN,
)
from .sender import BROKEN, WORKER_LOCK, Sender

_logger = logging.getLogger(__name__)

# Seconds in which messages are begun; a server may take a minute more to answer, and
# after two a cron is stopped. What is left is taken up at once, by the next run.
RUN = 40
# Marks messages that wait for a server to come back.
SERVER_CODE = "server"


class LeadMessage(models.Model):
    """The way out: claims, attempts and their results."""

    _inherit = "lead.message"

    @api.model
    def action_cron_send(self):
        """Send what is due; scheduled jobs call it by name."""
        check_automated(self.env)
        self._send_due()

    @api.model
    def _send_due(self, seconds=RUN):
        """Send what is due; called by a cron, never within a request."""
        if self.env["lead.message.gate"]._get_silence():
            return
        sender = Sender(self.env.registry)
        more = sender.run(seconds)
        self.env["ir.cron"]._commit_progress(sender.processed, remaining=int(more))

    # ------------------------------------------------------------
    # Claims
    # ------------------------------------------------------------

    @api.model
    def _get_provider_name(self, message):
        """Return the technical name of the provider of a message."""
        if message.provider:
            return message.provider
        carries = (cls for cls in PROVIDERS if cls.channel == message.channel)
        return next((cls.name for cls in carries if cls.is_default), None)

    @api.model
    def _claim(self, worker, limit):
        """Claim messages that are due and pass the gate as it is now.

        :return: ids in the order in which they are sent
        """
        free = self._lock_due(limit)._choose()
        now = fields.Datetime.now()
        free._move(SENDING, worker=worker, claimed_date=now, started_date=False)
        free.flush_recordset()
        return free.ids

    def _choose(self):
        """Return the messages that are to be sent now, with who carries them."""
        return self._choose_provider()._postpone_for_outages()._filter_sendable()

    @api.model
    def _fail_unprocessable(self, limit):
        """Let those messages fail that cannot even be claimed."""
        for message in self._lock_due(limit):
            try:
                with attempt(self.env):
                    message._choose()
            except BROKEN:
                raise
            except Exception as error:
                _logger.error("Message %s is set aside", message.id, exc_info=True)
                message._move(FAILED, error=str(error)[:500], error_code="exception")

    def _choose_provider(self):
        """Write down who carries each message, and what is known before it is sent.

        :return: the messages that somebody carries
        """
        carried = self.browse()
        by_provider = self.grouped(
            lambda message: (message.channel, self._get_provider_name(message))
        )
        for (channel, name), messages in by_provider.items():
            cls = PROVIDERS.get(channel, name)
            if not cls:
                reason = self.env._(
                    "No service is configured for this channel. Ask an administrator "
                    "to set one up."
                )
                messages._move(SKIPPED, hold_reason=reason)
                continue
            for message_id, values in cls(self.env).claim(messages).items():
                self.browse(message_id).write({"provider": name, **values})
            carried += messages
        # in the order in which they are due
        return self & carried

    @api.model
    def _lock_due(self, limit):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_message
                WHERE state IN ('queued', 'retry')
                  AND COALESCE(next_try, send_at, queued_date) <= %s
                ORDER BY is_bulk, COALESCE(next_try, send_at, queued_date), id
                LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                fields.Datetime.now(),
                limit,
            )
        )
        return self.browse([id_ for (id_,) in rows])

    def _postpone_for_outages(self):
        """Let messages wait whose server is out of order; return the others."""
        outages = self.env["lead.message.outage"]._get_waiting()
        waiting = self.filtered(lambda message: message.server in outages)
        for server, messages in waiting.grouped("server").items():
            outage = outages[server]
            messages.write(
                {
                    "next_try": outage.next_try,
                    "error": outage.error,
                    "error_code": SERVER_CODE,
                }
            )
        return self - waiting

    def _filter_sendable(self):
        """Return the messages the gate lets out; the others are put off or held back.

        What it said when they were queued is not enough: consent may be withdrawn
        since, and somebody else may have written.
        """
        decisions = self.env["lead.message.gate"]._decide_again(self)
        passed = self.browse()
        for message, decision in zip(self, decisions, strict=True):
            if decision.outcome == HOLD:
                message._move(
                    SKIPPED, hold_reason=decision.reason, gate=decision.as_json()
                )
            elif decision.outcome == LATER:
                message.write(
                    {
                        "send_at": decision.at,
                        "next_try": False,
                        "gate": decision.as_json(),
                    }
                )
            else:
                passed += message
        return passed

    @api.model
    def _start(self, ids, worker):
        """Mark the first of claimed messages as started.

        :return: ids of those that are still claimed by this worker
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_message
                WHERE id = ANY(%s) AND state = 'sending' AND worker = %s
                """,
                list(ids),
                worker,
            )
        )
        ours = {id_ for (id_,) in rows}
        ids = [id_ for id_ in ids if id_ in ours]
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_message
                SET started_date = %s, attempts = COALESCE(attempts, 0) + 1,
                    first_try = COALESCE(first_try, %s)
                WHERE id = ANY(%s)
                """,
                now,
                now,
                ids[:1],
            )
        )
        self.browse(ids[:1]).invalidate_recordset()
        return ids

    def _count_last_minute(self):
        """Return how many other messages its server has carried in the last minute."""
        since = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        return self.search_count(
            [
                ("server", "=", self.server),
                ("started_date", ">", since),
                ("id", "!=", self.id),
            ]
        )

    @api.model
    def _give_back(self, ids, worker):
        """Let others take up claimed messages that have not been started."""
        claimed = self.browse(ids).exists()
        claimed = claimed.filtered(
            lambda message: message.state == SENDING and message.worker == worker
        )
        claimed._move(RETRY, next_try=fields.Datetime.now())

    @api.model
    def _recover(self):
        """Take up what workers that are gone left behind."""
        left = lock_left_behind(self, SENDING, WORKER_LOCK)
        started = left.filtered("started_date")
        started._move(
            UNKNOWN,
            error=self.env._(
                "Odoo stopped while the message was being sent. It is unknown "
                "whether it was sent."
            ),
            error_code="stopped",
        )
        (left - started)._move(RETRY, next_try=fields.Datetime.now())
