import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...base.apart import DATABASE_ERRORS, attempt
from ...base.automated import check_automated
from ...base.fast.sql_rows import sql_rows
from ..constants import (
    ARCHIVED,
    DONE,
    ERROR,
    FINISHED,
    GOAL,
    HOT,
    LATE,
    LEFT,
    OFF,
    OWNERLESS,
    PARKED,
    PAUSED,
    STOPPED,
    WAITING,
)
from ..sequence.step_kind import KINDS
from .clock import Clock
from .runner import Runner
from .walker import Walker

_logger = logging.getLogger(__name__)

# Seconds in which batches are begun.
RUN = 40
# Steps that take no time are done one after the other, so many in one go.
MOVES = 20
# How much later a step is tried again that failed; then somebody has to look.
BACKOFF = (timedelta(minutes=5), timedelta(hours=1))
# What a batch may change of an enrollment.
STATE = "state"
COLUMNS = {
    STATE: "varchar",
    "step_id": "int4",
    "reason": "varchar",
    "due": "timestamp",
    "held_date": "timestamp",
    "paused_date": "timestamp",
    "until": "timestamp",
    "goal_date": "timestamp",
    "end_date": "timestamp",
    "message_id": "int4",
    "activity_id": "int4",
    "failures": "int4",
}
LEDGER = {
    "enrollment_id": "int4",
    "lead_id": "int4",
    "sequence_id": "int4",
    "version_id": "int4",
    "step_id": "int4",
    "step_key": "varchar",
    "date": "timestamp",
    "outcome": "varchar",
    "reason": "varchar",
    "arm": "varchar",
    "message_id": "int4",
}


class LeadEnrollment(models.Model):
    """The engine: what is due is done, once."""

    _inherit = "lead.enrollment"

    @api.model
    def action_cron_run(self):
        """Do what is due in sequences; scheduled jobs call it by name."""
        check_automated(self.env)
        processed, more = self._run_due()
        self.env["ir.cron"]._commit_progress(processed, remaining=int(more))

    @api.model
    def _run_due(self, seconds=RUN):
        """Do what is due, and let leads enter; never within a request.

        :param seconds: no batch is begun after so many
        :return: how many were taken up, and whether there may be more
        """
        if self.env["lead.message.gate"]._get_silence():
            return 0, False
        runner = Runner(self.env.registry)
        more = runner.run(seconds)
        self.env["lead.sequence"]._enter_due()
        return runner.processed, more

    @api.model
    def _walk_batch(self, limit):
        """Do the steps that are due, for a batch of enrollments.

        :return: how many there were
        """
        rows = self.env.execute_query(self._sql_due(limit))
        enrollments = self.browse([id_ for (id_,) in rows])
        enrollments._process("_walk")
        return len(rows)

    @api.model
    def _sql_due(self, limit):
        return SQL(
            """
            SELECT id FROM lead_enrollment
            WHERE state = 'waiting' AND due <= %s
            ORDER BY due, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
            """,
            fields.Datetime.now(),
            limit,
        )

    def _process(self, job):
        """Do something with all of them, or with those that let it be done.

        One that fails keeps no others; it is found by halves.

        :param job: name of a method
        """
        if not self:
            return
        try:
            with attempt(self.env):
                getattr(self, job)()
        except DATABASE_ERRORS:
            raise
        except Exception as error:
            if len(self) == 1:
                _logger.warning("Enrollment %s failed", self.id, exc_info=True)
                self._fail(str(error))
                return
            middle = len(self) // 2
            self[:middle]._process(job)
            self[middle:]._process(job)

    def _fail(self, error):
        """Try it again later; after some times somebody has to look."""
        failures = self.failures + 1
        values = {"failures": failures, "error": error[:500]}
        if failures > len(BACKOFF):
            self._move(PARKED, reason=ERROR, due=False, **values)
        elif self.state == WAITING:
            self.write({"due": fields.Datetime.now() + BACKOFF[failures - 1], **values})
        else:
            self.write(values)

    # ------------------------------------------------------------
    # Walking
    # ------------------------------------------------------------

    def _get_walkers(self):
        """Return a :class:`Walker` for each, with one clock for all."""
        clock = Clock(self.env, self.lead_id)
        plans = {version: version._get_plan() for version in self.version_id}
        return [Walker(one, plans[one.version_id], clock) for one in self]

    def _walk(self):
        walkers = self._get_walkers()
        self._check_walkers(walkers)
        for __ in range(MOVES):
            ready = [walker for walker in walkers if walker.is_ready]
            if not ready:
                break
            self._run_steps(ready)
        self._write_walkers(walkers)

    @api.model
    def _run_steps(self, walkers):
        """Do the steps these have come to, all of a kind at once."""
        kinds = {}
        for walker in walkers:
            steps = kinds.setdefault(walker.step.kind, {})
            steps.setdefault(walker.step, []).append(walker)
        for kind, steps in kinds.items():
            KINDS.get(kind)(self.env, walkers[0].clock).run([*steps.items()])

    def _check_walkers(self, walkers):
        """Let those go no further who answered, or must not for another reason."""
        signals = self._read_signals()
        at_goal, leaving = self._get_at_goal(), self._get_leaving()
        for walker in walkers:
            found = signals.get(walker.id, [])
            walker.dead = self._find_dead(found)
            walker.signal = self._find_stop(found, walker.get_channels())
            if walker.enrollment in at_goal:
                walker.finish(DONE, GOAL, goal_date=walker.clock.now)
            elif walker.signal:
                walker.apply_signal(walker.signal, walker.enrollment._find_goal(found))
            elif walker.enrollment in leaving:
                walker.stop(LEFT)
            else:
                self._check_walker(walker)

    @api.model
    def _check_walker(self, walker):
        lead, sequence = walker.lead, walker.sequence
        if not lead.active:
            walker.stop(ARCHIVED)
        elif not (sequence.is_on and sequence.active):
            walker.pause(OFF)
        elif not lead.user_id.active:
            walker.pause(OWNERLESS)
        elif walker.is_late():
            walker.pause(LATE)
        elif not walker.step:
            walker.finish(DONE, FINISHED)

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    def _write_walkers(self, walkers):
        """Write what was decided on all of them, in two statements."""
        changed = [walker for walker in walkers if walker.values]
        self._write_rows(changed)
        self._write_ledger([row for walker in walkers for row in walker.ledger])
        ended = self.browse(
            walker.id for walker in changed if walker.state in (DONE, STOPPED)
        )
        if ended:
            ended._cancel_messages()
            ended._close_tasks()
        self._notify_owners(
            [
                walker
                for walker in changed
                if walker.state in (STOPPED, PAUSED) and walker.state != walker.before
            ]
        )

    def _write_rows(self, walkers):
        if not walkers:
            return
        self.flush_model()
        rows = [
            (walker.id, *(walker.get(name) for name in COLUMNS)) for walker in walkers
        ]
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        self.env.cr.execute(
            SQL(
                """
                WITH new (id, %(names)s) AS (%(rows)s)
                UPDATE lead_enrollment SET (%(names)s) = (
                    SELECT %(new)s FROM new WHERE new.id = lead_enrollment.id)
                FROM new chosen WHERE chosen.id = lead_enrollment.id
                """,
                names=names,
                rows=sql_rows(["int4", *COLUMNS.values()], rows),
                new=SQL(", ").join(SQL.identifier("new", name) for name in COLUMNS),
            )
        )
        self.browse(walker.id for walker in walkers).invalidate_recordset(flush=False)

    @api.model
    def _write_ledger(self, rows):
        if not rows:
            return
        names = SQL(", ").join(SQL.identifier(name) for name in LEDGER)
        self.env.cr.execute(
            SQL(
                "INSERT INTO lead_enrollment_step (%s) %s",
                names,
                sql_rows(
                    list(LEDGER.values()),
                    [tuple(row[name] or None for name in LEDGER) for row in rows],
                ),
            )
        )
        self.env["lead.enrollment.step"].invalidate_model(flush=False)

    @api.model
    def _notify_owners(self, walkers):
        """Tell salespeople whose contact answered, and what to do next."""
        hot = [walker for walker in walkers if walker.values.get("reason") == HOT]
        told = [walker for walker in walkers if walker.signal and walker not in hot]
        self._hand_over([(walker.enrollment, walker.signal) for walker in hot])
        self._post_signals([(walker.enrollment, walker.signal) for walker in told])
