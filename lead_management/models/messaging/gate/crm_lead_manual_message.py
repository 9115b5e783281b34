from odoo import models
from odoo.exceptions import UserError

from ....tools.addresses import get_mailboxes
from ...scoring.mail_message import IN
from ..constants import EMAIL, SERVICE
from ..person import Person

# What a colleague writes by hand.
BY_HAND = "comment"


class CrmLead(models.Model):
    """Emails a colleague writes by hand: who withdrew is answered, and not written to.

    Who writes to us after having withdrawn wants an answer.
    """

    _inherit = "crm.lead"

    def message_post(self, **kwargs):
        if kwargs.get("message_type") == BY_HAND:
            self._check_may_be_written_to(
                kwargs.get("partner_ids") or (), kwargs.get("outgoing_email_to") or ""
            )
        return super().message_post(**kwargs)

    def _check_may_be_written_to(self, partner_ids, emails):
        """Refuse an email to a lead that does not want any.

        :param partner_ids: ids of those it is for
        :param emails: further addresses, as one text
        :raise UserError: who it is, and what can be done
        """
        # sudo: whose address it is; nothing of them is shown
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        recipients = get_mailboxes(*partners.mapped("email"), emails)
        if all(recipients.isdisjoint(lead._get_mailboxes()) for lead in self):
            return
        for lead in self._get_opted_out():
            if not recipients.isdisjoint(lead._get_mailboxes()):
                raise UserError(
                    self.env._(
                        "%s has opted out of emails and has not written to us "
                        "afterwards. Call the contact, or record a new consent first.",
                        lead.contact_name or lead.partner_name or lead.name,
                    )
                )

    def _get_mailboxes(self):
        """Return where emails to this lead go, by whatever field."""
        return get_mailboxes(self.email_from, self.email_normalized)

    def _get_opted_out(self):
        """Return the leads that want no emails, and have not written since."""
        return self._get_withdrawn(EMAIL, SERVICE).filtered(
            lambda lead: not lead._wrote_since_withdrawing()
        )

    def _wrote_since_withdrawing(self):
        # sudo: consent and touches, whoever reads them
        lead = self.sudo()
        [person] = Person.load(lead.env, lead.ids).values()
        company_id = person.company_id or self.env.company.id
        [(__, withdrawn, __)] = lead.env["lead.consent"]._get_last(
            [(person, company_id, SERVICE, EMAIL, None)]
        )
        return bool(
            lead.env["lead.touch"].search_count(
                [
                    ("lead_id", "=", lead.id),
                    ("direction", "=", IN),
                    ("date", ">", withdrawn),
                ],
                limit=1,
            )
        )
