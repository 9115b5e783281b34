from odoo import models

# The messages by which a colleague gets in touch with a lead.
OUTGOING_TYPES = ("email_outgoing", "sms")
COMMENT = "comment"


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _is_lead_contacted(self):
        """Return whether somebody of the company got in touch by this message.

        That is an e-mail or text message sent out, a comment to somebody outside, or a
        call that was marked as done.
        """
        if self.mail_activity_type_id.category == "phonecall":
            return True
        if self.message_type not in (*OUTGOING_TYPES, COMMENT):
            return False
        author = self.author_id.main_user_id
        if not author or author.share:
            return False
        return self.message_type != COMMENT or any(
            partner.partner_share for partner in self.partner_ids
        )
