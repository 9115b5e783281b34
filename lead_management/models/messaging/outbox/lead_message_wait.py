from collections import namedtuple

from odoo import api, fields, models

from ..moment import describe_moment, describe_zone
from .lead_message import QUEUED, SENDING, WAITING

# Code of the check that waits for an hour at which the lead may be written to.
QUIET = "quiet"


class Wait(namedtuple("Wait", "env at zone is_theirs")):
    """Until when a message waits: by the clock of the lead, or of who reads this."""

    @property
    def moment(self):
        """The day and the hour."""
        now = fields.Datetime.now()
        return describe_moment(self.env, self.at, self.zone, now)

    @property
    def text(self):
        """The moment, with whose clock tells it: "Mon 8:00, their time (Paris)"."""
        zone = describe_zone(self.zone)
        if self.is_theirs:
            return self.env._(
                "%(at)s, their time (%(zone)s)", at=self.moment, zone=zone
            )
        return f"{self.moment} ({zone})"

    @property
    def reason(self):
        """Why it waits."""
        if self.is_theirs:
            return self.env._("Outside the allowed hours for this lead.")
        return self.env._("The message is scheduled for this time.")


def get_wait(env, at, gate):
    """Return until when a message waits.

    :param at: in UTC, naive
    :param gate: what the gate said of it, as it is kept with the message
    :return: :class:`Wait`
    """
    gate = gate or {}
    is_theirs = gate.get("code") == QUIET and bool(gate.get("zone"))
    return Wait(env, at, gate["zone"] if is_theirs else env.user.tz or "UTC", is_theirs)


class LeadMessage(models.Model):
    """Why a message has not gone yet, and when it will."""

    _inherit = "lead.message"

    wait = fields.Char(
        string="Planned Sending",
        compute="_compute_wait",
        help="When the message will be sent, and why it is still waiting.",
    )

    @api.depends("state", "send_at", "next_try", "error", "gate")
    @api.depends_context("uid", "lang")
    def _compute_wait(self):
        silence = self.env["lead.message.gate"]._get_silence()
        for message in self:
            if message.state in WAITING:
                message.wait = silence or message._describe_wait()
            elif message.state == SENDING:
                message.wait = self.env._("The message is being sent.")
            else:
                message.wait = False

    def _get_wait(self):
        """Return until when it waits, None when it is about to go."""
        at = self.next_try or self.send_at
        if not at or at <= fields.Datetime.now():
            return None
        # an attempt that failed waits by our clock
        return get_wait(self.env, at, None if self.next_try else self.gate)

    def _describe_wait(self):
        wait = self._get_wait()
        if not wait:
            return self.env._("In a few minutes.")
        reason = wait.reason if self.state == QUEUED and not self.error else self.error
        return ". ".join(filter(None, (wait.text, reason)))
