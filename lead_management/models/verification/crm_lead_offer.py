from odoo import api, models
from odoo.exceptions import UserError

from ...tools.check_phone import verify_phone
from ...tools.verdicts import (
    COMPANY,
    CONFIRMED,
    DATA,
    EMAIL,
    NAME,
    OK,
    PHONE,
    PLAUSIBLE,
    VAT,
)
from ..base.rpc_arguments import checked
from .constants import FIELDS, USER

CORRECT, COUNTRY, KEEP, ASK = "correct", "country", "keep", "ask"
# Data whose proposal is a value, and no example of one.
CORRECTED = (NAME, EMAIL, PHONE)


def a_datum(value):
    return value in DATA


def an_offer(value):
    return value in (CORRECT, COUNTRY, KEEP, ASK)


class CrmLead(models.Model):
    """What somebody may do about a check, by one click; nothing happens by itself."""

    _inherit = "crm.lead"

    @checked(datum=a_datum, kind=an_offer)
    def action_verification_apply(self, datum, kind):
        """Do what is offered for a datum: nothing that is not offered right now.

        :param datum: ``name``, ``email``, ``phone``, ``address``, ``vat``, ``company``
        :param kind: ``correct``, ``country``, ``keep`` or ``ask``
        :raise UserError: when it is not offered any more
        """
        self.ensure_one()
        self.check_access("write")
        self._verification_flush()
        offers = {offer["kind"]: offer for offer in self._verification_offers(datum)}
        if kind not in offers:
            raise UserError(
                self.env._("The value has changed. Reload the page and try again.")
            )
        getattr(self, f"_verification_apply_{kind}")(datum)

    def _verification_apply_correct(self, datum):
        check = self._verification_current(datum)
        self.write({FIELDS[datum][0]: check.offer})

    def _verification_apply_country(self, datum):
        self.write({"country_id": self._verification_guess_country(datum).id})

    def _verification_apply_keep(self, datum):
        """A colleague knows better."""
        self._verify_evidence(datum, USER, OK, PLAUSIBLE, author_id=self.env.uid)

    def _verification_apply_ask(self, datum):
        self._verification_ask([datum])

    @api.model
    def _verification_can_ask(self, datum):
        """Return whether somebody can be asked about a datum; services say so."""
        return False

    def _verification_ask(self, data):
        """Check these data again; services are asked beside that."""
        self._verify(renew=True)

    def _verification_current(self, datum):
        """Return the check of a datum that counts, with all rights."""
        # sudo: whoever may read the lead may know what was found out about it
        return (
            self.env["lead.check"]
            .sudo()
            .search(
                [
                    ("lead_id", "=", self.id),
                    ("datum", "=", datum),
                    ("is_current", "=", True),
                ],
                limit=1,
            )
        )

    def _verification_offers(self, datum):
        """Return what may be done about a datum.

        :return: list of dicts with ``kind`` and ``label``, the most useful one first
        """
        check = self._verification_current(datum)
        if not check or not self.has_access("write"):
            return []
        offers = []
        if check.offer and datum in CORRECTED:
            offers.append({"kind": CORRECT, "label": self._verification_label(check)})
        if country := self._verification_guess_country(datum):
            label = self.env._("Set Country: %s", country.name)
            offers.append({"kind": COUNTRY, "label": label})
        if check.verdict != OK and check.source != USER:
            offers.append({"kind": KEEP, "label": self.env._("Keep")})
        if check.level != CONFIRMED and self._verification_can_ask(datum):
            label = self.env._("Ask Again")
            if datum == COMPANY:
                label = self.env._("Look Up in Registers")
            offers.append({"kind": ASK, "label": label})
        return offers

    def _verification_label(self, check):
        if check.datum == EMAIL:
            domain = check.offer.rpartition("@")[2]
            return self.env._("Correct to %s", domain)
        if check.datum == PHONE:
            return self.env._("Write as %s", check.offer)
        return self.env._("Correct to %s", check.offer)

    def _verification_guess_country(self, datum):
        """Return the country that would make a number right, or none.

        That of the contact, or of the company: it is proposed, never taken for granted.
        """
        Country = self.env["res.country"]
        if self.country_id or datum not in (PHONE, VAT):
            return Country
        # sudo: the country of a contact or company is no secret of theirs
        lead = self.sudo()
        company = lead.company_id or self.env.company.sudo()  # sudo: the same
        for country in (lead.partner_id.country_id, company.country_id):
            if not country:
                continue
            if datum == VAT or verify_phone(self.phone, country.code).verdict == OK:
                return Country.browse(country.id)
        return Country
