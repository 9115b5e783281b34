from odoo import api, fields, models
from odoo.tools import SQL

from ...base.lead_row_mixin import OWN
from ...messaging.outbox.lead_message import CANCELLED
from ...messaging.outbox.lead_message import QUEUED as IN_OUTBOX
from ...messaging.outbox.lead_message import WAITING as UNSENT
from ..constants import (
    LATE,
    LIVE,
    MERGED,
    PARKED,
    PAUSED,
    QUEUED,
    REASONS,
    STATES,
    STOPPED,
    TASK,
    TRANSITIONS,
    WAITING,
)


class LeadEnrollment(models.Model):
    """A lead in a sequence: where it is, since when, and what it waits for.

    Written by the engine and by the buttons for people alone. What was done stands in
    the ledger, `lead.enrollment.step`; what the contact does is never written here,
    but asked for: so nobody who answers waits for the engine.
    """

    _name = "lead.enrollment"
    _inherit = ["lead.row.mixin", "lead.state.mixin"]
    _description = "Enrollment"
    _order = "id desc"
    _log_access = False
    _merge = OWN
    _transitions = TRANSITIONS

    lead_id = fields.Many2one(index=False)
    sequence_id = fields.Many2one(
        "lead.sequence", required=True, readonly=True, ondelete="restrict"
    )
    version_id = fields.Many2one(
        "lead.sequence.version",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    run = fields.Integer(readonly=True, default=1, aggregator=None)
    step_id = fields.Many2one(
        "lead.sequence.step", readonly=True, ondelete="restrict", index=True
    )
    state = fields.Selection(STATES, required=True, readonly=True, default=WAITING)
    reason = fields.Selection(REASONS, readonly=True)
    error = fields.Char(string="Problem", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Enrolled by", readonly=True, ondelete="set null"
    )
    # Moments
    date = fields.Datetime(string="Enrolled On", required=True, readonly=True)
    since = fields.Datetime(
        required=True, readonly=True, help="What the contact did after it, counts."
    )
    due = fields.Datetime(
        string="Next Step On", readonly=True, help="Empty: nothing is to be done."
    )
    held_date = fields.Datetime(string="Blocked Since", readonly=True)
    paused_date = fields.Datetime(string="Paused On", readonly=True)
    until = fields.Datetime(
        string="Paused Until", readonly=True, help="Empty: until a user resumes it."
    )
    goal_date = fields.Datetime(string="Goal Reached On", readonly=True)
    end_date = fields.Datetime(string="Ended On", readonly=True)
    # What is under way
    message_id = fields.Many2one(
        "lead.message", readonly=True, ondelete="set null", index="btree_not_null"
    )
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", index="btree_not_null"
    )
    failures = fields.Integer(readonly=True, aggregator=None)
    ledger_ids = fields.One2many(
        "lead.enrollment.step", "enrollment_id", string="Steps So Far"
    )

    _run_uniq = models.UniqueIndex("(sequence_id, lead_id, run)")
    _live_uniq = models.UniqueIndex(
        "(sequence_id, lead_id) WHERE state NOT IN ('done', 'stopped')",
        "The lead is in this sequence already.",
    )
    _due_idx = models.Index("(due, id) WHERE state = 'waiting'")
    _queued_idx = models.Index("(message_id) WHERE state = 'queued'")
    _task_idx = models.Index("(activity_id) WHERE state = 'task'")
    _until_idx = models.Index("(until) WHERE state = 'paused'")
    _lead_idx = models.Index("(lead_id, id)")
    _date_idx = models.Index("(date)")
    _end_idx = models.Index("(end_date) WHERE end_date IS NOT NULL")

    @api.depends("lead_id", "sequence_id")
    def _compute_display_name(self):
        for enrollment in self:
            enrollment.display_name = (
                f"{enrollment.sequence_id.name}: {enrollment.lead_id.name}"
            )

    # ------------------------------------------------------------
    # States
    # ------------------------------------------------------------

    def _move(self, state, **values):
        """Change the state, and cancel what waits for somebody who is not in it."""
        super()._move(state, **values)
        if state not in LIVE:
            self._cancel_messages()
            self._close_tasks()

    def _end(self, state, reason, **values):
        """Finish or stop those who are in it."""
        live = self.filtered(lambda one: one.state in LIVE)
        # a pause or a problem ends in a stop, whatever it would have been
        done = live.filtered(lambda one: one._may_become(state))
        values = {
            "reason": reason,
            "due": False,
            "until": False,
            "end_date": fields.Datetime.now(),
            **values,
        }
        done._move(state, **values)
        (live - done)._move(STOPPED, **values)

    def _pause(self, reason, until=False):
        """Let nothing happen, until a moment or until a user says so."""
        running = self.filtered(lambda one: one._may_become(PAUSED))
        running._move(
            PAUSED,
            reason=reason,
            until=until,
            paused_date=fields.Datetime.now(),
        )

    def _resume(self):
        """Go on: as much later as the pause was long, with what was under way."""
        now = fields.Datetime.now()
        for enrollment in self.filtered(lambda one: one.state in (PAUSED, PARKED)):
            length = now - (enrollment.paused_date or now)
            due = max(now, (enrollment.due or now) + length)
            enrollment._move(
                enrollment._get_resumed_state(),
                reason=False,
                error=False,
                failures=0,
                until=False,
                paused_date=False,
                since=now,
                due=due if enrollment.reason != LATE else now,
            )
        self._release_messages()

    def _get_resumed_state(self):
        """Return what somebody does who goes on: what was under way is, still."""
        if self.state == PARKED:
            return WAITING
        if self.message_id and not self._is_message_done():
            return QUEUED
        return TASK if self.activity_id.active else WAITING

    def _is_message_done(self):
        """Return whether the step of the message has been left already."""
        return self.message_id.sequence_step_id != self.step_id

    def _cancel_messages(self):
        """Cancel what is still in the outbox."""
        waiting = self.env["lead.message"].search(
            [("enrollment_id", "in", self.ids), ("state", "in", UNSENT)]
        )
        waiting._move(CANCELLED)

    def _release_messages(self):
        """Let messages go that waited for the end of a pause."""
        queued = self.filtered(lambda one: one.state == QUEUED).message_id
        queued.filtered(lambda one: one.state == IN_OUTBOX).write({"send_at": False})

    def _close_tasks(self):
        """Nobody has to do what a sequence asked for that is over."""
        tasks = self.activity_id.filtered("active")
        tasks.unlink()

    # ------------------------------------------------------------
    # Merge, erasure
    # ------------------------------------------------------------

    @api.model
    def _take_over(self, lead, merged):
        """Let enrollments of merged leads be those of the lead that stays.

        Of two in the same sequence the older one stays.
        """
        leads = lead + merged
        live = self.search([("lead_id", "in", leads.ids), ("state", "in", LIVE)])
        for enrollments in live.grouped("sequence_id").values():
            enrollments.sorted("id")[1:]._end(STOPPED, MERGED)
        self.env.flush_all()
        # the runs of all of them are counted on
        self.env.cr.execute(
            SQL(
                """
                WITH last AS (
                    SELECT sequence_id, max(run) AS run FROM lead_enrollment
                    WHERE lead_id = %(lead)s GROUP BY sequence_id
                ), moved AS (
                    SELECT id, sequence_id, row_number() OVER (
                        PARTITION BY sequence_id ORDER BY id) AS number
                    FROM lead_enrollment WHERE lead_id = ANY(%(merged)s)
                )
                UPDATE lead_enrollment SET
                    lead_id = %(lead)s,
                    run = COALESCE(last.run, 0) + moved.number
                FROM moved LEFT JOIN last ON last.sequence_id = moved.sequence_id
                WHERE lead_enrollment.id = moved.id
                """,
                lead=lead.id,
                merged=merged.ids,
            )
        )
        self.invalidate_model(flush=False)
        leads.invalidate_recordset(["enrollment_ids"], flush=False)
