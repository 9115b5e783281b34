from odoo import models
from odoo.tools import email_normalize_all

from .kinds import EMAIL, SERVICE

# What a colleague writes by hand to somebody goes out: often it is an answer.
BY_HAND = ("comment",)


class MailMail(models.Model):
    """E-mails of leads that Odoo sends by itself, of templates and automations."""

    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        self._cancel_withdrawn()
        return super().send(auto_commit, raise_exception, post_send_callback)

    def _cancel_withdrawn(self):
        """Cancel e-mails to leads that do not want any."""
        mails = self.filtered(
            lambda mail: (
                mail.model == "crm.lead"
                and mail.res_id
                and mail.state == "outgoing"
                and mail.message_type not in BY_HAND
            )
        )
        if not mails:
            return
        leads = self.env["crm.lead"].browse(mails.mapped("res_id")).exists()
        withdrawn = {
            lead.id: lead.email_normalized
            for lead in leads._get_withdrawn(EMAIL, SERVICE)
        }
        for mail in mails.filtered(lambda mail: mail.res_id in withdrawn):
            recipients = {
                *email_normalize_all(mail.email_to or ""),
                *mail.recipient_ids.mapped("email_normalized"),
            }
            if withdrawn[mail.res_id] in recipients:
                mail.write({"state": "cancel", "failure_type": "mail_optout"})
