from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..channel.channel import get_channel
from .lead_message_send_dialog import NOW, TOMORROW

# When "tomorrow" is, in the zone of who sends; the gate knows the hours of the lead.
MORNING = 9


class LeadMessageSend(models.TransientModel):
    """When a message goes out, and by whose hands."""

    _inherit = "lead.message.send"

    # ------------------------------------------------------------
    # When
    # ------------------------------------------------------------

    def _get_tomorrow(self):
        zone = pytz.timezone(self.env.user.tz or "UTC")
        local = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        morning = (local + relativedelta(days=1)).replace(
            hour=MORNING, minute=0, second=0, microsecond=0, tzinfo=None
        )
        return zone.localize(morning).astimezone(pytz.utc).replace(tzinfo=None)

    def _get_send_at(self):
        """Return when the messages go out, None for now.

        :raise UserError: when that time is over
        """
        if self.when == TOMORROW:
            return self._get_tomorrow()
        if self.when == NOW:
            return None
        if not self.send_at or self.send_at < fields.Datetime.now() - timedelta(
            minutes=5
        ):
            raise UserError(
                self.env._("The time must be in the future. Choose a later time.")
            )
        return self.send_at

    # ------------------------------------------------------------
    # Click to chat
    # ------------------------------------------------------------

    @api.depends("channel", "lead_id")
    def _compute_is_click_to_chat(self):
        for dialog in self:
            channel = get_channel(dialog.channel)
            dialog.is_click_to_chat = channel.is_click_to_chat(dialog.lead_id)
