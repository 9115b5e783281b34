import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.verdicts import squeeze
from ..base.apart import READ_COMMITTED, apart
from ..base.automated import check_automated
from .kinds import APPROVAL, CLAIMED, DONE, EXPIRED, MANUAL, REFUSED, UNKNOWN, WANTED
from .provider.contract import NotBought, Uncertain

_logger = logging.getLogger(__name__)

# A claim of which nothing was heard for so long has died with its process.
DIED_AFTER = timedelta(minutes=15)


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
        progress = self.env["ir.cron"]._commit_progress
        self._give_up_dead()
        self._expire()
        for __ in range(limit):
            if not self._buy_next():
                break
            if not progress(1):
                break

    @api.model
    def _give_up_dead(self):
        """What died while it was bought may have been paid for: a person decides."""
        dead = self.search(
            [
                ("state", "=", CLAIMED),
                ("called", "<", fields.Datetime.now() - DIED_AFTER),
            ]
        )
        dead._move(UNKNOWN, refusal="interrupted")

    @api.model
    def _expire(self):
        """End what is not valid any more, and delete the reports of it."""
        today = fields.Date.context_today(self)
        old = self.search([("state", "=", DONE), ("valid_until", "<", today)])
        old._move(EXPIRED)
        self.env["lead.credit.report"].search(
            [("check_id.state", "=", EXPIRED)]
        ).unlink()

    @api.model
    def _buy_next(self):
        """Claim one check, buy it, and keep what came of it.

        :return: whether there was one
        """
        with apart(self.env.registry, isolation=READ_COMMITTED) as env:
            claimed = env["lead.credit.check"]._claim()
        if claimed is None:
            return False
        if claimed:
            check_id, client, values = claimed
            outcome = self._call(client, values)
            with apart(self.env.registry, isolation=READ_COMMITTED) as env:
                env["lead.credit.check"].browse(check_id).exists()._keep(outcome)
        self.env.invalidate_all()
        return True

    @api.model
    def _claim(self):
        """Claim a check that is due and nobody else works on.

        :return: its id, the agency and what it is told; an empty tuple when it was
            settled without a call; None when there is nothing to do
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, policy_id FROM lead_credit_check
                WHERE (state = %s AND (needs_approval IS NOT TRUE
                                       OR approver_id IS NOT NULL)
                       OR state = %s AND approver_id IS NOT NULL)
                  AND provider_key IS DISTINCT FROM %s
                  AND (next_try IS NULL OR next_try <= %s)
                ORDER BY next_try NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED
                """,
                *(WANTED, APPROVAL, MANUAL, fields.Datetime.now()),
            )
        )
        if not rows:
            return None
        check_id, policy_id = rows[0]
        # one purchase after the other is counted
        self.env.cr.execute(
            "SELECT 1 FROM lead_credit_policy WHERE id = %s FOR NO KEY UPDATE",
            [policy_id],
        )
        return self.browse(check_id)._claim_this()

    def _claim_this(self):
        if self._answer_from_cache():
            return ()
        provider = self.provider_id or self.policy_id.provider_ids[:1]
        if problem := self._get_buying_problem(provider):
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
            "number": _compact(self.company_number),
            "name": self.company_name or "",
            "ref": self.picked or "",
            "picked_number": _compact(picked.get("number")),
        }

    @api.model
    def _call(self, client, values):
        """Find the company and buy its report, outside of any transaction.

        :return: pair of a kind of outcome and what belongs to it
        """
        try:
            ref, candidates = values["ref"], []
            if not ref:
                candidates = client._search(values)
                ref = _choose(candidates, values)
            if not ref:
                return ("ambiguous" if candidates else "no_match"), candidates
        except NotBought as error:
            return "not_bought", error
        except Exception as error:  # noqa: BLE001 - a search buys nothing
            _logger.exception("The search at %s failed", client.key)
            return "not_bought", NotBought(type(error).__name__)
        try:
            return "bought", client._buy(ref, values)
        except NotBought as error:
            return "not_bought", error
        except Uncertain as error:
            return "uncertain", error
        except Exception as error:  # noqa: BLE001 - it may have been sold
            _logger.exception("The purchase at %s failed", client.key)
            return "uncertain", Uncertain(type(error).__name__)


def _compact(number):
    return "".join(char for char in number or "" if char.isalnum()).upper()


def _choose(candidates, values):
    """Return the one company that is meant without doubt, or None."""
    number = values["number"]
    if number:
        same = [
            one.ref
            for one in candidates
            if _compact(one.number) in (number, number.removeprefix(values["country"]))
        ]
        # whoever looks by a VAT number is told another one
        if len(candidates) == 1 and number[:2].isalpha():
            return candidates[0].ref
        return same[0] if len(same) == 1 else None
    same = [
        one.ref for one in candidates if squeeze(one.name) == squeeze(values["name"])
    ]
    return same[0] if len(candidates) == len(same) == 1 else None
