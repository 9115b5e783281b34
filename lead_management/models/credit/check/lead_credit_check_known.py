from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ..constants import CLAIMED, DONE, REFUSED, UNKNOWN

# Another worker buys the report of the same company: what it gets will do.
LOOK_AGAIN = timedelta(minutes=1)


class LeadCreditCheck(models.Model):
    """What is known of a company already is not bought again, on whatever lead."""

    _inherit = "lead.credit.check"

    def _answer_from_known(self):
        """Settle a check by another one of the same company, where there is one.

        :return: whether nothing is to be bought
        """
        numbers = {self.asked_number, self.found_number} - {False, ""}
        if not numbers or not self.country_id:
            return False
        others = self.search(
            Domain("id", "!=", self.id)
            & Domain("country_id", "=", self.country_id.id)
            & Domain("policy_id.company_id", "=", self.policy_id.company_id.id)
            & Domain("state", "in", (DONE, CLAIMED, UNKNOWN))
            & (
                Domain("asked_number", "in", numbers)
                | Domain("found_number", "in", numbers)
            )
        )
        today = fields.Date.context_today(self)
        for other in others:
            if other.state == DONE and other.valid_until >= today:
                self._take_over(other)
                return True
        if others.filtered(self._is_uncertain):
            self._move(REFUSED, refusal="uncertain_company", cost=0)
            return True
        if others.filtered(lambda other: other.state == CLAIMED):
            self._wait_until(fields.Datetime.now() + LOOK_AGAIN)
            return True
        return False

    def _is_uncertain(self, other):
        """Return whether nobody knew of a doubtful purchase when this was asked for."""
        return other.state == UNKNOWN and bool(
            other.called and self.request_date and other.called >= self.request_date
        )

    def _take_over(self, earlier):
        """Take the result of an earlier check of the same company."""
        self._move(
            DONE,
            band=earlier.band,
            limit=earlier.limit,
            has_limit=earlier.has_limit,
            currency_id=earlier.currency_id.id,
            reasons=[*dict.fromkeys([*(earlier.reasons or []), "cached"])],
            done_date=fields.Datetime.now(),
            valid_until=earlier.valid_until,
            provider_key=earlier.provider_key,
            company_name=earlier.company_name,
            found_number=earlier.found_number,
            reference=False,
            cost=0,
        )
        self._take_effect()
