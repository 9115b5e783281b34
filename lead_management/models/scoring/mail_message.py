from odoo import models

# The messages by which a colleague gets in touch with a lead.
OUTGOING_TYPES = ("email_outgoing", "sms")


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _is_lead_contacted(self):
        """Return whether somebody of the company got in touch by this message.

        That is an e-mail or text message sent out, a comment to somebody outside, or a
        call that was marked as done.
        """
        if self.mail_activity_type_id.category == "phonecall":
            return True
        author = self.author_id.main_user_id
        if not author or author.share:
            return False
        if self.message_type in OUTGOING_TYPES:
            return True
        return self.message_type == "comment" and any(
            partner.partner_share for partner in self.partner_ids
        )
