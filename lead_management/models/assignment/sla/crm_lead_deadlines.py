import logging

from odoo import api, fields, models

from ...base.apart import attempt
from .lead_sla_clock import RUNNING

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    """Touches, and what happens where none came in time."""

    _inherit = "crm.lead"

    def _assignment_touch(self):
        """Note that the owner called, wrote or met: claim and deadline are kept."""
        if not self:
            return
        # sudo: pool and clocks follow whatever the user may do there
        self.sudo()._clock_note(touched=True)
        if self.env["lead.pool"]._get_active():
            # sudo: as for the clocks, whoever touches the lead
            self.sudo().filtered(
                lambda lead: lead.assignment_pool_id and lead.user_id
            )._pool_leave()

    @api.model
    def _cron_deadlines(self, limit=200):
        """Return expired claims to their pools, and escalate missed deadlines."""
        now = fields.Datetime.now()
        self._run_each(
            "lead.pool.entry",
            [("user_id", "!=", False), ("claim_due", "<=", now)],
            lambda entry: entry._expire(),
            limit,
        )
        self._run_each(
            "lead.sla.clock",
            [("state", "=", RUNNING), ("date_next", "<=", now)],
            lambda clock: clock._escalate(),
            limit,
        )

    @api.model
    def _run_each(self, model, domain, job, limit):
        """Run a job on records, each in a savepoint: one that fails stops no other."""
        # sudo: claims and clocks of everybody fall due
        Model = self.env[model].sudo()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=Model.search_count(domain))
        last_id = 0  # once each: one that fails waits for the next run
        while records := Model.search(
            [*domain, ("id", ">", last_id)], order="id", limit=limit
        ):
            last_id = records.ids[-1]
            for record in records:
                locked = record.try_lock_for_update().filtered_domain(domain)
                try:
                    with attempt(self.env):
                        if locked:
                            job(locked)
                except Exception:
                    _logger.exception("Deadline of %s failed", locked)
                if not progress(1):
                    return
