"""A message at the gate, and what the gate says of it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from odoo import models

from ..constants import MARKETING, consent_purpose
from ..person import Person

SEND, LATER, HOLD = "send", "later", "hold"


@dataclass(frozen=True)
class Decision:
    """What the gate says of one message: send it now, later, or not."""

    outcome: str
    at: datetime | None = None
    code: str | None = None
    # a text for people
    reason: str | None = None
    overridable: bool = False
    # advice that keeps nobody from sending
    advice: str | None = None
    # where the lead is, when it is about the hour there
    zone: str | None = None

    def as_json(self):
        """Return what is kept with the message."""
        return {
            "outcome": self.outcome,
            "code": self.code,
            "reason": self.reason,
            "advice": self.advice,
            "zone": self.zone,
        }


@dataclass
class Case:
    """A message at the gate, and all that is known of it."""

    row: dict
    person: Person
    user: models.BaseModel
    company: models.BaseModel
    now: datetime
    silence: str | None = None
    is_blacklisted: bool = False
    consent: str | None = None
    # messages to this person in the last day and week, and whether one is the same
    in_day: int = 0
    in_week: int = 0
    is_repeated: bool = False
    # what comes before it in the same batch
    batch: "Batch" = None

    @property
    def kind(self):
        """What it is in terms of consent."""
        if self.row.get("is_marketing"):
            return MARKETING
        return consent_purpose(self.row.get("purpose"))

    @property
    def at(self):
        """When it would be sent."""
        return max(self.now, self.row.get("send_at") or self.now)

    @property
    def addresses(self):
        """All by which messages to this person are found, where it goes included."""
        return self.person.addresses | {self.row["recipient"]} - {None}

    @property
    def zones(self):
        """The time zones the lead may be in, the likeliest first."""
        return self.person.get_zones() or (self.company._get_message_zone(),)

    @property
    def texts(self):
        """By what it is told that a message says the same as another one."""
        keys = {("text", self.row.get("fingerprint"))}
        if self.row.get("template_id"):
            keys.add(("template", self.row["template_id"]))
        return {(self.row["recipient"], *key) for key in keys}


@dataclass
class Batch:
    """The messages of a batch that are let out, as they are counted."""

    counts: Counter = field(default_factory=Counter)
    texts: set = field(default_factory=set)

    def add(self, case):
        self.counts.update(case.addresses)
        self.texts |= case.texts

    def count(self, case):
        return max((self.counts[address] for address in case.addresses), default=0)
