from odoo import fields, models

from ...scoring.mail_message import IN, WHATSAPP, MessageTouch


class MailMessage(models.Model):
    _inherit = "mail.message"

    message_type = fields.Selection(
        # the name Odoo itself knows the type by
        selection_add=[("whatsapp_message", "WhatsApp")],
        ondelete={
            "whatsapp_message": lambda messages: messages.write(
                {"message_type": "comment"}
            )
        },
    )

    def _get_lead_touch(self):
        """A WhatsApp message that no colleague wrote is one of the lead."""
        touch = super()._get_lead_touch()
        if touch or self.message_type != "whatsapp_message":
            return touch
        return MessageTouch(WHATSAPP, IN, self.env["res.users"])
