from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.whatsapp_payload import get_variants
from .outbox.lead_message import CANCELLED, QUEUED, RETRY, UNKNOWN
from .whatsapp.lead_whatsapp_event import FAILED, IGNORED, PENDING


class CrmLead(models.Model):
    """What was sent to and written by people who are erased, or whose lead goes."""

    _inherit = "crm.lead"

    def _whatsapp_removing(self):
        # sudo: nobody writes what came in on WhatsApp by hand
        self.sudo()._whatsapp_forget()

    def _erase_rows(self):
        messages = self.env["lead.message"].search([("lead_id", "in", self.ids)])
        waiting = messages.filtered(lambda one: one.state in (QUEUED, RETRY, UNKNOWN))
        waiting._move(CANCELLED)
        messages.attachment_ids = False
        self.env.flush_all()
        self._whatsapp_forget()
        super()._erase_rows()
        self._consent_forget()

    def _consent_forget(self):
        """Cut what a person wants off the leads: it goes on counting for the person."""
        consents = self.env["lead.consent"].search([("lead_id", "in", self.ids)])
        consents.filtered("is_of_lead").unlink()
        consents.exists().lead_id = False
        self.env.flush_all()

    # ------------------------------------------------------------
    # WhatsApp
    # ------------------------------------------------------------

    def _whatsapp_forget(self):
        """Forget who wrote, and what, as far as it is of no other lead.

        The keys of events stay for their few weeks: what Meta repeats is known. What
        waits to be processed stays, too, since it may be a withdrawal.
        """
        Contact = self.env["lead.whatsapp.contact"]
        senders = [
            number[1:]
            for lead in self
            for number in lead._whatsapp_get_numbers(lead.phone_sanitized)
        ]
        contacts = Contact.search(
            Domain("lead_id", "in", self.ids) | Domain("sender", "in", senders)
        )
        erased = contacts.filtered(
            lambda contact: (
                contact.lead_id <= self and not self._whatsapp_is_shared(contact.sender)
            )
        )
        patterns = [f'%"{sender}"%' for sender in erased.mapped("sender")]
        erased.unlink()
        (contacts - erased).filtered(lambda one: one.lead_id <= self).lead_id = False
        self.env.flush_all()
        Event = self.env["lead.whatsapp.event"]
        done = SQL(
            "state <> %s AND (lead_id = ANY(%s) OR payload LIKE ANY(%s))",
            PENDING,
            self.ids,
            patterns,
        )
        state = SQL("CASE WHEN state = %s THEN %s ELSE state END", FAILED, IGNORED)
        self.env.cr.execute(Event._sql_erase(done, state=state))
        Event.invalidate_model(flush=False)

    def _whatsapp_get_numbers(self, number):
        return get_variants((number or "").lstrip("+"))

    def _whatsapp_is_shared(self, sender):
        """Return whether another lead has the number of a sender."""
        numbers = get_variants(sender)
        others = Domain("id", "not in", self.ids) & (
            Domain("phone_sanitized", "in", numbers)
            | Domain("whatsapp_own", "in", numbers)
        )
        return bool(self.with_context(active_test=False).search_count(others, limit=1))
