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
        return {
            "name_fine": self.env._("The name looks right"),
            "name_none": self.env._("This is not a name"),
            "name_link": self.env._("Contains a link or an address"),
            "name_digits": self.env._("Contains digits"),
            "name_company": self.env._("Looks like the name of a company"),
            "name_mash": self.env._("Looks like random letters"),
            "name_caps": self.env._("Written in capital letters"),
            "company_fine": self.env._("The name looks right"),
            "company_none": self.env._("This is not the name of a company"),
            "company_mash": self.env._("Looks like random letters"),
            "email_fine": self.env._("Format and domain are right"),
            "email_form": self.env._("This is not an email address"),
            "email_typo": self.env._("Possible typo: did they mean %(offer)s?"),
            "email_disposable": self.env._("Disposable address"),
            "email_own": self.env._("Address of your own company"),
            "email_role": self.env._("Mailbox of a team, not of a person"),
            "phone_fine": self.env._("Valid number of its country"),
            "phone_none": self.env._("This is not a phone number"),
            "phone_country": self.env._("Set the country first"),
            "phone_short": self.env._("Too few digits"),
            "phone_long": self.env._("Too many digits"),
            "phone_code": self.env._("There is no such country code"),
            "phone_local": self.env._("The area code is missing"),
            "phone_range": self.env._("No numbers are assigned in this range"),
            "phone_unavailable": self.env._(
                "Phone numbers cannot be checked on this server"
            ),
        }

    @api.model
    def _get_reasons_of_addresses(self):
        return {
            "address_fine": self.env._("The postcode fits the country"),
            "address_state": self.env._("The postcode fits the state"),
            "address_other_state": self.env._("The postcode belongs to another state"),
            "address_postcode": self.env._(
                "The postcode does not fit the country. Example: %(offer)s"
            ),
            "address_country": self.env._("Set the country first"),
            "address_no_pattern": self.env._(
                "The postcodes of this country are not known"
            ),
            "address_no_postcode": self.env._("The postcode is missing"),
            "vat_fine": self.env._("The check digits of the VAT number are right"),
            "vat_register": self.env._(
                "The check digits of the registration number are right"
            ),
            "vat_lei": self.env._("The check digits of the LEI are right"),
            "vat_country": self.env._("Set the country first"),
            "vat_other_country": self.env._("Number of another country"),
            "vat_digits": self.env._("The check digits are wrong"),
            "vat_plain": self.env._(
                "Looks like a registration number without check digits"
            ),
            "vat_no_rule": self.env._("The numbers of this country are not known"),
        }

    @api.model
    def _get_reasons_of_evidence(self):
        return {
            "reply": self.env._("Answered from here"),
            "delivered": self.env._("A message was delivered"),
            "read": self.env._("A message was read"),
            "bounce": self.env._("Messages come back"),
            "call": self.env._("Reached by phone"),
            "wrong_number": self.env._("Wrong number"),
            "meeting": self.env._("Met in person"),
            "two_sources": self.env._("Two sources agree"),
            "page": self.env._("Used the link sent to this address"),
            "user": self.env._("Kept by a salesperson"),
        }
