import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.backoff import get_delay
from ..base.automated import check_automated
from .lead_check_request import CHOICE, CLAIMED, DONE, REFUSED, RETRY, UNKNOWN, WAITING
from .provider.service import SERVICES, Finding, NoAnswer, SeveralFound

_logger = logging.getLogger(__name__)

MOST_TRIES = 8


class LeadCheckRequest(models.Model):
    """Worked off by a scheduled job: claim, commit, call, record."""

    _inherit = "lead.check.request"

    @api.model
    def action_cron_ask(self):
        """Ask what is due; scheduled jobs call it by name."""
        check_automated(self.env)
        self._cron_ask()

    @api.model
    def _cron_ask(self, limit=200):
        self._revive_dead()
        self._call_due(limit)

    @api.model
    def _get_due_domain(self):
        now = fields.Datetime.now()
        return [
            ("state", "in", (WAITING, RETRY)),
            "|",
            ("next_try", "=", False),
            ("next_try", "<=", now),
        ]

    @api.model
    def _count_due(self):
        return self.search_count(self._get_due_domain(), limit=1000)

    @api.model
    def _revive_dead(self):
        """Take up what died while it was asked.

        A service that costs nothing is asked again; what may have been paid for is
        unknown, and not bought twice.
        """
        dead = self._find_dead()
        paid = dead.filtered("service_id.cost")
        paid._move(UNKNOWN, error="interrupted")
        (dead - paid)._move(RETRY, error="interrupted", next_try=False)

    @api.model
    def _claim(self):
        """Claim a request that is due and nobody else works on.

        :return: its id, the service and what it is told; an empty tuple when it was
            settled without asking; None when there is nothing to do
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_check_request
                WHERE state IN ('waiting', 'retry')
                  AND (next_try IS NULL OR next_try <= %s)
                ORDER BY next_try NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED
                """,
                fields.Datetime.now(),
            )
        )
        if not rows:
            return None
        request = self.browse(rows[0])
        # one call after the other is counted
        service = request.service_id
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM lead_check_service WHERE id = %s FOR NO KEY UPDATE",
                service.id,
            )
        )
        if reason := request._get_refusal():
            request._move(REFUSED, error=reason)
            return ()
        if request._answer_from_cache():
            return ()
        values = SERVICES.get(service.key).get_values(request.lead_id, request.datum)
        request._move(CLAIMED, called=fields.Datetime.now(), tries=request.tries + 1)
        return request.id, service._get_client(), values

    def _get_refusal(self):
        """Return why a service is not asked, as a code, or None."""
        service, lead = self.service_id, self.lead_id
        if not service.active or not service.is_allowed:
            return "not_allowed"
        if self.fingerprint != lead._verification_fingerprint(self.datum):
            return "changed"
        if not SERVICES.get(service.key).get_values(lead, self.datum):
            return "cannot"
        if not service._is_affordable():
            return "budget"
        return None

    def _answer_from_cache(self):
        """Take what the service said of the same value on another lead of the company.

        :return: whether there is such an answer
        """
        service = self.service_id
        known = self.env["lead.check"].search(
            [
                ("provider", "=", service.key),
                ("fingerprint", "=", self.fingerprint),
                ("lead_id.company_id", "in", [service.company_id.id, False]),
                ("expiry", ">", fields.Datetime.now()),
                # what a person chose holds for that lead
                ("author_id", "=", False),
            ],
            limit=1,
        )
        if not known:
            return False
        self._record(
            Finding(known.verdict, known.level, known.reason, known.reference),
            date=known.date,
            expiry=known.expiry,
            cost=0,
        )
        self._move(DONE, error=False)
        return True

    @api.model
    def _call(self, request_id, client, values):
        """Ask a service.

        :return: a ``Finding``, or the ``NoAnswer`` or ``SeveralFound``
        """
        try:
            finding = client._check(values)
        except (NoAnswer, SeveralFound) as outcome:
            return outcome
        except Exception as error:  # noqa: BLE001 - a service may send anything
            _logger.exception("%s failed", client.key)
            return NoAnswer(type(error).__name__)
        return finding

    def _save_outcome(self, finding):
        """Record what a service said, or that it said nothing."""
        if not self or self.state != CLAIMED:
            return
        service = self.service_id
        if isinstance(finding, SeveralFound):
            found = [match._asdict() for match in finding.matches]
            self._move(CHOICE, error=False, matches=found)
            return
        if not isinstance(finding, NoAnswer):
            self._answer(finding, service.cost)
            service.last_error = False
            return
        error = str(finding)[:200]
        service.last_error = error
        if finding.is_final or self.tries >= MOST_TRIES:
            self._move(UNKNOWN, error=error)
            return
        delay = get_delay(self.tries, finding.retry_after)
        self._move(RETRY, error=error, next_try=fields.Datetime.now() + delay)

    def _answer(self, finding, cost=0, **more):
        """Record what a service said, for as long as it holds."""
        now = fields.Datetime.now()
        expiry = now + timedelta(days=self.service_id.days)
        self._record(finding, date=now, expiry=expiry, cost=cost, **more)
        self._move(DONE, error=False)

    def _record(self, finding, **values):
        self.lead_id._verify_evidence(
            self.datum,
            finding.reason,
            finding.verdict,
            finding.level,
            source="provider",
            mark=self.fingerprint,
            provider=self.service_id.key,
            reference=finding.reference or None,
            **values,
        )
