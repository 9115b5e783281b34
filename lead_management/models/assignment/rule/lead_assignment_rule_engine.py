from collections import namedtuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ..log.lead_assignment_log import RETURNING
from .lead_assignment_rule import (
    CAPTURE,
    CAPTURER,
    LEADER,
    MEMBERS,
    PREVIOUS,
    SCORE,
    STAGE,
    TEAM,
    USER,
)

# What the engines ask before they load anything.
TriggerData = namedtuple("TriggerData", "trigger stage_ids temperature")


class LeadAssignmentRule(models.Model):
    """Which leads a rule is about, and whom it gives them to."""

    _inherit = "lead.assignment.rule"

    @api.model
    def _get_company_domain(self, company_id):
        """Leads of no company are nobody's yet: every company may take them."""
        return Domain("company_id", "in", [company_id, False])

    @api.model
    @ormcache()
    def _get_triggers(self):
        """Return what the active rules wait for, by id, as ``TriggerData``."""
        # sudo: cached for everybody
        rules = self.sudo().search([("active", "=", True)])
        return {
            rule.id: TriggerData(
                rule.trigger,
                frozenset(rule.trigger_stage_ids.ids),
                rule.trigger_temperature,
            )
            for rule in rules
        }

    @api.model
    def _has_trigger(self, trigger):
        """Return whether an active rule waits for ``trigger``."""
        return any(data.trigger == trigger for data in self._get_triggers().values())

    @api.model
    def _get_counted(self, trigger, leads):
        """Return whose leads are counted when rules decide on these leads.

        :return: users, or None for everybody: who knows a customer turns out later
        """
        rules = self.browse(
            rule_id
            for rule_id, data in self._get_triggers().items()
            if data.trigger == trigger
        )
        targets = rules.mapped("target")
        if PREVIOUS in targets:
            return None
        users = rules.user_id | rules.member_ids
        users |= rules.team_id.member_ids | rules.team_id.user_id
        if CAPTURER in targets or LEADER in rules.mapped("fallback"):
            # not through the leads: what is read before they are locked may change
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT ARRAY_AGG(DISTINCT lead.create_uid)
                        || ARRAY_AGG(DISTINCT team.user_id)
                    FROM crm_lead lead LEFT JOIN crm_team team ON team.id = lead.team_id
                    WHERE lead.id = ANY(%s)
                    """,
                    leads.ids,
                )
            )
            users |= users.browse(filter(None, rows[0][0] or ()))
        return users

    @api.model
    def _match(self, leads, trigger=CAPTURE):
        """Return the rules whose condition each lead meets, in one statement.

        :param trigger: only rules that wait for it
        :return: dict of lead id to a list of rule ids, in order
        """
        triggers = self._get_triggers()
        query = self._new_lead_query(leads.ids)
        compiled = [
            (rule, condition)
            for rule, condition in self._compile_rules(query)
            if rule.id in triggers and triggers[rule.id].trigger == trigger
        ]
        return dict(self._select_matches(query, compiled, self._sql_matches))

    @api.model
    def _sql_matches(self, compiled):
        """Return the array of the ids of those whose condition is met."""
        cases = SQL(", ").join(
            SQL("CASE WHEN %s THEN %s END", condition, rule.id)
            for rule, condition in compiled
        )
        return SQL("ARRAY_REMOVE(ARRAY[%s], NULL)", cases)

    def _is_triggered(self, lead):
        """Return whether the lead is where this rule waits for it."""
        if self.trigger == STAGE:
            return lead.stage_id in self.trigger_stage_ids
        if self.trigger == SCORE:
            return lead.score_temperature == self.trigger_temperature
        return True

    def _keeps_team(self, lead):
        """Return whether this rule leaves the lead in the team named for it, if any."""
        team = self.team_id or self.pool_id.team_id
        return not lead.assignment_team_kept or not team or team == lead.team_id

    def _get_members(self):
        """Return who takes turns by this rule, whatever their state."""
        self.ensure_one()
        if self.target == USER:
            return self.user_id
        if self.target == TEAM:
            return self.team_id.member_ids
        if self.target == MEMBERS:
            return self.with_context(active_test=False).member_ids
        return self.env["res.users"]

    def _get_candidates(self, company):
        """Return the users who may get a lead of ``company`` by this rule, in order.

        Archived and portal users are out, and users of another company: giving them a
        lead would move it there.
        """
        return self._get_members()._filter_assignable(company)

    def _get_returned_turns(self):
        """Return the decisions of this rule whose turn is still to be given back."""
        return self.env["lead.assignment.log"].search(
            [("rule_id", "=", self.id), ("turn_state", "=", RETURNING)]
        )
