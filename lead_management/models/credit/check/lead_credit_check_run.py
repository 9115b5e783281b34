import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.verdicts import squeeze
from ...base.automated import check_automated
from ..constants import (
    APPROVAL,
    CLAIMED,
    DONE,
    EXPIRED,
    MANUAL,
    REFUSED,
    UNKNOWN,
    WANTED,
)
from ..provider.contract import Candidate, NotBought, Uncertain, compact

_logger = logging.getLogger(__name__)


class LeadCreditCheck(models.Model):
    """Bought by a scheduled job: claim, commit, call, record.

    What was claimed is never claimed again by itself, unless it is certain that nothing
    was sold.
    """

    _inherit = "lead.credit.check"

    @api.model
    def action_cron_buy(self):
        """Buy what is due, expire what is old; scheduled jobs call it by name."""
        check_automated(self.env)
        self._cron_buy()

    @api.model
    def _cron_buy(self, limit=50):
        self._give_up_dead()
        self._expire()
        self._call_due(limit)

    @api.model
    def _sql_due(self):
        """Return the condition of what may be bought now."""
        return SQL(
            """
            (state = %s AND (needs_approval IS NOT TRUE OR approver_id IS NOT NULL)
             OR state = %s AND approver_id IS NOT NULL)
            AND provider_key IS DISTINCT FROM %s
            AND (next_try IS NULL OR next_try <= %s)
            """,
            *(WANTED, APPROVAL, MANUAL, fields.Datetime.now()),
        )

    @api.model
    def _count_due(self):
        self.flush_model()
        [(number,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM lead_credit_check WHERE %s", self._sql_due())
        )
        return number

    @api.model
    def _give_up_dead(self):
        """What died while it was bought may have been paid for: a person decides."""
        self._find_dead()._move(UNKNOWN, refusal="interrupted")

    @api.model
    def _expire(self):
        """End what is not valid any more, and delete the reports of it."""
        today = fields.Date.context_today(self)
        old = self.search([("state", "=", DONE), ("valid_until", "<", today)])
        old._move(EXPIRED)
        self.env["lead.credit.report"].search(
            [("check_id.state", "in", (EXPIRED, REFUSED))]
        ).unlink()

    @api.model
    def _claim(self):
        """Claim a check that is due and nobody else works on.

        :return: its id, the agency and what it is told; an empty tuple when it was
            settled without a call; None when there is nothing to do
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, policy_id FROM lead_credit_check WHERE %s
                ORDER BY next_try NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED
                """,
                self._sql_due(),
            )
        )
        if not rows:
            return None
        check_id, policy_id = rows[0]
        self._lock_company(policy_id)
        return self.browse(check_id)._claim_this()

    @api.model
    def _lock_company(self, policy_id):
        """Let a company buy one report after the other, as far as it is counted."""
        self.env.cr.execute(
            """
            SELECT 1 FROM lead_credit_policy WHERE company_id = (
                SELECT company_id FROM lead_credit_policy WHERE id = %s
            ) ORDER BY id FOR NO KEY UPDATE
            """,
            [policy_id],
        )

    def _claim_this(self):
        problem = self._get_standing_problem()
        if not problem and self._answer_from_known():
            return ()
        provider = self.provider_id or self.policy_id.provider_ids[:1]
        if problem := problem or self._get_buying_problem(provider):
            self._move(REFUSED, refusal=problem)
            return ()
        self._move(
            CLAIMED,
            called=fields.Datetime.now(),
            tries=self.tries + 1,
            provider_id=provider.id,
            provider_key=provider.key,
            cost=provider.cost,
        )
        return self.id, provider._get_client(), self._get_sent()

    def _get_sent(self):
        """Return what an agency is told, and what its answer is compared with."""
        known = {one["ref"]: one for one in self.candidates or []}
        picked = known.get(self.picked) or {}
        return {
            "country": self.country_id.code,
            "number": compact(self.company_number) or "",
            "name": self.company_name or "",
            "ref": self.picked or "",
            "picked_number": compact(picked.get("number")) or "",
        }

    @api.model
    def _call(self, check_id, client, values):
        """Find the company, look whether its report is there already, and buy it.

        :return: pair of a kind of outcome and what belongs to it
        """
        kind, found = self._find_company(client, values)
        if kind != "found":
            return kind, found
        with self._claim_apart() as checks:
            if not checks.browse(check_id).exists()._confirm(found):
                return "settled", None
        return self._purchase(client, found.ref, values)

    @api.model
    def _find_company(self, client, values):
        if values["ref"]:
            number = values["picked_number"]
            return "found", Candidate(values["ref"], "", number, "")
        try:
            candidates = client._search(values)
        except NotBought as error:
            return "not_bought", error
        except Exception as error:  # noqa: BLE001 - a search buys nothing
            _logger.exception("The search at %s failed", client.key)
            return "not_bought", NotBought(type(error).__name__)
        if chosen := _choose(candidates, values):
            return "found", chosen
        return ("ambiguous" if candidates else "no_match"), candidates

    def _confirm(self, found):
        """Note which company it is; return whether its report is still to be bought.

        The claim may be gone by now, and another lead of the same company may have
        been checked in between.
        """
        if not self or self.state != CLAIMED:
            return False
        self._lock_company(self.policy_id.id)
        self.found_number = compact(found.number)
        return not self._answer_from_known()

    @api.model
    def _purchase(self, client, ref, values):
        try:
            return "bought", client._buy(ref, values)
        except NotBought as error:
            return "not_bought", error
        except Uncertain as error:
            return "uncertain", error
        except Exception as error:  # noqa: BLE001 - it may have been sold
            _logger.exception("The purchase at %s failed", client.key)
            return "uncertain", Uncertain(type(error).__name__)


def _choose(candidates, values):
    """Return the one :class:`Candidate` that is meant without doubt, or None."""
    number = values["number"]
    if number:
        same = [
            one
            for one in candidates
            if compact(one.number) in (number, number.removeprefix(values["country"]))
        ]
        # whoever looks by a VAT number is told another one
        if len(candidates) == 1 and number[:2].isalpha():
            return candidates[0]
        return same[0] if len(same) == 1 else None
    same = [one for one in candidates if squeeze(one.name) == squeeze(values["name"])]
    return same[0] if len(candidates) == len(same) == 1 else None
