from base64 import b64encode
from datetime import timedelta

from odoo import fields, models

from ....tools.backoff import get_delay
from ..constants import (
    ACTIVITY,
    AMBER,
    AMBIGUOUS,
    CLAIMED,
    DONE,
    NO_MATCH,
    RED,
    REFUSED,
    UNKNOWN,
    WANTED,
)
from ..provider.bands import round_limit
from ..provider.contract import compact

MOST_TRIES = 6


class LeadCreditCheck(models.Model):
    """What came of a call is kept: what is not certain is not made up."""

    _inherit = "lead.credit.check"

    def _save_outcome(self, outcome):
        """Record the outcome of a call, as :meth:`_call` returns it."""
        if not self or self.state != CLAIMED:
            return
        kind, what = outcome
        getattr(self, f"_save_{kind}")(what)

    def _save_settled(self, __):
        """All is said by :meth:`_confirm`."""

    def _save_no_match(self, __):
        if provider := self._get_next_provider():
            self._move(WANTED, provider_id=provider.id, cost=0, next_try=False)
            self._trigger_buying()
        else:
            self._move(NO_MATCH, cost=0)

    def _save_ambiguous(self, candidates):
        found = [one._asdict() for one in candidates]
        self._move(AMBIGUOUS, candidates=found, cost=0)

    def _save_not_bought(self, error):
        self.provider_id.last_error = str(error)[:200]
        if self.tries >= MOST_TRIES:
            self._move(REFUSED, refusal="no_answer", cost=0)
            return
        delay = get_delay(self.tries, error.retry_after)
        self._wait_until(fields.Datetime.now() + delay)

    def _wait_until(self, when):
        """Try again at a time; nothing was bought."""
        self._move(WANTED, cost=0, next_try=when)
        self._trigger_buying(when)

    def _save_uncertain(self, error):
        self.provider_id.last_error = str(error)[:200]
        self._move(UNKNOWN, refusal="uncertain")

    def _save_bought(self, report):
        if problem := self._find_mixup(report):
            self._move(UNKNOWN, refusal=problem, reference=report.reference)
            return
        self.provider_id.last_error = False
        self._finish(
            report.band,
            report.limit,
            report.currency,
            report.reasons,
            reference=report.reference or False,
            company_name=report.name or self.company_name,
            company_number=report.number or self.company_number,
            found_number=compact(report.number) or self.found_number,
        )
        self.env["lead.credit.report"].create(
            {
                "check_id": self.id,
                "lead_id": self.lead_id.id,
                "name": f"{self.provider_key}-{self.id}.json",
                "mimetype": "application/json",
                "content": b64encode(report.raw.encode()),
            }
        )

    def _find_mixup(self, report):
        """Return the code of what shows that a report is not the one bought."""
        sent = self._get_sent()
        wanted = sent["picked_number"] or sent["number"]
        got = compact(report.number)
        is_vat = wanted[:2].isalpha() and not sent["picked_number"]
        if wanted and got and not is_vat:
            if got not in (wanted, wanted.removeprefix(sent["country"] or "-")):
                return "other_company"
        if report.reference and self.search_count(
            [
                ("id", "!=", self.id),
                ("reference", "=", report.reference),
                ("provider_key", "=", self.provider_key),
            ],
            limit=1,
        ):
            return "duplicate_reference"
        return None

    # ------------------------------------------------------------
    # Done
    # ------------------------------------------------------------

    def _finish(self, band, limit, currency, reasons, **values):
        """End a check with its result."""
        own = self.policy_id.company_id.currency_id
        found = own
        if limit is not None and currency and currency != own.name:
            found = (
                self.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "=", currency)], limit=1)
            )
            reasons = [*reasons, "other_currency"]
            if not found:
                found, limit = own, None
        rounded = 0 if limit is None else round_limit(limit, self.policy_id.limit_step)
        today = fields.Date.context_today(self)
        self._move(
            DONE,
            band=band,
            limit=rounded,
            has_limit=limit is not None,
            currency_id=found.id,
            reasons=reasons,
            done_date=fields.Datetime.now(),
            valid_until=today + timedelta(days=self.policy_id.days),
            next_try=False,
            **values,
        )
        self._take_effect()

    def _take_effect(self):
        """Do what the policy says of a band: tell, and nothing else."""
        effects = {AMBER: self.policy_id.amber_effect, RED: self.policy_id.red_effect}
        lead = self.lead_id
        if effects.get(self.band) == ACTIVITY and lead.user_id:
            lead.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "Agree on payment terms: %s", self._get_state_band_label()
                ),
                user_id=lead.user_id.id,
            )

    def _get_state_band_label(self):
        labels = dict(self._fields["band"]._description_selection(self.env))
        return labels.get(self.band, "")

    def _get_next_provider(self):
        """Return the agency that is asked after this one."""
        providers = self.policy_id.provider_ids
        later = [one for one in providers if one.sequence > self.provider_id.sequence]
        return later[0] if later else providers.browse()
