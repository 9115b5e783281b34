from odoo import models
from odoo.exceptions import UserError

from ....tools.addresses import get_mailboxes
from ..constants import EMAIL, MARKETING, SERVICE


class MailComposeMessage(models.TransientModel):
    """Odoo's own composer asks for consent, too."""

    _inherit = "mail.compose.message"

    def _get_optout_emails(self, mail_values_dict):
        emails = super()._get_optout_emails(mail_values_dict)
        if self.model != "crm.lead" or self.composition_mode != "mass_mail":
            return emails
        leads = self.env["crm.lead"].browse(mail_values_dict)
        withdrawn = leads._get_withdrawn(EMAIL, MARKETING)
        # the addresses they would be sent to, in Odoo's own way of writing them
        recipients = self._get_recipients_data(
            {lead.id: mail_values_dict[lead.id] for lead in withdrawn}
        )
        return [
            *emails,
            *(
                email
                for item in recipients.values()
                for email in item["mail_to_normalized"]
            ),
        ]

    def _action_send_mail(self, auto_commit=False):
        for composer in self:
            composer._check_consent()
        return super()._action_send_mail(auto_commit)

    def _check_consent(self):
        """Refuse a template to one lead that wants no messages; what a colleague
        writes by hand is another matter."""
        is_template = self.template_id and self.composition_mode == "comment"
        if self.model != "crm.lead" or not is_template:
            return
        leads = self.env["crm.lead"].browse(self._evaluate_res_ids())
        withdrawn = leads._get_withdrawn(EMAIL, SERVICE)
        mailboxes = get_mailboxes(*self.partner_ids.mapped("email"))
        if withdrawn and not mailboxes.isdisjoint(withdrawn._get_mailboxes()):
            raise UserError(
                self.env._("%s has opted out of emails.", withdrawn[:1].name)
            )
