from collections import Counter

from odoo import fields

from ....tools.rotation import Rotation
from .lead_assignment_capacity import PERIODS
from .lead_assignment_presence import HORIZON
from .lead_assignment_rule import CAPTURE, LEADER, LEAST_LOADED, PREVIOUS, WEIGHTED


class AssignmentState:
    """What a plan knows of people and turns, and counts while it decides.

    :param env: environment with all rights
    :param trigger: which rules take part, as in ``lead.assignment.rule``
    :param former_owners: dict of lead id to a set of ids of users who must not get it
    :param replay: whether each lead is decided on as if at the moment it came in, with
        empty ledgers and limits
    """

    def __init__(self, env, trigger=CAPTURE, former_owners=None, replay=False):
        self.env = env
        self.trigger = trigger
        self.former_owners = former_owners or {}
        self.replay = replay
        self.now = fields.Datetime.now()
        self.members_by_rule = {}
        self.pools = {}
        self.rotations = {}
        self.dealt = Counter()
        self.returned = self.env["lead.assignment.log"]
        self.presences = {}
        self.capacities = {}
        self.loads = {}
        self.load_bases = set()
        self.timezones = {}
        self.periods = {}
        self.previous = {}
        self.conditions = {}
        self.crashed = set()

    def _prepare(self, leads, matches, rules):
        dates = leads.mapped("create_date") if self.replay else [self.now]
        self.span = min(dates, default=self.now), max(dates, default=self.now)
        rule_list = self.env["lead.assignment.rule"].union(*rules.values())
        if PREVIOUS in rule_list.mapped("target"):
            self.previous = leads._get_previous_owners()
        self.load_bases = set(
            rule_list.filtered(lambda rule: rule.strategy == LEAST_LOADED).mapped(
                "load_basis"
            )
        )
        conditional = rule_list.turn_ids.filtered(lambda turn: turn._has_condition())
        self.conditions = conditional._match(leads)
        users = rule_list.turn_ids.user_id | rule_list.member_ids
        users |= rule_list.team_id.member_ids | rule_list.team_id.user_id
        users |= rule_list.user_id | leads.create_uid | leads.team_id.user_id
        users |= self.env["res.users"].browse(set(self.previous.values()))
        companies = leads.company_id
        if not all(lead.company_id for lead in leads):
            companies |= self.env.company
        for company in companies:
            self._prepare_company(users._filter_assignable(company), company)

    def _prepare_company(self, users, company):
        Capacity = self.env["lead.assignment.capacity"]
        missing = users.filtered(lambda u: (u.id, company.id) not in self.presences)
        if not missing:
            return
        for user_id, presence in Capacity._get_presences(
            missing, company, self.span[0], self.span[1] + HORIZON
        ).items():
            self.presences[user_id, company.id] = presence
        for user_id, capacity in Capacity._get_of(missing, company).items():
            self.capacities[user_id, company.id] = capacity
        loads = self._get_loads(missing, company)
        for user in missing:
            key = user.id, company.id
            self.timezones[user.id] = Capacity._get_timezone(user, company)
            self.loads[key] = Counter(loads.get(user.id))
            self.periods[key] = self._get_periods(user.id, self.span[0])

    def _get_loads(self, users, company):
        """Return what people have, of those of whom a limit or a strategy asks."""
        if self.replay:
            return {}
        if not self.load_bases:
            users = users.filtered(lambda user: self._has_limit(user, company))
        if not users:
            return {}
        return self.env["lead.assignment.capacity"]._get_loads(
            users, company, self.now, self.load_bases
        )

    def _has_limit(self, user, company):
        capacity = self.capacities.get((user.id, company.id))
        return bool(capacity) and capacity._has_limit()

    def _get_periods(self, user_id, moment):
        return self.env["lead.assignment.capacity"]._get_periods(
            self.timezones[user_id], moment
        )

    def _get_rotation(self, rule):
        """Return the ledger of a rule, turns given back since the last time counted."""
        if rule.id not in self.rotations:
            turns = rule.turn_ids
            rotation = turns._get_rotation(
                rule._get_members(), rule.strategy == WEIGHTED
            )
            if self.replay:
                rotation = Rotation({}, rotation.weights)
            else:
                returned = rule._get_returned_turns()
                for log in returned:
                    people = (log.candidates or {}).get("in", ())
                    self._give_back(rotation, log.user_id.id, log.basis, people)
                self.returned |= returned
            self.rotations[rule.id] = rotation
        return self.rotations[rule.id]

    @staticmethod
    def _give_back(rotation, user_id, basis, people):
        """Undo the turn that a decision cost, with the shares it was dealt with.

        :param people: the candidates of the decision
        """
        if basis == LEADER or user_id not in rotation.weights:
            return
        shares = {
            member_id: share
            for member_id, share, __ in people
            if basis == "turn" and member_id in rotation.weights
        }
        rotation.give_back(user_id, shares)

    def undo(self, decision):
        """Note that a lead could not be given: nobody had a turn."""
        if not decision.user or decision.basis == LEADER:
            return
        rotation = self.rotations.get(decision.rule.id)
        if not rotation:
            return
        user_id = decision.user.id
        self._give_back(rotation, user_id, decision.basis, decision.candidates)
        self.dealt[decision.rule.id, user_id] -= 1

    def _enter_period(self, key, moment):
        """Start counting again when a replay enters another day, week or month."""
        if not self.replay:
            return
        periods = self._get_periods(key[0], moment)
        for period in PERIODS:
            if periods[period] != self.periods[key][period]:
                self.loads[key][period] = 0
        self.periods[key] = periods

    def _count(self, user_id, company, lead, moment):
        key = user_id, company.id
        load = self.loads[key]
        load.update(
            {
                "count": 1,
                "score": lead.score_total,
                "revenue": lead.expected_revenue,
                **dict.fromkeys(PERIODS, 1),
            }
        )

    def get_ledgers(self):
        """Return what was dealt, for ``lead.assignment.turn._save``."""
        return [
            (
                rule_id,
                user_id,
                self.dealt[rule_id, user_id],
                rotation.owed.get(user_id, 0),
                rotation.last.get(user_id, 0),
            )
            for rule_id, rotation in self.rotations.items()
            for user_id in sorted(rotation.owed.keys() | rotation.last.keys())
        ]
