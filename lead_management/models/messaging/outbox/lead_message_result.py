import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.backoff import get_delay
from .lead_message import (
    DELIVERED,
    FAILED,
    READ,
    REPLIED,
    RETRY,
    SENDING,
    SENT,
    UNKNOWN,
    WAITING,
)
from .lead_message_send import SERVER_CODE
from .sender import POISON_ATTEMPTS

_logger = logging.getLogger(__name__)

# How long temporary errors are tried again, and servers out of order are waited for.
GIVE_UP = timedelta(hours=24)
GIVE_UP_SERVER = timedelta(days=3)


class LeadMessage(models.Model):
    """What came of attempts."""

    _inherit = "lead.message"

    def _record_result(self, result, next_ids=()):
        """Write down what came of an attempt.

        :param next_ids: ids of claimed messages that have not been started
        :return: those of them that are released, since their server is out of order
        """
        if not self._lock_row():
            return []
        Outage = self.env["lead.message.outage"]
        outage = Outage._record_failure(result) if result.server else Outage
        if not outage and self.server and result.status in (SENT, FAILED):
            Outage._end(self.server)
        if result.status == SENT or self.state == SENDING:
            getattr(self, f"_record_{result.status}")(result, outage)
        return self.browse(next_ids)._release(outage)

    def _lock_row(self):
        """Wait for whoever changes the message just now; return whether it is there."""
        self.env.cr.execute(
            SQL("SELECT id FROM lead_message WHERE id = %s FOR UPDATE", self.id)
        )
        return bool(self.env.cr.rowcount)

    def _release(self, outage):
        """Give claimed messages back that wait for a server; return their ids."""
        if not outage:
            return []
        others = self.filtered(lambda message: message.server == outage.server)
        others._move(
            RETRY,
            next_try=outage.next_try,
            error=outage.error,
            error_code=SERVER_CODE,
        )
        return others.ids

    def _record_sent(self, result, __):
        values = {
            "sent_date": fields.Datetime.now(),
            "error": False,
            "error_code": False,
            "provider_ref": result.provider_ref or self.provider_ref,
        }
        if self.state in (DELIVERED, READ, REPLIED, FAILED):
            # the provider told of it before it answered
            self.write({"sent_date": values["sent_date"]})
        else:
            self._move(SENT, **values)

    def _record_retry(self, result, outage):
        now = fields.Datetime.now()
        if outage:
            # not the doing of the message: it costs no attempt
            self.attempts -= 1
            next_try, limit = outage.next_try, GIVE_UP_SERVER
        else:
            next_try = now + get_delay(self.attempts, result.retry_after)
            limit = GIVE_UP
        is_poison = result.error_code == "exception"
        if is_poison and self.attempts >= POISON_ATTEMPTS:
            self._record_failed(result, outage)
            _logger.error("Message %s is set aside: %s", self.id, result.error)
        elif next_try > self.first_try + limit:
            self._record_failed(result, outage)
        else:
            error = {"error": result.error, "error_code": result.error_code}
            self._move(RETRY, next_try=next_try, **error)

    def _record_failed(self, result, __):
        self._move(FAILED, error=result.error, error_code=result.error_code)
        if result.is_dead_address:
            self._report_dead_address(result.error)

    def _record_unknown(self, result, __):
        self._move(UNKNOWN, error=result.error, error_code=result.error_code)

    def _report_dead_address(self, error):
        self.lead_id._message_address_dead(self.channel, self.recipient, error)

    @api.model
    def _release_waiting(self, server):
        """Let messages go that waited for a server."""
        waiting = self.search(
            [
                ("server", "=", server),
                ("state", "in", WAITING),
                ("error_code", "=", SERVER_CODE),
            ]
        )
        waiting.write({"next_try": fields.Datetime.now(), "error_code": False})
