import logging
from collections import Counter
from dataclasses import dataclass, field

from psycopg2 import Error as DatabaseError

from odoo import fields

from ...tools.rotation import Rotation
from .lead_assignment_capacity import PERIODS
from .lead_assignment_presence import HORIZON
from .lead_assignment_rule import (
    CAPTURE,
    CAPTURER,
    FIT,
    HOLD,
    LEADER,
    LEAST_LOADED,
    MEMBERS,
    POOL,
    PREVIOUS,
    ROUND_ROBIN,
    TEAM,
    USER,
    WEIGHTED,
)

_logger = logging.getLogger(__name__)


@dataclass
class Decision:
    """What is to happen with one lead, and why.

    :param outcome: as in ``lead.assignment.log``
    :param basis: by what the salesperson was chosen, as in ``lead.assignment.log``
    :param candidates: list of (user id, share of this lead, what was compared)
    :param excluded: list of (user id, reason, until)
    :param passed: list of (rule id, reason) of the rules tried before
    """

    lead: object
    outcome: str = "no_rule"
    rule: object = None
    user: object = None
    pool: object = None
    basis: str = ""
    candidates: list = field(default_factory=list)
    excluded: list = field(default_factory=list)
    passed: list = field(default_factory=list)
    detail: str = ""


@dataclass
class Desk:
    """The members of one rule who may get leads of one company.

    :param ids: their ids, in a lasting order
    :param turns: dict of user id to his ``lead.assignment.turn``
    :param rotation: the :class:`Rotation`, which all companies of the rule share
    :param absent: dict of user id to why he gets no lead at all at this moment
    """

    ids: list
    turns: dict
    rotation: object
    absent: dict = field(default_factory=dict)
    shares: dict = field(default_factory=dict)


class Plan:
    """Decides on leads one after the other; writes nothing.

    What is dealt in the plan counts for what comes after it: turns, limits, load.

    :param env: environment with all rights
    :param trigger: which rules take part, as in ``lead.assignment.rule``
    :param had: dict of lead id to a set of ids of users who must not get it
    :param replay: whether each lead is decided on as if at the moment it came in, with
        empty ledgers and limits
    """

    def __init__(self, env, trigger=CAPTURE, had=None, replay=False):
        self.env = env
        self.trigger = trigger
        self.had = had or {}
        self.replay = replay
        self.now = fields.Datetime.now()
        self.desks = {}
        self.rotations = {}
        self.dealt = Counter()
        self.returned = self.env["lead.assignment.log"]
        self.presences = {}
        self.capacities = {}
        self.loads = {}
        self.timezones = {}
        self.periods = {}
        self.previous = {}
        self.conditions = {}
        self.crashed = set()

    def decide(self, leads):
        """Return a list with one :class:`Decision` per lead, in their order."""
        Rule = self.env["lead.assignment.rule"]
        matches = Rule._match(leads, self.trigger)
        rules = {
            rule.id: rule
            for rule in Rule.browse(
                sorted({i for ids in matches.values() for i in ids})
            )
        }
        self._prepare(leads, matches, rules)
        return [
            self._decide_one(lead, [rules[i] for i in matches.get(lead.id, ())])
            for lead in leads
        ]

    # ------------------------------------------------------------
    # What is known beforehand, in a constant number of statements
    # ------------------------------------------------------------

    def _prepare(self, leads, matches, rules):
        dates = leads.mapped("create_date") if self.replay else [self.now]
        self.span = min(dates, default=self.now), max(dates, default=self.now)
        rule_list = self.env["lead.assignment.rule"].union(*rules.values())
        if PREVIOUS in rule_list.mapped("target"):
            self.previous = leads._get_previous_owners()
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
        loads = {} if self.replay else Capacity._get_loads(missing, company, self.now)
        for user in missing:
            key = user.id, company.id
            self.timezones[user.id] = Capacity._get_timezone(user, company)
            load = loads.get(user.id) or dict.fromkeys(
                ("count", "score", "revenue", *PERIODS), 0
            )
            self.loads[key] = Counter(load)
            self.periods[key] = self._get_periods(user.id, self.span[0])

    def _get_periods(self, user_id, moment):
        return self.env["lead.assignment.capacity"]._get_periods(
            self.timezones[user_id], moment
        )

    # ------------------------------------------------------------
    # One lead
    # ------------------------------------------------------------

    def _decide_one(self, lead, rules):
        decision = Decision(lead)
        # what is said if no rule settles it: of the first one that might have
        told = {}
        for rule in rules:
            if not rule._is_triggered(lead):
                continue
            if self._try_rule(decision, rule):
                return decision
            reason = decision.outcome
            if reason == "no_candidate" and rule.fallback == HOLD:
                return decision
            told.setdefault(reason, (rule, decision.excluded, decision.detail))
            decision.passed.append((rule.id, reason))
        decision.outcome, decision.rule, decision.excluded = "no_rule", None, []
        for reason in ("no_candidate", "failed"):
            if reason in told:
                decision.outcome = reason
                decision.rule, decision.excluded, decision.detail = told[reason]
                break
        return decision

    def _try_rule(self, decision, rule):
        """Return whether this rule settles the lead; else the decision says why not.

        A rule that crashes stops neither the lead nor the rules after it.
        """
        decision.rule, decision.detail = rule, ""
        decision.candidates, decision.excluded = [], []
        try:
            return self._run_rule(decision, rule)
        except DatabaseError:
            raise  # the transaction is over
        except Exception as error:
            if rule.id not in self.crashed:
                _logger.exception("Assignment rule %s failed", rule.id)
            self.crashed.add(rule.id)
            decision.outcome = "failed"
            decision.detail = str(error) or type(error).__name__
            return False

    def _run_rule(self, decision, rule):
        lead = decision.lead
        if rule.target == POOL:
            if not rule.pool_id.active:
                decision.outcome = "no_candidate"
                return False
            decision.outcome, decision.pool = "pooled", rule.pool_id
            return True
        company = lead.company_id or self.env.company
        desk = self._get_desk(rule, company, lead)
        if desk is None:
            decision.outcome = "nobody"  # no previous owner: not this rule's business
            return False
        moment = lead.create_date if self.replay else self.now
        chosen = self._choose(decision, rule, desk, company, moment)
        if not chosen and rule.fallback == LEADER:
            chosen = self._escalate(decision, rule, company)
        if not chosen:
            decision.outcome = "no_candidate"
            return False
        decision.outcome, decision.user = "assigned", chosen
        self._count(chosen.id, company, lead, moment)
        return True

    def _get_desk(self, rule, company, lead):
        if rule.target in (USER, TEAM, MEMBERS):
            key = rule.id, company.id
            if key not in self.desks:
                self.desks[key] = self._open_desk(rule, rule._get_candidates(company))
            return self.desks[key]
        user = lead.create_uid
        if rule.target == PREVIOUS:
            user = self.env["res.users"].browse(self.previous.get(lead.id, ()))
        elif rule.target == CAPTURER and (user._is_superuser() or not user.active):
            user = user.browse()
        user = user._filter_assignable(company)
        return self._open_desk(rule, user) if user else None

    def _open_desk(self, rule, users):
        if rule.target in (PREVIOUS, CAPTURER):
            rotation = rule.turn_ids.browse()._get_rotation(users, False)
        else:
            rotation = self._get_rotation(rule)
        turns = {turn.user_id.id: turn for turn in rule.turn_ids}
        return Desk(users.ids, turns, rotation)

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

    def _choose(self, decision, rule, desk, company, moment):
        """Return who gets the lead among those who can, if anybody."""
        free = self._get_free(decision, rule, desk, company, moment)
        if not free:
            return None
        strategy = ROUND_ROBIN if rule.target in (PREVIOUS, CAPTURER) else rule.strategy
        if strategy in (ROUND_ROBIN, WEIGHTED):
            shares = self._get_shares(desk, free)
            owed = desk.rotation.owed
            # with the share of this lead: what the choice is made by
            values = {
                user_id: owed.get(user_id, 0) + shares[user_id] for user_id in free
            }
            chosen = desk.rotation.deal(free)
            decision.basis = "turn" if len(free) > 1 else "only"
        else:
            best, values = self._get_best(rule, free, company, decision.lead)
            shares = dict.fromkeys(free, 1 / len(free))
            chosen = desk.rotation.longest_waiting(best)
            decision.basis = strategy if len(best) == 1 else f"{strategy}_turn"
            if len(free) == 1:
                decision.basis = "only"
        if rule.target in (PREVIOUS, CAPTURER):
            decision.basis = rule.target
        decision.candidates = [
            (user_id, round(shares[user_id], 4), round(values.get(user_id, 0), 2))
            for user_id in free
        ]
        self.dealt[rule.id, chosen] += 1
        return self.env["res.users"].browse(chosen)

    def _get_shares(self, desk, free):
        key = tuple(free)
        if key not in desk.shares:
            desk.shares[key] = desk.rotation.shares(free)
        return desk.shares[key]

    def _get_free(self, decision, rule, desk, company, moment):
        """Return the ids of those who can take the lead; note why the others cannot."""
        free = []
        for user_id in desk.ids:
            reason, until = self._get_reason(
                decision.lead, rule, desk, user_id, company, moment
            )
            if reason:
                decision.excluded.append((user_id, reason, until))
            else:
                free.append(user_id)
        return free

    def _get_reason(self, lead, rule, desk, user_id, company, moment):
        """Return why somebody cannot take the lead and until when, or Nones."""
        key = user_id, company.id
        if self.replay or user_id not in desk.absent:
            desk.absent[user_id] = self._get_absence(key, moment, rule.working_hours)
        if desk.absent[user_id][0]:
            return desk.absent[user_id]
        if user_id in self.had.get(lead.id, ()):
            return "had", None
        capacity = self.capacities.get(key)
        if capacity:
            self._enter_period(key, moment)
            excess = capacity._get_excess(self.loads[key])
            if excess:
                return excess, None
            if rule.strategy == FIT and capacity._get_fit(lead)[1]:
                return capacity._get_fit(lead)[1], None
        turn = desk.turns.get(user_id)
        if turn and turn._has_condition():
            if turn.id not in self.conditions.get(lead.id, ()):
                return "condition", None
        return None, None

    def _get_absence(self, key, moment, working_hours):
        return self.env["lead.assignment.capacity"]._get_absence(
            self.capacities.get(key), self.presences[key], moment, working_hours
        )

    def _get_best(self, rule, free, company, lead):
        """Return those who suit best, and what was compared, by user id."""
        if rule.strategy == LEAST_LOADED:
            values = {
                user_id: float(self.loads[user_id, company.id][rule.load_basis])
                for user_id in free
            }
            best = min(values.values())
        else:
            values = {}
            for user_id in free:
                capacity = self.capacities.get((user_id, company.id))
                values[user_id] = capacity._get_fit(lead)[0] if capacity else 0
            best = max(values.values())
        return [user_id for user_id in free if values[user_id] == best], values

    def _escalate(self, decision, rule, company):
        """Return the leader of the team, who gets what nobody is free for."""
        team = rule.team_id or decision.lead.team_id
        leader = team.user_id._filter_assignable(company)
        if not leader or leader.id in self.had.get(decision.lead.id, ()):
            return None
        decision.basis = LEADER
        decision.candidates = [(leader.id, 1, 0)]
        return leader

    # ------------------------------------------------------------
    # What the plan itself deals
    # ------------------------------------------------------------

    def _enter_period(self, key, moment):
        """Start counting anew when a replay enters another day, week or month."""
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
