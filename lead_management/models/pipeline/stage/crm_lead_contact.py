from odoo import models
from odoo.tools.mail import email_normalize, parse_contact_from_email

from ...base.stage_types import CUSTOMER, NEGOTIATION, QUALIFIED

CONVERTED_AT = (QUALIFIED, NEGOTIATION, CUSTOMER)


class CrmLead(models.Model):
    """Leads that are worked on in earnest become opportunities, and have a contact."""

    _inherit = "crm.lead"

    def _stage_convert(self):
        """Make leads opportunities, with the contact they need.

        The contact is found by email, in the company of the lead, or created where it
        has a name. A constant number of searches and creations serves all leads.
        """
        leads = self.filtered(lambda lead: lead.stage_type in CONVERTED_AT)
        todo = leads.filtered(lambda lead: lead.type == "lead" or not lead.partner_id)
        contacts = todo.filtered(lambda lead: not lead.partner_id)._contact_provide()
        for lead in todo:
            partner = contacts.get(lead, lead.partner_id)
            if lead.type == "lead":
                # unlike Odoo's own conversion, for customers too
                lead.write(lead._convert_opportunity_data(partner))
            elif partner:
                lead.write({"partner_id": partner.id})

    def _contact_provide(self):
        """Return the contact of each lead, found or created, where there is one.

        Leads of one address share it.

        :return: dict of lead to contact
        """
        contacts = {}
        for company, leads in self.grouped("company_id").items():
            contacts |= leads._contact_find(company)
        missing = [lead for lead in self if lead not in contacts]
        firsts = {}
        for lead in missing:
            firsts.setdefault(lead._contact_key(), lead)
        created = self.concat(*firsts.values())._contact_create()
        for lead in missing:
            if partner := created.get(firsts[lead._contact_key()]):
                contacts[lead] = partner
        return contacts

    def _contact_key(self):
        """Return what leads of the same contact have in common."""
        address = email_normalize(self.email_from) or self.id
        return self.company_id, address

    def _contact_find(self, company):
        """Return the contacts that have the addresses of these leads, by lead.

        As Odoo's own conversion finds them, for all leads at once.
        """
        emails = {
            lead: [lead.email_normalized or lead.email_from]
            for lead in self
            if lead.email_normalized or lead.email_from
        }
        leads = self.browse(lead.id for lead in emails)
        no_company = company.browse()
        found = leads._partner_find_from_emails(
            emails,
            # nobody's contact crosses a company
            filter_found=lambda partner: partner.company_id in (no_company, company),
            no_create=True,
        )
        return {lead: found[lead.id][:1] for lead in leads if found[lead.id]}

    def _contact_create(self):
        """Create contacts for these leads, of those that have a name or an address.

        :return: dict of lead to contact: the person, or else the company
        """
        # a new contact is no news to whoever follows its lead, and Odoo would tell it
        # in fifteen statements each
        Partner = self.env["res.partner"].with_context(tracking_disable=True)
        named = {lead: lead._contact_get_name() for lead in self}
        in_company = [lead for lead in self if (lead.partner_name or "").strip()]
        companies = Partner.create(
            [
                lead._prepare_customer_values(lead.partner_name, is_company=True)
                for lead in in_company
            ]
        )
        parents = dict(zip(in_company, companies, strict=True))
        persons = [lead for lead in self if named[lead]]
        people = Partner.create(
            [
                lead._prepare_customer_values(
                    named[lead], parent_id=parents.get(lead, Partner).id
                )
                for lead in persons
            ]
        )
        self.env["lead.undo"]._watch_created(people + companies)
        found = parents | dict(zip(persons, people, strict=True))
        return {lead: partner.with_env(self.env) for lead, partner in found.items()}

    def _contact_get_name(self):
        """Return the name of the person, if anything tells it."""
        if name := (self.contact_name or "").strip():
            return name
        name, address = parse_contact_from_email(self.email_from)
        if not address or (self.partner_name or "").strip():
            return address and name
        return name or address
