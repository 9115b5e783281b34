from odoo import models
from odoo.exceptions import UserError

from ..channel.channel import get_channel
from ..constants import CHANNELS
from ..whatsapp.lead_whatsapp_account import CONNECTED


class CrmLead(models.Model):
    """The Send dialog."""

    _inherit = "crm.lead"

    def action_send_message(self):
        """Open the dialog to send a message to these leads, with a first proposal."""
        if not self:
            raise UserError(self.env._("Choose at least one lead."))
        self.check_access("write")
        dialog = self.env["lead.message.send"].create(
            {"lead_ids": [(6, 0, self.ids)], "channel": self._get_first_channel()}
        )
        dialog._choose_template()
        return dialog._get_action()

    def _get_first_channel(self):
        """Return the channel to propose: asked for, liked, or what reaches most."""
        asked = self.env.context.get("message_channel")
        if get_channel(asked):
            return asked
        liked = [
            lead.preferred_channel
            for lead in self
            if get_channel(lead.preferred_channel)
            and lead._is_reachable(lead.preferred_channel)
        ]
        if liked and len(liked) == len(self):
            return max(dict.fromkeys(liked), key=liked.count)
        return max(
            [channel for channel, __ in CHANNELS],
            key=lambda channel: sum(lead._is_reachable(channel) for lead in self),
        )

    def _is_reachable(self, channel):
        return bool(get_channel(channel).get_address(self))

    def _get_whatsapp_account(self):
        """Return the account WhatsApp messages to this lead go out from, if any."""
        company = self.company_id or self.env.company
        # sudo: whether there is one is no secret; what it consists of is
        Account = self.env["lead.whatsapp.account"].sudo()
        account = Account._get_for(company)
        # sudo: off again, since what it consists of is a secret
        return account.filtered(lambda one: one.state == CONNECTED).sudo(False)
