from odoo import models

from ....tools.addresses import get_mailboxes
from ..constants import EMAIL, SERVICE
from .crm_lead_manual_message import BY_HAND


class MailMail(models.Model):
    """Emails of leads that Odoo sends: of templates, automations, and by hand."""

    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        self._cancel_withdrawn()
        return super().send(auto_commit, raise_exception, post_send_callback)

    def _cancel_withdrawn(self):
        """Cancel emails to leads that do not want any."""
        mails = self.filtered(
            lambda mail: (
                mail.model == "crm.lead" and mail.res_id and mail.state == "outgoing"
            )
        )
        if not mails:
            return
        leads = self.env["crm.lead"].browse(mails.mapped("res_id")).exists()
        silenced = leads._get_opted_out()
        withdrawn = {
            lead.id: lead._get_mailboxes()
            for lead in leads._get_withdrawn(EMAIL, SERVICE)
        }
        for mail in mails.filtered(lambda mail: mail.res_id in withdrawn):
            if mail.message_type == BY_HAND and mail.res_id not in silenced.ids:
                continue  # an answer
            recipients = get_mailboxes(
                mail.email_to, *mail.recipient_ids.mapped("email")
            )
            if not recipients.isdisjoint(withdrawn[mail.res_id]):
                mail.write({"state": "cancel", "failure_type": "mail_optout"})
