from odoo import api, models
from odoo.exceptions import UserError

from ...base.client_actions import notice
from ..outbox.lead_message import SKIPPED

# So many of those held back for a reason are listed by name: in the dialog, afterwards.
SHOWN = 20
SHOWN_AFTERWARDS = 3
REASONS_AFTERWARDS = 5


class LeadMessageSend(models.TransientModel):
    """What the dialog says: on its button, and after it has been pressed."""

    _inherit = "lead.message.send"

    # ------------------------------------------------------------
    # Before
    # ------------------------------------------------------------

    @api.model
    def _get_send_label(self, now, waits):
        """Return what the button says.

        :param now: how many go out at once
        :param waits: list of :class:`~.lead_message_wait.Wait` of the others
        """
        if not waits:
            return self.env._("Send")
        if now:
            return self.env._(
                "Send: %(now)s now, %(later)s later", now=now, later=len(waits)
            )
        first = min(waits, key=lambda wait: wait.at)
        when = (
            self.env._("%s, their time", first.moment)
            if first.is_theirs
            else first.text
        )
        if len({wait.at for wait in waits}) == 1:
            return self.env._("Send %s", when)
        return self.env._("Send from %s", when)

    @api.model
    def _describe_first(self, waits):
        """Return when the first of those goes out that wait."""
        return min(waits, key=lambda wait: wait.at).text if waits else ""

    @api.model
    def _describe_reasons(self, waits):
        return " ".join(dict.fromkeys(wait.reason for wait in waits))

    @api.model
    def _group_held(self, held):
        """Return each reason once, with whom it concerns, the most frequent first."""
        names = {}
        for reason, name in held:
            names.setdefault(reason, []).append(name)
        return [
            {"reason": reason, "count": len(group), "names": group[:SHOWN]}
            for reason, group in sorted(names.items(), key=lambda item: -len(item[1]))
        ]

    # ------------------------------------------------------------
    # Afterwards
    # ------------------------------------------------------------

    def _notify(self, messages, unready):
        """Return a notification of what becomes of the messages, and close.

        :param unready: pairs (why, name) of leads that got none
        :raises UserError: when the only one is held back
        """
        # sudo: what became of the own messages just made, fields of the outbox
        messages = messages.sudo()
        held = messages.filtered(lambda message: message.state == SKIPPED)
        reasons = unready + [
            (message.hold_reason or "", message.lead_id.display_name)
            for message in held
        ]
        if len(reasons) == 1 and self.lead_count == 1:
            raise UserError(reasons[0][0] or self.env._("The message is blocked."))
        lines = self._describe_sent(messages - held) + self._describe_held(reasons)
        return notice(
            "\n".join(lines),
            "warning" if reasons else "success",
            sticky=bool(reasons),
            className="o_lead_send_notice",
            next={"type": "ir.actions.act_window_close"},
        )

    def _describe_sent(self, messages):
        """Return in lines what goes out now, and what later."""
        waits = [
            wait
            for message in messages.with_env(self.env)
            if (wait := message._get_wait())
        ]
        now = len(messages) - len(waits)
        if self.lead_count == 1:
            return [
                self.env._("The message will be sent %s.", self._describe_first(waits))
                if waits
                else self.env._("The message is being sent.")
            ]
        lines = [self.env._("Being sent: %s.", now)] if now else []
        if waits:
            lines.append(
                self.env._(
                    "Later: %(count)s, the first %(when)s.",
                    count=len(waits),
                    when=self._describe_first(waits),
                )
            )
        return lines

    @api.model
    def _describe_held(self, held):
        """Return in lines how many are held back, who and why."""
        if not held:
            return []
        groups = self._group_held(held)
        lines = [self.env._("Blocked: %s.", len(held))]
        for group in groups[:REASONS_AFTERWARDS]:
            names = ", ".join(group["names"][:SHOWN_AFTERWARDS])
            rest = group["count"] - SHOWN_AFTERWARDS
            if rest > 0:
                names = self.env._(
                    "%(names)s and %(count)s more", names=names, count=rest
                )
            lines.append(f"{names}: {group['reason']}")
        return lines
