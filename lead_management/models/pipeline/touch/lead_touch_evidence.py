from odoo import api, models
from odoo.tools import email_normalize

from ....tools.verdicts import CONFIRMED, NAME, OK, WRONG
from ....tools.verdicts import EMAIL as MAIL_DATUM
from ....tools.verdicts import PHONE as PHONE_DATUM
from ...scoring.mail_message import CALL, EMAIL, IN, MEETING, SMS, WHATSAPP

# In the number that Odoo gives a message which came from no mailbox.
OUR_IDS = "-openerp-"


class LeadTouch(models.Model):
    """What a touch says about the number that was called, the address that answered."""

    _inherit = "lead.touch"

    @api.model
    def _record(self, values_list):
        touches = super()._record(values_list)
        # sudo: touches of whatever lead
        touches.sudo()._give_evidence()
        return touches

    def _give_evidence(self):
        """Let leads know what these touches say, together where they say the same."""
        said = {}
        for touch in self:
            for evidence in touch._get_evidence():
                said.setdefault((*evidence, touch.user_id.id), []).append(touch)
        for (datum, reason, verdict, value, user_id), touches in said.items():
            leads = self.browse(touch.id for touch in touches).lead_id
            leads._verify_evidence(
                datum,
                reason,
                verdict,
                CONFIRMED,
                source="call" if reason == "wrong_number" else None,
                value=value,
                author_id=user_id or None,
            )

    def _get_evidence(self):
        """Return tuples of a datum, a reason, a verdict and the value, if told."""
        if self.direction == IN:
            if self.channel == EMAIL:
                message = self.message_id
                # what a form sends is posted as a message, too, and came from anybody
                is_mail = OUR_IDS not in (message.message_id or OUR_IDS)
                sender = is_mail and email_normalize(message.email_from or "")
                return [(MAIL_DATUM, "reply", OK, sender)] if sender else []
            if self.channel in (SMS, WHATSAPP) and not self.lead_id.whatsapp_own:
                return [(PHONE_DATUM, "reply", OK, None)]
            return []
        if self.channel == CALL:
            if self.outcome_id.invalid_number:
                return [(PHONE_DATUM, "wrong_number", WRONG, None)]
            if self.is_contact:
                return [(PHONE_DATUM, "call", OK, None), (NAME, "call", OK, None)]
        if self.channel == MEETING and self.is_contact:
            return [(NAME, "meeting", OK, None)]
        return []
