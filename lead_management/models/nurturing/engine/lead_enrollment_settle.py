from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...messaging.outbox.lead_message import (
    FAILED,
    SKIPPED,
    UNKNOWN,
    WENT_OUT,
)
from .step_message import LIMITED, UNREACHABLE, MessageStep, give_up
from .walker import HOLD_LIMIT, HOLD_STEP

# A message that may have been sent is taken for sent after so long, never sent again.
DOUBT = timedelta(days=3)
# Codes of failures that say nothing of the address.
NO_BOUNCE = (False, "exception", "server", "stopped")


class LeadEnrollment(models.Model):
    """Those who wait for a message, a task or the end of a pause go on.

    What they wait for is looked at again and again: nobody has to tell.
    """

    _inherit = "lead.enrollment"

    @api.model
    def _wake_batch(self, limit):
        """Let those go on whose pause is over."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_enrollment
                WHERE state = 'paused' AND until <= %s
                ORDER BY until, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
                """,
                fields.Datetime.now(),
                limit,
            )
        )
        self.browse([id_ for (id_,) in rows])._process("_resume")
        return len(rows)

    @api.model
    def _settle_batch(self, limit):
        """Let those go on whose message was sent, or will never be."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT enrollment.id FROM lead_enrollment enrollment
                LEFT JOIN lead_message message ON message.id = enrollment.message_id
                WHERE enrollment.state = 'queued'
                  AND COALESCE(message.state, '') NOT IN ('queued', 'retry', 'sending')
                  AND NOT (message.state = 'unknown' AND message.claimed_date > %s)
                ORDER BY enrollment.id LIMIT %s
                FOR NO KEY UPDATE OF enrollment SKIP LOCKED
                """,
                fields.Datetime.now() - DOUBT,
                limit,
            )
        )
        self.browse([id_ for (id_,) in rows])._process("_settle")
        return len(rows)

    @api.model
    def _settle_tasks_batch(self, limit):
        """Let those go on whose task is done, or was waited for long enough."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT enrollment.id FROM lead_enrollment enrollment
                LEFT JOIN mail_activity activity
                    ON activity.id = enrollment.activity_id AND activity.active
                WHERE enrollment.state = 'task'
                  AND (activity.id IS NULL OR enrollment.due <= %s)
                ORDER BY enrollment.id LIMIT %s
                FOR NO KEY UPDATE OF enrollment SKIP LOCKED
                """,
                fields.Datetime.now(),
                limit,
            )
        )
        self.browse([id_ for (id_,) in rows])._process("_settle_task")
        return len(rows)

    def _settle_task(self):
        walkers = self._get_walkers()
        for walker in walkers:
            walker.is_logged = True
            walker.leave(walker.clock.now)
        self._write_walkers(walkers)

    def _settle(self):
        walkers = self._get_walkers()
        again = []
        for walker in walkers:
            walker.is_logged = True
            message = walker.enrollment.message_id
            if message.state in WENT_OUT or message.state == UNKNOWN:
                walker.leave(message.sent_date or message.claimed_date)
            elif message.state == SKIPPED:
                self._settle_held(walker, message, again)
            elif message.state == FAILED and self._is_bounce(message):
                self._settle_unreached(walker, message, "recipient", again)
            else:  # failed for good, cancelled by a user, or deleted
                walker.leave(walker.clock.now)
        self._send_otherwise(again)
        self._write_walkers(walkers)

    @api.model
    def _is_bounce(self, message):
        """Return whether it failed since there is nobody at the address."""
        return message.error_code not in NO_BOUNCE

    def _settle_held(self, walker, message, again):
        """Act on what the gate held back when it was about to be sent."""
        code = (message.gate or {}).get("code")
        if code == "sequence":
            self._check_walkers([walker])
            if not walker.values:
                message._queue_again()
        elif code in LIMITED:
            held = walker.enrollment.held_date or walker.clock.now
            if walker.clock.now - held >= HOLD_LIMIT:
                walker.leave(walker.clock.now)
                return
            at = walker.clock.fit(
                walker.lead, walker.sequence, walker.clock.now + HOLD_STEP, walker.id
            )
            message._queue_again()
            message.send_at = at
            walker.set(held_date=held)
        elif code in UNREACHABLE:
            self._settle_unreached(walker, message, code, again)
        else:
            walker.leave(walker.clock.now)

    @api.model
    def _settle_unreached(self, walker, message, code, again):
        """Try the other channel, once."""
        is_first = not message.key.endswith(":else") and ":else:" not in message.key
        if is_first and walker.step.fallback_id:
            again.append(walker)
        else:
            give_up(walker, code, message)

    @api.model
    def _send_otherwise(self, walkers):
        if not walkers:
            return
        kind = MessageStep(self.env, walkers[0].clock)
        by_step = {}
        for walker in walkers:
            by_step.setdefault(walker.step, []).append(walker)
        items = []
        for step, group in by_step.items():
            items += kind._render(step.fallback_id, group, True)
        kind._send(items)
