from odoo import api, models


class LeadCheck(models.Model):
    """The reasons of checks, in the language of the reader."""

    _inherit = "lead.check"

    @api.model
    def _get_reason_text(self, code, offer=None):
        """Return why something was found, in words.

        :param code: the reason of a check
        :param offer: its proposal
        """
        text = self._get_reasons().get(code, code or "")
        return text % {"offer": offer or ""} if "%(offer)s" in text else text

    @api.model
    def _get_reasons(self):
        """Return the reasons by their codes; rooms and services add theirs."""
        return {
            **self._get_reasons_of_people(),
            **self._get_reasons_of_addresses(),
            **self._get_reasons_of_evidence(),
        }

    @api.model
    def _get_reasons_of_people(self):
        _ = self.env._
        return {
            "name_fine": _("The name looks right"),
            "name_none": _("This is not a name"),
            "name_link": _("Contains a link or an address"),
            "name_digits": _("Contains digits"),
            "name_company": _("Looks like the name of a company"),
            "name_mash": _("Looks like random letters"),
            "name_caps": _("Written in capital letters"),
            "company_fine": _("The name looks right"),
            "company_none": _("This is not the name of a company"),
            "company_mash": _("Looks like random letters"),
            "email_fine": _("Format and domain are right"),
            "email_form": _("This is not an email address"),
            "email_typo": _("Possible typo: did they mean %(offer)s?"),
            "email_disposable": _("Disposable address"),
            "email_own": _("Address of your own company"),
            "email_role": _("Mailbox of a team, not of a person"),
            "phone_fine": _("Valid number of its country"),
            "phone_none": _("This is not a phone number"),
            "phone_country": _("Set the country first"),
            "phone_short": _("Too few digits"),
            "phone_long": _("Too many digits"),
            "phone_code": _("There is no such country code"),
            "phone_local": _("The area code is missing"),
            "phone_range": _("No numbers are assigned in this range"),
            "phone_unavailable": _("Phone numbers cannot be checked on this server"),
        }

    @api.model
    def _get_reasons_of_addresses(self):
        _ = self.env._
        return {
            "address_fine": _("The postcode fits the country"),
            "address_state": _("The postcode fits the state"),
            "address_other_state": _("The postcode belongs to another state"),
            "address_postcode": _(
                "The postcode does not fit the country. Example: %(offer)s"
            ),
            "address_country": _("Set the country first"),
            "address_no_pattern": _("The postcodes of this country are not known"),
            "address_no_postcode": _("The postcode is missing"),
            "vat_fine": _("The check digits of the VAT number are right"),
            "vat_register": _("The check digits of the registration number are right"),
            "vat_lei": _("The check digits of the LEI are right"),
            "vat_country": _("Set the country first"),
            "vat_other_country": _("Number of another country"),
            "vat_digits": _("The check digits are wrong"),
            "vat_plain": _("Looks like a registration number without check digits"),
            "vat_no_rule": _("The numbers of this country are not known"),
        }

    @api.model
    def _get_reasons_of_evidence(self):
        _ = self.env._
        return {
            "reply": _("Answered from here"),
            "delivered": _("A message was delivered"),
            "read": _("A message was read"),
            "bounce": _("Messages come back"),
            "call": _("Reached by phone"),
            "wrong_number": _("Wrong number"),
            "meeting": _("Met in person"),
            "two_sources": _("Two sources agree"),
            "page": _("Used the link sent to this address"),
            "user": _("Kept by a salesperson"),
        }
