from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...base.work import note, still_there
from .lead_sla_clock import OWNER, RUNNING, TOUCH

CLOCKS = "clocks"


class CrmLead(models.Model):
    """Clocks: how long a lead waits for an owner, and for a first touch."""

    _inherit = "crm.lead"

    clock_ids = fields.One2many(
        "lead.sla.clock", "lead_id", string="Response Times", readonly=True
    )
    assignment_due = fields.Datetime(
        string="Response Due",
        compute="_compute_assignment_due",
        search="_search_assignment_due",
        help="Deadline for the assignment or the first contact: the earlier of the "
        "response target and the time allowed by the pool.",
    )
    assignment_due_kind = fields.Selection(
        [(OWNER, "Salesperson"), (TOUCH, "First response")],
        string="Response",
        compute="_compute_assignment_due",
    )

    @api.depends(
        "clock_ids.state",
        "clock_ids.date_due",
        "pool_entry_ids.user_id",
        "pool_entry_ids.claim_due",
    )
    def _compute_assignment_due(self):
        deadlines = self._get_deadlines()
        for lead in self:
            kind, due = deadlines.get(lead._origin.id, (False, False))
            lead.assignment_due, lead.assignment_due_kind = due, kind

    def _get_deadlines(self):
        """Return the next deadline of each lead: its clock, or its claim in a pool.

        :return: dict of lead id to a pair of kind and moment
        """
        lead_ids = self._origin.ids
        has_deadlines = (
            self.env["lead.sla"]._active_rules() or self.env["lead.pool"]._get_active()
        )
        if not lead_ids or not has_deadlines:
            return {}
        # the deadline of a lead one sees is no secret: read past the rules
        self.env["lead.sla.clock"].flush_model()
        self.env["lead.pool.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (lead_id) lead_id, kind, due FROM (
                    SELECT lead_id, kind, date_due AS due FROM lead_sla_clock
                    WHERE state = %(running)s AND lead_id = ANY(%(leads)s)
                    UNION ALL
                    SELECT lead_id, %(touch)s, claim_due FROM lead_pool_entry
                    WHERE user_id IS NOT NULL AND claim_due IS NOT NULL
                      AND lead_id = ANY(%(leads)s)
                ) deadline
                ORDER BY lead_id, due
                """,
                leads=lead_ids,
                running=RUNNING,
                touch=TOUCH,
            )
        )
        return {lead_id: (kind, due) for lead_id, kind, due in rows}

    @api.model
    def _search_assignment_due(self, operator, value):
        running = Domain("state", "=", RUNNING)
        claimed = Domain("user_id", "!=", False)
        if operator == "in" and set(value) == {False}:
            claimed &= Domain("claim_due", "!=", False)
            return Domain("clock_ids", "not any", running) & Domain(
                "pool_entry_ids", "not any!", claimed
            )
        running &= Domain("date_due", operator, value)
        claimed &= Domain("claim_due", operator, value)
        return Domain("clock_ids", "any", running) | Domain(
            "pool_entry_ids", "any!", claimed
        )

    def _clock_changed(self, change):
        if change.is_new:
            self._clock_note()

    def _get_wanted_clock(self):
        """Return the clock that is to run now, a pair of kind and user, or None."""
        if self.is_on_hold or not self._get_owner_state().is_open:
            return None
        return (TOUCH, self.user_id) if self.user_id else (OWNER, self.user_id)

    def _clock_get_touched(self):
        """Return the leads whose salesperson got in touch since they have them.

        No target runs for those that are closed and opened again. To be
        overridden by the room that knows of touches.
        """
        return self.browse()

    def _clock_note(self, touched=False):
        """Start and stop the clocks of these leads before the commit."""
        if not self or not self.env["lead.sla"]._active_rules():
            return
        note(self.env, CLOCKS, dict.fromkeys(self.ids, touched))

    @api.model
    def _work_clocks(self, pending):
        found = pending[None]
        touched = {lead_id for lead_id, is_touched in found.items() if is_touched}
        leads = still_there(self.with_context(active_test=False).browse(found))
        self.env["lead.sla.clock"]._refresh(leads, touched)
        self.env.flush_all()

    def _clock_merging(self, merged):
        """Stop the clocks of the merged leads, which are history now."""
        # sudo: the history is nobody's to write
        clocks = merged.sudo().clock_ids
        for clock in clocks.filtered(lambda clock: clock.state == RUNNING):
            clock._stop(fields.Datetime.now(), False)
