from odoo import models
from odoo.tools import email_normalize_all

from .crm_lead_by_hand import BY_HAND
from .kinds import EMAIL, SERVICE


class MailMail(models.Model):
    """E-mails of leads that Odoo sends: of templates, automations, and by hand."""

    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        self._cancel_withdrawn()
        return super().send(auto_commit, raise_exception, post_send_callback)

    def _cancel_withdrawn(self):
        """Cancel e-mails to leads that do not want any."""
        mails = self.filtered(
            lambda mail: (
                mail.model == "crm.lead" and mail.res_id and mail.state == "outgoing"
            )
        )
        if not mails:
            return
        leads = self.env["crm.lead"].browse(mails.mapped("res_id")).exists()
        silenced = leads._get_silenced()
        withdrawn = {
            lead.id: lead.email_normalized
            for lead in leads._get_withdrawn(EMAIL, SERVICE)
        }
        for mail in mails.filtered(lambda mail: mail.res_id in withdrawn):
            if mail.message_type == BY_HAND and mail.res_id not in silenced.ids:
                continue  # an answer
            recipients = {
                *email_normalize_all(mail.email_to or ""),
                *mail.recipient_ids.mapped("email_normalized"),
            }
            if withdrawn[mail.res_id] in recipients:
                mail.write({"state": "cancel", "failure_type": "mail_optout"})
