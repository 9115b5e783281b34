"""States, reasons and units of sequences and of those who are in one."""

from ...tools.sequence_time import DAYS, HOURS, WEEKS, WORKDAYS

# ------------------------------------------------------------
# Enrollments
# ------------------------------------------------------------

WAITING, QUEUED, TASK = "waiting", "queued", "task"
PAUSED, PARKED = "paused", "parked"
DONE, STOPPED = "done", "stopped"
STATES = [
    (WAITING, "Waiting"),
    (QUEUED, "Message Queued"),
    (TASK, "Task Open"),
    (PAUSED, "Paused"),
    (PARKED, "Needs Attention"),
    (DONE, "Finished"),
    (STOPPED, "Stopped"),
]
LIVE = (WAITING, QUEUED, TASK, PAUSED, PARKED)
# What may follow a state; nothing else ever happens to an enrollment.
TRANSITIONS = {
    WAITING: (QUEUED, TASK, PAUSED, PARKED, DONE, STOPPED),
    QUEUED: (WAITING, PAUSED, PARKED, DONE, STOPPED),
    TASK: (WAITING, PAUSED, PARKED, DONE, STOPPED),
    PAUSED: (WAITING, QUEUED, TASK, STOPPED),
    PARKED: (WAITING, STOPPED),
    DONE: (),
    STOPPED: (),
}

# Why somebody is where they are. What a person did stops; the rest pauses.
REPLY, REACHED, MEETING, STAGE = "reply", "reached", "meeting", "stage"
OPTOUT, FORM, BOUNCE = "optout", "form", "bounce"
HOT, AWAY, OWNERLESS, OFF = "hot", "away", "owner", "off"
MANUALLY, LATE, COPY = "hand", "late", "copy"
FINISHED, GOAL, LEFT = "finished", "goal", "left"
MERGED, ERASED, ARCHIVED, REPLACED = "merged", "erased", "archived", "replaced"
ERROR = "error"
REASONS = [
    (REPLY, "The contact replied"),
    (REACHED, "The contact was reached"),
    (MEETING, "A meeting was booked"),
    (STAGE, "The lead moved on in the pipeline"),
    (OPTOUT, "The contact opted out"),
    (FORM, "The contact sent a new inquiry"),
    (BOUNCE, "No address works"),
    (HOT, "The lead turned hot"),
    (AWAY, "The contact is out of office"),
    (OWNERLESS, "The lead has no salesperson"),
    (OFF, "The sequence is off"),
    (MANUALLY, "By a user"),
    (LATE, "Overdue after an outage"),
    (COPY, "The database is a copy"),
    (FINISHED, "All steps are done"),
    (GOAL, "The goal is reached"),
    (LEFT, "The lead meets the condition to leave"),
    (MERGED, "The lead was merged"),
    (ERASED, "The contact was erased"),
    (ARCHIVED, "The lead was archived"),
    (REPLACED, "A sequence of higher priority took over"),
    (ERROR, "A step failed repeatedly"),
]

# ------------------------------------------------------------
# Ledger
# ------------------------------------------------------------

OUT_DONE, OUT_SKIPPED, OUT_FAILED, OUT_MOVED = "done", "skipped", "failed", "moved"
OUTCOMES = [
    (OUT_DONE, "Done"),
    (OUT_SKIPPED, "Skipped"),
    (OUT_FAILED, "Failed"),
    (OUT_MOVED, "Dropped by a New Version"),
]

# ------------------------------------------------------------
# Sequences
# ------------------------------------------------------------

UNITS = [
    (HOURS, "hours"),
    (DAYS, "days"),
    (WORKDAYS, "working days"),
    (WEEKS, "weeks"),
]
YES, NO, ARM_A, ARM_B = "yes", "no", "a", "b"
ARMS = [(YES, "Yes"), (NO, "No"), (ARM_A, "A"), (ARM_B, "B")]
ON_CONDITION, ON_CLICK, ON_LAST_CLICK = "condition", "click", "last_click"
ON_REPLY = "reply"
BRANCHES = [
    (ON_CONDITION, "A condition on the lead"),
    (ON_CLICK, "A click in any email of the sequence"),
    (ON_LAST_CLICK, "A click in the last email"),
    (ON_REPLY, "An earlier reply of the contact"),
]
DRAFT, ACTIVE, RETIRED = "draft", "active", "retired"
VERSION_STATES = [(DRAFT, "Draft"), (ACTIVE, "Active"), (RETIRED, "Retired")]
LOW, NORMAL, HIGH = "1", "2", "3"
PRIORITIES = [(LOW, "Low"), (NORMAL, "Normal"), (HIGH, "High")]

# The goals that a signal reaches, by what the goal is.
PROGRESS, ANSWER, CUSTOMER, CONDITION = "progress", "answer", "customer", "condition"
GOALS = [
    (PROGRESS, "Qualified or a meeting booked"),
    (ANSWER, "Any answer of the contact"),
    (CUSTOMER, "The lead became a customer"),
    (CONDITION, "A condition is met"),
]
GOAL_SIGNALS = {
    PROGRESS: (MEETING, STAGE),
    ANSWER: (REPLY, REACHED, MEETING, FORM),
}
