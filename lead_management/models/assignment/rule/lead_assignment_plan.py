import logging

from psycopg2 import Error as DatabaseError

from .lead_assignment_decision import OUTSIDE, Decision, RuleMembers
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
from .lead_assignment_state import AssignmentState
from .target import TARGET_KINDS

_logger = logging.getLogger(__name__)


class Plan(AssignmentState):
    """Decides on leads one after the other; writes nothing.

    What is dealt in the plan counts for what comes after it: turns, limits, load.
    """

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
        self.leads = leads
        return [
            self._decide_one(lead, [rules[i] for i in matches.get(lead.id, ())])
            for lead in leads
        ]

    # ------------------------------------------------------------
    # One lead
    # ------------------------------------------------------------

    def _decide_one(self, lead, rules):
        decision = Decision(lead)
        # what is said if no rule settles it: of the first one that might have
        reasons = {}
        for rule in rules:
            if not rule._is_triggered(lead):
                continue
            if not rule._keeps_team(lead):
                decision.skipped_rules.append((rule.id, "team"))
                continue
            if self._try_rule(decision, rule):
                return decision
            reason = decision.outcome
            if reason == "no_candidate" and rule.fallback == HOLD:
                return decision
            reasons.setdefault(reason, (rule, decision.excluded, decision.detail))
            decision.skipped_rules.append((rule.id, reason))
        decision.outcome, decision.rule, decision.excluded = "no_rule", None, []
        if self._leave_to_leader(decision, reasons):
            return decision
        for reason in ("no_candidate", "failed", OUTSIDE):
            if reason in reasons:
                decision.outcome = "no_candidate" if reason == OUTSIDE else reason
                decision.rule, decision.excluded, decision.detail = reasons[reason]
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
            return self._enter_pool(decision, rule.pool_id)
        if kind := TARGET_KINDS.get(rule.target):
            return kind.decide(self, decision, rule)
        company = lead.company_id or self.env.company
        members = self._find_members(rule, company, lead)
        if members is None:
            decision.outcome = "nobody"  # no previous owner: not this rule's business
            return False
        moment = lead.create_date if self.replay else self.now
        chosen = self._choose(decision, rule, members, company, moment)
        if not chosen and rule.fallback == LEADER:
            chosen = self._escalate(decision, rule, company)
        if not chosen:
            # who can never have the lead is not waited for
            decision.outcome = "no_candidate" if members.ids else OUTSIDE
            return False
        decision.outcome, decision.user = "assigned", chosen
        self._count(chosen.id, company, lead, moment)
        return True

    def _enter_pool(self, decision, pool):
        """Return whether the lead goes to a pool: somebody has to pull it there."""
        company = decision.lead.company_id
        key = pool.id, company.id
        if key not in self.pools:
            self.pools[key] = pool._can_serve(company)
        if not self.pools[key]:
            decision.outcome = OUTSIDE
            return False
        decision.outcome, decision.pool = "pooled", pool
        return True

    def _find_members(self, rule, company, lead):
        if rule.target in (USER, TEAM, MEMBERS):
            key = rule.id, company.id
            if key not in self.members_by_rule:
                self.members_by_rule[key] = self._get_rule_members(
                    rule, rule._get_candidates(company)
                )
            return self.members_by_rule[key]
        user = lead.create_uid
        if rule.target == PREVIOUS:
            user = self.env["res.users"].browse(self.previous.get(lead.id, ()))
        elif rule.target == CAPTURER and (user._is_superuser() or not user.active):
            user = user.browse()
        user = user._filter_assignable(company)
        return self._get_rule_members(rule, user) if user else None

    def _get_rule_members(self, rule, users):
        if rule.target in (PREVIOUS, CAPTURER):
            rotation = rule.turn_ids.browse()._get_rotation(users, False)
        else:
            rotation = self._get_rotation(rule)
        turns = {turn.user_id.id: turn for turn in rule.turn_ids}
        return RuleMembers(users.ids, turns, rotation)

    def _choose(self, decision, rule, members, company, moment):
        """Return who gets the lead among those who can, if anybody."""
        free = self._get_free(decision, rule, members, company, moment)
        if not free:
            return None
        strategy = ROUND_ROBIN if rule.target in (PREVIOUS, CAPTURER) else rule.strategy
        if strategy in (ROUND_ROBIN, WEIGHTED):
            shares = self._get_shares(members, free)
            owed = members.rotation.owed
            # with the share of this lead: what the choice is made by
            values = {
                user_id: owed.get(user_id, 0) + shares[user_id] for user_id in free
            }
            chosen = members.rotation.deal(free)
            decision.basis = "turn" if len(free) > 1 else "only"
        else:
            best, values = self._get_best(rule, free, company, decision.lead)
            shares = dict.fromkeys(free, 1 / len(free))
            chosen = members.rotation.longest_waiting(best)
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

    def _get_shares(self, members, free):
        key = tuple(free)
        if key not in members.shares:
            members.shares[key] = members.rotation.shares(free)
        return members.shares[key]

    def _get_free(self, decision, rule, members, company, moment):
        """Return the ids of those who can take the lead; note why the others cannot."""
        free = []
        for user_id in members.ids:
            reason, until = self._get_reason(
                decision.lead, rule, members, user_id, company, moment
            )
            if reason:
                decision.excluded.append((user_id, reason, until))
            else:
                free.append(user_id)
        return free

    def _get_reason(self, lead, rule, members, user_id, company, moment):
        """Return why somebody cannot take the lead and until when, or Nones."""
        key = user_id, company.id
        if self.replay or user_id not in members.absent:
            members.absent[user_id] = self._get_absence(key, moment, rule.working_hours)
        if members.absent[user_id][0]:
            return members.absent[user_id]
        if user_id in self.former_owners.get(lead.id, ()):
            return "had", None
        capacity = self.capacities.get(key)
        if capacity:
            self._enter_period(key, moment)
            excess = capacity._get_excess(self.loads[key])
            if excess:
                return excess, None
            if rule.strategy == FIT and capacity._get_fit(lead)[1]:
                return capacity._get_fit(lead)[1], None
        turn = members.turns.get(user_id)
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

    def _leave_to_leader(self, decision, reasons):
        """Return whether the leader gets a lead that no rule gives to its own team.

        :param reasons: what is said of the rules that might have
        """
        lead = decision.lead
        if reasons or not lead.assignment_team_kept or self.trigger != CAPTURE:
            return False
        company = lead.company_id or self.env.company
        leader = self._escalate(decision, None, company)
        if leader:
            decision.outcome, decision.user = "assigned", leader
            moment = lead.create_date if self.replay else self.now
            self._count(leader.id, company, lead, moment)
        return bool(leader)

    def _escalate(self, decision, rule, company):
        """Return the leader of the team, who gets what nobody is free for."""
        team = rule and rule.team_id or decision.lead.team_id
        leader = team.user_id._filter_assignable(company)
        if not leader or leader.id in self.former_owners.get(decision.lead.id, ()):
            return None
        decision.basis = LEADER
        decision.candidates = [(leader.id, 1, 0)]
        return leader

    # ------------------------------------------------------------
    # What the plan itself deals
    # ------------------------------------------------------------
