import logging
import time

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...base.apart import DATABASE_ERRORS, attempt
from ...base.client_actions import notice
from ..log.lead_assignment_log import RETURNED
from ..rule.lead_assignment_plan import Plan
from ..rule.lead_assignment_rule import CAPTURE, SCORE, STAGE
from ..rule.target import TARGET_KINDS
from .crm_lead import ROUTING_LOCK

_logger = logging.getLogger(__name__)

# How long somebody who saved a lead waits for a routing of others.
PATIENCE = "5s"


class CrmLead(models.Model):
    """Routing: what the rules decide is carried out, logged and told."""

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Routing
    # ------------------------------------------------------------

    def action_route(self):
        """Let the rules decide on the chosen leads now, whoever owns them."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers can let the rules assign leads again.")
            )
        if not self.env["lead.assignment.rule"]._has_trigger(CAPTURE):
            raise UserError(
                self.env._(
                    "There is no assignment rule yet. Create one under Configuration "
                    "> Assignment Rules."
                )
            )
        self.check_access("write")
        self.env.cr.flush()
        outcomes = self._assignment_route_apart(self.ids, "manual")
        self.env.invalidate_all()
        assigned = sum(outcome in ("assigned", "pooled") for outcome in outcomes)
        return notice(
            self.env._(
                "Leads assigned: %(assigned)s of %(total)s.",
                assigned=assigned,
                total=len(self),
            ),
            "success" if assigned == len(self) else "warning",
            next={"type": "ir.actions.client", "tag": "soft_reload"},
        )

    def _assignment_route(self, trigger, is_last=True):
        """Give each lead to whom the rules say, once, and log every decision.

        Leads that another transaction is working on are left to it. New leads which got
        an owner in the meantime keep it.

        :param trigger: as in ``lead.assignment.log``
        :param is_last: whether no other batch of the same routing follows
        :return: the ``lead.assignment.log`` records
        :raise psycopg2.errors.LockNotAvailable: when it would take too long until
            another routing is through, and these leads can wait for the cron
        """
        started = time.monotonic()
        kind = trigger if trigger in (STAGE, SCORE) else CAPTURE
        self._assignment_lock(trigger)
        # sudo: the rules decide on behalf of the company, whatever the user may see;
        # action_route checks the rights of the user first
        Rule = self.env["lead.assignment.rule"].sudo()
        Rule.invalidate_model()
        # before anything is counted, and before any lead is locked, as in a claim
        # sudo: rules are asked about leads the user does not see, too
        self.env["lead.assignment.capacity"]._lock(Rule._get_counted(kind, self.sudo()))
        # sudo: the rules decide, as above
        leads = self.sudo().try_lock_for_update(allow_referencing=True)
        if trigger in (CAPTURE, "queue", "release", "sla"):
            leads = leads._filter_still_pending()
        former_owners = (
            leads._get_released_by() if trigger in ("queue", "release", "sla") else None
        )
        plan = Plan(Rule.env, kind, former_owners)
        decisions = plan.decide(leads._sorted_for_routing())
        if trigger in (STAGE, SCORE):
            decisions = [item for item in decisions if item.outcome != "no_rule"]
        since = leads._get_waiting_since()
        leads._assignment_apply(decisions, plan, is_last)
        duration = 1000 * (time.monotonic() - started) / max(len(decisions), 1)
        logs = leads._assignment_log(decisions, trigger, round(duration), since)
        leads._assignment_schedule_retry(decisions)
        return logs

    @api.model
    def _assignment_lock(self, trigger):
        """Wait until no other routing is at work.

        What stays marked when this breaks off, the cron finds: whoever saved a lead
        does not wait long for a routing of many.

        :raise psycopg2.errors.LockNotAvailable: when that takes too long
        """
        statement = "SELECT pg_advisory_xact_lock(%s)"
        if trigger in (CAPTURE, "release", "sla"):
            statement = (
                f"SET LOCAL lock_timeout = '{PATIENCE}'; {statement}; "
                "SET LOCAL lock_timeout TO DEFAULT"
            )
        self.env.cr.execute(statement, [ROUTING_LOCK], log_exceptions=False)

    def _sorted_for_routing(self):
        """Return the best leads first, and the oldest among equals."""
        return self.sorted(lambda lead: (-lead.score_total, lead.create_date, lead.id))

    def _filter_still_pending(self):
        """Return the leads nobody took in the meantime; forget about the others."""
        self.invalidate_recordset(["user_id", "assignment_pending"], flush=True)
        owned = self.filtered("user_id")
        owned.filtered("assignment_pending").write({"assignment_pending": False})
        return (self - owned).filtered("assignment_pending")

    def _assignment_apply(self, decisions, plan, is_last):
        """Write what was decided: owners, followers, tracking, notices, turns.

        Leads that go to the same place are written together. If that fails, they stay
        without an owner and say why, as the decisions do then; the others are not
        concerned.
        """
        before = {lead.id: (lead.user_id, lead.team_id) for lead in self}
        pooled_before = self.filtered("assignment_pool_id")
        groups = {}
        for decision in decisions:
            values = self._prepare_assignment_values(decision)
            groups.setdefault(decision.lead._get_write_key(values), []).append(decision)
        if self._assignment_write(groups.items()):
            for key, group in groups.items():
                if error := self._assignment_write([(key, group)]):
                    self._assignment_fail(group, plan, error)
        done = [item for item in decisions if item.outcome == "assigned"]
        self._note_owners([item.lead for item in done], before)
        pooled_before.filtered("user_id")._pool_leave()
        pooled = [item for item in decisions if item.outcome == "pooled"]
        self.env["lead.pool.entry"]._enter([(i.lead.id, i.pool.id) for i in pooled])
        for kind in TARGET_KINDS:
            mine = [item for item in decisions if item.outcome == kind.outcome]
            if mine:
                kind.apply(self.env, mine)
        self.env["lead.assignment.turn"]._save(plan.get_ledgers())
        plan.returned.write({"turn_state": RETURNED})
        self._assignment_notify_owners(
            [item for item in done if item.user != before[item.lead.id][0]], is_last
        )

    def _assignment_write(self, groups):
        """Write the values of groups of decisions, all of them or none.

        :param groups: pairs of a key, as of :meth:`_get_write_key`, and the decisions
        :return: what went wrong, or None
        """
        try:
            with attempt(self.env):
                for (*__, items), group in groups:
                    leads = self.browse([item.lead.id for item in group])
                    leads._write_owner(dict(items))
        except DATABASE_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - it is noted with the leads
            return str(error)
        return None

    def _assignment_fail(self, decisions, plan, error):
        """Note that leads could not be given, and that their turns were not had."""
        for decision in decisions:
            _logger.warning("Lead %s not assigned: %s", decision.lead.id, error)
            plan.undo(decision)
            decision.outcome, decision.detail, decision.user = "failed", error, None
        leads = self.browse([item.lead.id for item in decisions])
        leads._as_engine().write({"assignment_pending": False})

    @api.model
    def _prepare_assignment_values(self, decision):
        """Return the values that carry out a decision.

        The team that goes with the owner is not left to Odoo, which would look it up
        for each lead.
        """
        lead = decision.lead
        if decision.outcome not in ("assigned", "pooled"):
            waits = decision.outcome == "no_candidate" and not lead.user_id
            return (
                {}
                if lead.assignment_pending == waits
                else {"assignment_pending": waits}
            )
        rule = decision.rule
        team = rule and rule.team_id or self._get_team_of(decision)
        return {
            "user_id": decision.user.id if decision.user else False,
            "assignment_pending": False,
            "assignment_pool_id": decision.pool.id if decision.pool else False,
            "team_id": team.id,
        }

    @api.model
    def _get_team_of(self, decision):
        """Return the team a lead goes to with its owner, as Odoo would choose it."""
        lead, user = decision.lead, decision.user
        if decision.pool:
            return decision.pool.team_id or lead.team_id
        people = lead.team_id.member_ids | lead.team_id.user_id
        if lead.assignment_team_kept or user in people:
            return lead.team_id
        kind = "use_leads" if lead.type == "lead" else "use_opportunities"
        cache = self.env.cr.cache.setdefault("lead_assignment_teams", {})
        key = user.id, kind, lead.company_id.id
        if key not in cache:
            domain = [(kind, "=", True)]
            if lead.company_id:
                domain.append(("company_id", "in", [False, lead.company_id.id]))
            companies = lead.company_id or user.company_ids
            # whose companies count is not who runs the code
            CrmTeam = self.env["crm.team"].with_context(
                allowed_company_ids=companies.ids
            )
            cache[key] = CrmTeam._get_default_team_id(user.id, domain).id
        return self.env["crm.team"].browse(cache[key])

    def _assignment_schedule_retry(self, decisions):
        """Look again when the first of those who were away is back."""
        moments = [
            until
            for decision in decisions
            if decision.outcome == "no_candidate"
            for __, __, until in decision.excluded
            if until
        ]
        if moments:
            self._assignment_trigger_retry([min(moments)])
