"""Somebody on the way through a sequence, while the engine has them in hand.

What is decided is noted here, and written for all of a batch at once.
"""

from datetime import timedelta

from ..constants import (
    DONE,
    FINISHED,
    HOT,
    OUT_DONE,
    OUT_SKIPPED,
    PAUSED,
    QUEUED,
    STOPPED,
    TASK,
    TRANSITIONS,
    WAITING,
)

# How long a limit may hold a message back before its step is skipped.
HOLD_LIMIT = timedelta(days=7)
HOLD_STEP = timedelta(days=1)


class Walker:
    """One enrollment.

    :param enrollment: its record
    :param plan: :class:`~.tools.sequence_plan.Plan` of its version
    :param clock: :class:`~.clock.Clock` of the batch
    """

    def __init__(self, enrollment, plan, clock):
        self.enrollment = enrollment
        self.id = enrollment.id
        self.lead = enrollment.lead_id
        self.sequence = enrollment.sequence_id
        self.step = enrollment.step_id
        self.plan = plan
        self.clock = clock
        self.state = self.before = enrollment.state
        self.values = {}
        self.ledger = []
        # what the contact did, once it is asked for
        self.signal = None
        # channels on which nobody is at the address
        self.dead = set()
        # whether the ledger has the step already
        self.is_logged = False

    @property
    def is_ready(self):
        """Whether its step is to be done in this very batch."""
        due = self.values.get("due", self.enrollment.due)
        return self.state == WAITING and bool(due) and due <= self.clock.now

    def set(self, state=None, **values):
        if state and state != self.state:
            if state not in TRANSITIONS[self.state] and self.state != self.before:
                # decided twice in one batch: only what it is at last counts
                allowed = TRANSITIONS[self.before]
            else:
                allowed = TRANSITIONS[self.state]
            if state not in allowed:
                raise ValueError(f"{self.id}: {self.state} cannot become {state}")
            self.state = state
        self.values.update(values)

    def get(self, name):
        """Return what a column is to hold."""
        if name == "state":
            return self.state
        if name in self.values:
            return self.values[name] or None
        value = self.enrollment[name]
        return (value.id if hasattr(value, "_ids") else value) or None

    def get_channels(self):
        """Return the channels on which the sequence writes to somebody."""
        steps = self.enrollment.version_id.step_ids
        templates = steps.template_id | steps.fallback_id
        return set(templates.mapped("channel"))

    def get_seed(self, step):
        """Return what decides by chance: the same for the same lead, each time."""
        return f"{self.lead.id}:{step.key}"

    def is_late(self):
        """Whether the step should have been done so long ago that somebody decides."""
        grace, due = self.sequence.grace_days, self.enrollment.due
        # hours are for what is said at once, or not at all
        return bool(grace and due) and self.clock.now - due > timedelta(days=grace)

    def apply_signal(self, signal, goal_date=None):
        """Do what a signal asks: the end, or a pause for who turned hot."""
        if signal.code != HOT:
            self.stop(signal.code, goal_date=goal_date or self.enrollment.goal_date)
        elif self.state != PAUSED:
            self.pause(HOT)

    # ------------------------------------------------------------
    # Ledger
    # ------------------------------------------------------------

    def log(self, outcome, reason=None, arm=None, message=None):
        if self.is_logged:
            return
        self.is_logged = True
        self.ledger.append(
            {
                "enrollment_id": self.id,
                "lead_id": self.lead.id,
                "sequence_id": self.sequence.id,
                "version_id": self.step.version_id.id,
                "step_id": self.step.id,
                "step_key": self.step.key,
                "date": self.clock.now,
                "outcome": outcome,
                "reason": reason,
                "arm": arm,
                "message_id": message.id if message else None,
            }
        )

    # ------------------------------------------------------------
    # What becomes of it
    # ------------------------------------------------------------

    def go_on(self, outcome=OUT_DONE, reason=None, arm=None, message=None):
        """Note what was done, and wait for the step that follows."""
        self.log(outcome, reason, arm, message)
        self.come_to(self._get_next(arm), self.clock.now)

    def skip(self, reason, message=None):
        self.go_on(OUT_SKIPPED, reason, message=message)

    def leave(self, start):
        """Wait for the next step: this one was noted before, and is done now.

        :param start: when the wait begins
        """
        self.come_to(self._get_next(None), start)

    def _get_next(self, arm):
        if self.step.id not in self.plan.blocks:
            return None
        if arm:
            return self.plan.enter(self.step.id, arm)
        return self.plan.next(self.step.id)

    def come_to(self, step_id, start):
        if not step_id:
            self.finish(DONE, FINISHED)
            return
        self.step = self.step.browse(step_id)
        self.is_logged = False
        due = self.clock.plan(
            self.lead, self.sequence, self.step, start, self.get_seed(self.step)
        )
        self.set(
            WAITING,
            step_id=step_id,
            due=due,
            held_date=None,
            message_id=None,
            activity_id=None,
            failures=0,
        )

    def wait(self, due):
        """Do the same step later."""
        self.set(WAITING, due=due)

    def hold(self, reason, message):
        """Try the step again on another day; it is skipped when that is no use."""
        held = self.enrollment.held_date or self.clock.now
        if self.clock.now - held >= HOLD_LIMIT:
            self.skip(reason, message)
            return
        due = self.clock.fit(
            self.lead, self.sequence, self.clock.now + HOLD_STEP, self.id
        )
        self.set(WAITING, due=due, held_date=held)

    def queue(self, message):
        """Wait for what becomes of a message."""
        self.log(OUT_DONE, message=message)
        self.set(QUEUED, message_id=message.id, due=None, held_date=None)

    def assign(self, activity, due):
        """Wait for somebody to do a task."""
        self.log(OUT_DONE)
        self.set(TASK, activity_id=activity.id, due=due)

    def finish(self, state, reason, **values):
        self.set(
            state,
            reason=reason,
            due=None,
            until=None,
            end_date=self.clock.now,
            **values,
        )

    def stop(self, reason, **values):
        self.finish(STOPPED, reason, **values)

    def pause(self, reason, until=None):
        self.set(PAUSED, reason=reason, until=until, paused_date=self.clock.now)
