"""What the product itself puts into a context, and what views and callers may.

Whoever calls over RPC writes the context of the call. What changes what a caller may
do, or what follows from it, is therefore a :class:`Sealed` value: neither JSON nor
XML-RPC can carry one, and a key returns nothing else.
"""


class Sealed:
    """A value that only code of this server puts into a context.

    Two of the same value are equal, so that the environments of equal contexts are one.
    """

    __slots__ = ("value",)

    def __init__(self, value):
        object.__setattr__(self, "value", value)

    def __setattr__(self, name, value):
        raise AttributeError(f"{name} of a sealed value")

    def __eq__(self, other):
        return type(other) is Sealed and self.value == other.value

    def __hash__(self):
        return hash((Sealed, self.value))

    def __repr__(self):
        return f"Sealed({self.value!r})"


class Key:
    """A key of the context that no caller can forge.

    :param name: what it is called there, after the prefix of the product
    :param meaning: what it says, for those who read a context
    :param needs_su: whether it counts only where all is allowed anyway, so that it is
        lost when a user is put in the place of the superuser
    """

    PREFIX = "lead_management_"

    def __init__(self, name, meaning, needs_su=False):
        self.name = self.PREFIX + name
        self.meaning = meaning
        self.needs_su = needs_su
        KEYS[self.name] = self

    def set(self, records, value=True, **others):
        """Return the records with a value in their context.

        :param others: keys of Odoo that are set with it
        """
        return records.with_context(**{self.name: Sealed(value)}, **others)

    def get(self, env, default=None):
        """Return the value that code of ours set, or else ``default``."""
        sealed = env.context.get(self.name)
        if type(sealed) is not Sealed or (self.needs_su and not env.su):
            return default
        return sealed.value


KEYS = {}

ENGINE = Key(
    "engine",
    "The assignment engine writes: held to no limits of people, and nothing else "
    "follows. The value is the set of fields that stay although others are written.",
    needs_su=True,
)
BULK_NOTES = Key("bulk_notes", "Messages about new owners are written all at once.")
GATE_OPEN = Key("gate_open", "A manager moves leads on without what is required.")
STAGE_REASON = Key("stage_reason", "Why leads move: the text of the history.")
STAGE_ORIGIN = Key("stage_origin", "How leads move: an origin of the history.")
IMPORT_PART = Key("import_part", "Which part of a file the import screen sends.")
IMPORT = Key("import", "Rows of a file on their way: the ``ImportBatch``.")
AT_COMMIT = Key("at_commit", "Scores are worked out for the last time: keep moments.")
BY_RULES = Key("by_rules", "Scores move because of the rules: nothing follows.")
WITHOUT_RULES = Key("without_rules", "A scoring model is copied without its rules.")
LEAVES_LOST = Key("leaves_lost", "The prediction forgets a loss where it learned it.")
PLANNED = Key("planned", "A touch whose next step a person decided on.")
TIMELINE_IDS = Key("timeline_ids", "Rows of the timeline that are read: no others.")
CAPTURE_MAIL = Key(
    "capture_mail", "The gateway itself posts the mail of a submission on its lead."
)
CAPTURED = Key("captured", "Answers are those of a submission, by whomever it came.")

# What views, and the code of this product in the browser, put into a context. Any
# caller may set these: none changes what the caller may do.
PUBLIC = {
    "in_scoring_model": "A rule is shown within its scoring model.",
    "message_channel": "The channel that the dialog to send a message proposes.",
    "sequence_step_after": "Below which step of a sequence a new one stands.",
    "touch_activity_id": "The activity that the Log dialog completes.",
    "touch_channel": "What the Log dialog logs.",
    "touch_minutes": "How long it took, for the Log dialog.",
    "touch_next": "With whom the day goes on after the Log dialog.",
}
