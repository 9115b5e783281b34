"""What would happen to leads in a sequence, told beforehand: nothing is written."""

from collections import Counter
from datetime import timedelta

from odoo.fields import Domain

from ....tools.ab_test import choose_arm
from ..constants import NO, ON_CONDITION, ON_REPLY, YES
from ..sequence.step_kind import KINDS
from .clock import Clock
from .step_message import MessageStep
from .step_other import BranchStep, TaskStep, TestStep

REPLIED, OPTED_OUT, ENDED, GOES_ON, REFUSED = range(5)


class Rehearsal:
    """Weeks of a sequence, by the same plan, calendars and hours as in service.

    Who replies, and after which message, is drawn, the same each time.

    :param sequence: with all rights
    :param days: how far it goes
    :param replies: percent of messages that are answered
    :param optouts: percent of messages after which somebody opts out
    :param clicks: percent of emails in which somebody follows a link
    """

    def __init__(self, sequence, days, replies=0, optouts=0, clicks=0):
        self.sequence = sequence
        self.env = sequence.env
        self.version = sequence._get_shown_version()
        self.plan = self.version._get_plan()
        self.days, self.replies, self.optouts = days, replies, optouts
        self.clicks = clicks
        self.ends = Counter()
        self.sent = 0

    def run(self, leads):
        """Return tuples of a lead, its events (moment, icon, text) and its end."""
        entries = self.sequence._get_entries(leads)
        # sudo: as in service, where calendars of all are read
        inside = leads.sudo().concat(*(one.lead for one in entries if not one.code))
        self.clock = Clock(self.env, inside)
        self.until = self.clock.now + timedelta(days=self.days)
        self.answers = self._read_branches(inside)
        stories = []
        for entry in entries:
            if entry.code:
                self.ends[REFUSED] += 1
                stories.append((entry.lead, [], entry.reason))
            else:
                stories.append((entry.lead, *self._walk(entry.lead, entry.at)))
        return stories

    def _read_branches(self, leads):
        """Return the leads that take the first arm of each branch, as they are now."""
        Lead = self.env["crm.lead"].with_context(active_test=False)
        answers = {}
        for step in self.version.step_ids.filtered(
            lambda one: one.kind == BranchStep.name
        ):
            if step.branch_on == ON_REPLY:
                answers[step.id] = leads._find_replied()
            elif step.branch_on == ON_CONDITION:
                domain = self.sequence._parse_domain(step.domain)
                fit = Lead.search(Domain("id", "in", leads.ids) & domain)
                answers[step.id] = set(fit.ids)
        return answers

    def _walk(self, lead, at):
        events, step_id = [], self.plan.first
        while step_id and at <= self.until:
            step = self.version.step_ids.browse(step_id)
            arm = self._choose(step, lead)
            events.append(
                (at, KINDS.get(step.kind).get_icon(step), self._describe(step, arm))
            )
            if step.kind == MessageStep.name:
                self.sent += 1
                if end := self._answer(lead, step, at, events):
                    return events, end
            if step.kind == TaskStep.name:
                at += timedelta(days=max(step.task_days, 1))
            step_id = self.plan.enter(step_id, arm) if arm else self.plan.next(step_id)
            if step_id:
                self.clock.now = at
                after = self.version.step_ids.browse(step_id)
                seed = f"{lead.id}:{after.key}"
                at = self.clock.plan(lead, self.sequence, after, at, seed)
        if step_id:
            self.ends[GOES_ON] += 1
            return events, self.env._("Still in it")
        self.ends[ENDED] += 1
        return events, self.env._("All steps are done")

    def _choose(self, step, lead):
        if step.kind == BranchStep.name and step.id not in self.answers:
            arm = choose_arm(f"click:{lead.id}:{step.key}", self.clicks)
            return YES if arm == "a" else NO
        if step.kind == BranchStep.name:
            return YES if lead.id in self.answers[step.id] else NO
        if step.kind == TestStep.name:
            return choose_arm(f"{lead.id}:{step.key}", step.share_a)
        return None

    def _describe(self, step, arm):
        title = KINDS.get(step.kind).get_title(step)
        if not arm:
            return title
        labels = dict(step._fields["arm"]._description_selection(self.env))
        return f"{title}: {labels[arm]}"

    def _answer(self, lead, step, at, events):
        """Return how it ends with this message, or None."""
        later = at + timedelta(hours=5)
        if choose_arm(f"reply:{lead.id}:{step.key}", self.replies) == "a":
            self.ends[REPLIED] += 1
            events.append((later, "fa-reply", self.env._("The contact replies")))
            return self.env._("Stopped by a reply")
        if choose_arm(f"optout:{lead.id}:{step.key}", self.optouts) == "a":
            self.ends[OPTED_OUT] += 1
            events.append((later, "fa-ban", self.env._("The contact opts out")))
            return self.env._("Stopped by an opt-out")
        return None

    def get_facts(self):
        """Return pairs of a label and a number."""
        env = self.env
        return [
            (env._("Messages"), self.sent),
            (env._("Stopped by a reply"), self.ends[REPLIED]),
            (env._("Stopped by an opt-out"), self.ends[OPTED_OUT]),
            (env._("All steps are done"), self.ends[ENDED]),
            (env._("Still in it"), self.ends[GOES_ON]),
            (env._("Not enrolled"), self.ends[REFUSED]),
        ]
