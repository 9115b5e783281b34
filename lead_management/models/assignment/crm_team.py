import logging

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ...tools.literals import parse_literal
from .rule.lead_assignment_rule import MEMBERS, OVERFLOW, WEIGHTED

_logger = logging.getLogger(__name__)

CORE_PARAMETER = "crm.lead.auto.assignment"
CORE_CRON = "crm.ir_cron_crm_lead_assign"


class CrmTeam(models.Model):
    """Odoo's own assignment: never beside ours, and taken over with one click."""

    _inherit = "crm.team"

    # ------------------------------------------------------------
    # Never both
    # ------------------------------------------------------------

    @api.model
    def _cron_assign_leads(self, force_quota=False, creation_delta_days=7):
        if self.env["lead.assignment.rule"]._has_trigger("capture"):
            _logger.info("Assignment rules are in service: Odoo's assignment is not.")
            return True
        return super()._cron_assign_leads(force_quota, creation_delta_days)

    def action_assign_leads(self):
        if self.env["lead.assignment.rule"]._has_trigger("capture"):
            raise UserError(
                self.env._(
                    "Leads are assigned by the assignment rules. Use “Assign Now” in "
                    "the list of unassigned leads instead."
                )
            )
        return super().action_assign_leads()

    # ------------------------------------------------------------
    # Taking over
    # ------------------------------------------------------------

    @api.model
    def _is_core_assignment_on(self):
        """Return whether Odoo's own rule-based assignment is switched on."""
        # sudo: settings of the database
        cron = self.sudo().env.ref(CORE_CRON, raise_if_not_found=False)
        return bool(
            self.env["crm.lead"]._is_rule_based_assignment_activated()
            or (cron and cron.active)
        )

    @api.model
    def action_take_over_assignment(self):
        """Make rules and capacities of Odoo's assignment, and switch that off.

        :return: an action that opens the rules
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._(
                    "Only sales managers can change the assignment settings of a team."
                )
            )
        teams = self.search([("assignment_optout", "=", False)], order="sequence, id")
        teams._get_taken_over_members()._take_over_capacity()
        for team in teams:
            team._take_over()
        # sudo: settings of the database
        self.env["ir.config_parameter"].sudo().set_param(CORE_PARAMETER, False)
        # sudo: scheduled actions are the administrator's
        cron = self.sudo().env.ref(CORE_CRON, raise_if_not_found=False)
        if cron:
            cron.active = False
        return self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_assignment_rule_action"
        )

    def _get_taken_over_members(self):
        return self.crm_team_member_ids.filtered(lambda m: m.assignment_max > 0)

    def _take_over(self):
        """Make a rule of a team, and one before it of what its members prefer."""
        members = self._get_taken_over_members()
        if not members:
            return
        preferring = members.filtered(
            lambda m: parse_literal(m.assignment_domain_preferred or "[]")
        )
        Rule = self.env["lead.assignment.rule"]
        last = Rule.with_context(active_test=False).search(
            [], order="sequence desc", limit=1
        )
        if preferring:
            Rule.create(
                {
                    **self._prepare_rule(preferring, last.sequence + 1, True),
                    "name": self.env._("%s: member preferences", self.name),
                    "fallback": OVERFLOW,
                }
            )
        Rule.create(self._prepare_rule(members, last.sequence + 2, False))

    def _prepare_rule(self, members, sequence, prefers):
        """Return the values of a rule that does what Odoo did for this team.

        Leads that have the team already, and those of no team that meet its condition.
        """
        mine = Domain("team_id", "=", self.id)
        free = Domain("team_id", "=", False) & Domain(
            parse_literal(self.assignment_domain or "[]")
        )
        return {
            "name": self.name,
            "sequence": sequence,
            "domain": repr(list(mine | free)),
            "team_id": self.id,
            "company_id": self.company_id.id,
            "target": MEMBERS,
            "strategy": WEIGHTED,
            "member_ids": [Command.set(members.user_id.ids)],
            "turn_ids": [
                Command.create(
                    {
                        "user_id": member.user_id.id,
                        "weight": member.assignment_max,
                        "domain": member._get_taken_over_domain(prefers),
                    }
                )
                for member in members
            ],
        }
