from odoo import fields, models
from odoo.exceptions import UserError

from .lead_message import CANCELLED, FAILED, QUEUED, RETRY, SENT, SKIPPED, UNKNOWN


class LeadMessage(models.Model):
    """What people do to messages: each is theirs who may write the lead."""

    _inherit = "lead.message"

    def _get_allowed(self, *states):
        """Return the messages with all rights, when the user may decide on them.

        :raises AccessError: when the lead is not the user's to write
        :raises UserError: when none of them is in one of these states
        """
        self.check_access("read")
        self.lead_id.check_access("write")
        # sudo: nobody writes the outbox by hand, but by these buttons
        allowed = self.sudo().filtered(lambda message: message.state in states)
        if not allowed:
            labels = [self._get_state_label(state) for state in states]
            raise UserError(
                self.env._(
                    "This action is available for messages with the status: %s",
                    ", ".join(labels),
                )
            )
        return allowed

    def action_resend(self):
        """Queue again what failed, was cancelled, or may not have been sent."""
        messages = self._get_allowed(FAILED, UNKNOWN, CANCELLED, RETRY)
        messages._queue_again()
        messages._trigger_sending()

    def _queue_again(self, **values):
        """Begin again; the reference stays, so that who gets it twice may notice."""
        self._move(
            QUEUED,
            queued_date=fields.Datetime.now(),
            send_at=False,
            next_try=False,
            first_try=False,
            attempts=0,
            error=False,
            error_code=False,
            hold_reason=False,
            is_posted=False,
            **values,
        )

    def action_send_now(self):
        """Send at once what waits for its time; the gate has its say still."""
        messages = self._get_allowed(QUEUED, RETRY)
        messages.write({"send_at": False, "next_try": False, "is_bulk": False})
        messages._trigger_sending()

    def action_mark_sent(self):
        """Say that a message was sent, whatever the program knows."""
        messages = self._get_allowed(UNKNOWN, FAILED)
        messages._move(
            SENT, sent_date=fields.Datetime.now(), error=False, error_code=False
        )
        messages._post_now()

    def action_cancel(self):
        """Cancel what has not been sent."""
        self._get_allowed(QUEUED, RETRY, UNKNOWN)._move(CANCELLED)

    def action_override(self):
        """Ask why a message that is held back is to be sent nevertheless."""
        self._get_allowed(SKIPPED)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Anyway"),
            "res_model": "lead.message.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_message_ids": self.ids},
        }

    def _override(self, reason):
        """Queue what the gate held back, where it may be overridden."""
        messages = self._get_allowed(SKIPPED)
        stubborn = messages.filtered(lambda message: not message._may_override())
        if stubborn:
            raise UserError(
                self.env._(
                    "This cannot be overridden: %s", stubborn[0].hold_reason or ""
                )
            )
        messages._queue_again(override_reason=reason)
        messages._trigger_sending()

    def _may_override(self):
        """Return whether what held a message back may be overridden."""
        code = (self.gate or {}).get("code")
        return self.env["lead.message.gate"]._get_checks().get(code, False)
