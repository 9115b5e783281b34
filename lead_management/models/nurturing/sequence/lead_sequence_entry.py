import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...base.apart import DATABASE_ERRORS, READ_COMMITTED, apart
from ...base.rule.lead_rule_mixin import DOMAIN_ERRORS
from .trigger import OVERLAP, TRIGGERS

_logger = logging.getLogger(__name__)

# Leads that are looked at in one go.
PAGE = 1_000


class LeadSequence(models.Model):
    """Leads that enter by themselves."""

    _inherit = "lead.sequence"

    entry_lead_id = fields.Integer(
        readonly=True, copy=False, help="The last lead of the page looked at before."
    )

    @api.model
    def _enter_due(self):
        """Let leads enter, for each sequence in a transaction of its own."""
        now = fields.Datetime.now()
        for sequence in self.search(self._get_active_domain(), order="priority desc"):
            every = timedelta(minutes=TRIGGERS.get(sequence.trigger).every)
            if sequence.entry_date and now - sequence.entry_date < every:
                continue
            try:
                with apart(self.env.registry, isolation=READ_COMMITTED) as env:
                    sequence.with_env(env)._enter()
            except DATABASE_ERRORS:
                _logger.info("Nobody entered %s", sequence, exc_info=True)
            except Exception:
                _logger.exception("Nobody entered %s", sequence)

    def _enter(self):
        """Let a page of the leads in that the trigger and the condition are about."""
        now = fields.Datetime.now()
        room = self._get_room(now)
        lead_ids = self._find_candidates(now) if room else []
        leads = self.env["crm.lead"].browse(lead_ids)
        entries = [entry for entry in self._get_entries(leads) if not entry.code]
        self._insert_entries(entries[:room], None)
        is_full = len(lead_ids) == PAGE or len(entries) > room
        # by SQL: it is no change of the rule, of which all would have to hear
        self.env.cr.execute(
            SQL(
                "UPDATE lead_sequence SET entry_date = %s, entry_lead_id = %s "
                "WHERE id = %s",
                self.entry_date if is_full and self.entry_date else now,
                lead_ids[-1] if len(lead_ids) == PAGE else 0,
                self.id,
            )
        )
        self.invalidate_recordset(["entry_date", "entry_lead_id"], flush=False)

    def _get_room(self, now):
        """Return how many may enter today, still."""
        if not self.daily_limit:
            return PAGE
        entered = self.env["lead.enrollment"].search_count(
            [
                ("sequence_id", "=", self.id),
                ("user_id", "=", False),
                ("date", ">", now - timedelta(days=1)),
            ]
        )
        return max(0, self.daily_limit - entered)

    def _find_candidates(self, now):
        """Return ids of leads, in their order, that have not been in it lately."""
        self.env.flush_all()
        query = self._new_lead_query()
        try:
            conditions, company_id = self._get_conditions(), self.company_id.id
            domain = self._get_engine_domain(conditions, company_id)
            condition = self._compile_domain(domain, query)
        except DOMAIN_ERRORS as error:
            self._switch_off(str(error))
            return []
        since = self.on_date or now
        if self.entry_date:
            since = max(since, self.entry_date - OVERLAP)
        for part in (
            condition,
            TRIGGERS.get(self.trigger)().sql(self, since),
            SQL("crm_lead.active AND crm_lead.user_id IS NOT NULL"),
            SQL("crm_lead.id > %s", self.entry_lead_id),
            self._sql_new(now),
        ):
            query.add_where(part)
        query.order = SQL("crm_lead.id")
        query.limit = PAGE
        rows = self.env.execute_query(query.select(SQL("crm_lead.id")))
        return [id_ for (id_,) in rows]

    def _sql_new(self, now):
        """Return the condition for leads that may enter as far as earlier runs go."""
        free = (
            SQL("run.end_date < %s", now - timedelta(days=self.reentry_days))
            if self.reentry_days
            else SQL("FALSE")
        )
        return SQL(
            """NOT EXISTS (
                SELECT FROM lead_enrollment run
                WHERE run.lead_id = crm_lead.id AND run.sequence_id = %s
                  AND (%s) IS NOT TRUE)""",
            self.id,
            free,
        )
