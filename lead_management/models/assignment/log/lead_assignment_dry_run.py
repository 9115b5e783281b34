from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ...base.client_actions import notice
from ..rule.lead_assignment_plan import Plan
from ..rule.target import get_outcomes

LIMIT = 1_000


class LeadAssignmentDryRun(models.TransientModel):
    """What the rules would do with leads, shown before anything is written."""

    _name = "lead.assignment.dry.run"
    _description = "Assignment Simulation"

    scope = fields.Selection(
        [
            ("unassigned", "Unassigned leads, today"),
            ("chosen", "Selected leads, today"),
            ("replay", "Leads of a period, replayed in the order they were received"),
        ],
        required=True,
        default="unassigned",
        help="A replay decides on each lead at the time it was received, starting "
        "with empty turns and limits. It uses today's data of the leads.",
    )
    date_from = fields.Date(
        string="From",
        default=lambda self: self._get_today() - relativedelta(months=1, day=1),
    )
    date_to = fields.Date(
        string="To",
        default=lambda self: self._get_today() - relativedelta(day=1, days=1),
    )
    lead_ids = fields.Many2many("crm.lead", string="Leads")
    line_ids = fields.One2many(
        "lead.assignment.dry.run.line",
        "run_id",
        readonly=True,
        string="Simulated Leads",
    )
    share_ids = fields.One2many(
        "lead.assignment.dry.run.share", "run_id", readonly=True, string="Distribution"
    )
    lead_count = fields.Integer(string="Number of Leads", readonly=True)
    is_cut = fields.Boolean(string="Limited List", readonly=True)
    done = fields.Char(
        readonly=True, help="What happened to the leads after this simulation."
    )
    same_count = fields.Integer(
        string="Matches the Actual Salesperson", compute="_compute_same_count"
    )

    @api.depends("scope")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Simulation")

    @api.model
    def _get_today(self):
        return fields.Date.context_today(self)

    @api.model
    def default_get(self, fnames):
        values = super().default_get(fnames)
        if self.env.context.get("active_model") == "crm.lead":
            lead_ids = self.env.context.get("active_ids", [])
            values |= {"scope": "chosen", "lead_ids": [Command.set(lead_ids)]}
        return values

    @api.depends("line_ids")
    def _compute_same_count(self):
        for run in self:
            run.same_count = len(
                run.line_ids.filtered(
                    lambda line: line.user_id and line.user_id == line.user_before_id
                )
            )

    def _get_domain(self):
        """Return the leads this run is about, of the companies of the user only."""
        own = Domain("company_id", "in", [False, *self.env.companies.ids])
        if self.scope == "chosen":
            return own & Domain("id", "in", self.lead_ids.ids)
        if self.scope == "unassigned":
            return (
                own
                & Domain("user_id", "=", False)
                & Domain("won_status", "=", "pending")
            )
        if not self.date_from or not self.date_to or self.date_from > self.date_to:
            raise UserError(
                self.env._("The period ends before it starts. Choose a later end.")
            )
        Capacity = self.env["lead.assignment.capacity"]
        timezone = Capacity._get_timezone(self.env.user, self.env.company)
        end = self.date_to + timedelta(days=1)
        return (
            own
            & Domain("create_date", ">=", Capacity._to_utc(self.date_from, timezone))
            & Domain("create_date", "<", Capacity._to_utc(end, timezone))
        )

    def action_run(self):
        """Let the rules decide, and show what they would do.

        :return: an action that shows it, or a notice that there is nothing to show
        """
        self.ensure_one()
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers can simulate assignment rules.")
            )
        replay = self.scope == "replay"
        # searched as the user: what they may not see is not shown
        leads = (
            self.env["crm.lead"]
            .with_context(active_test=not replay)
            .search(self._get_domain(), order="create_date, id", limit=LIMIT + 1)
        )
        shown = leads[:LIMIT]
        # sudo: the rules decide with all rights
        ordered = shown.sudo()
        if not replay:
            ordered = ordered._sorted_for_routing()
        decisions = Plan(ordered.env, replay=replay).decide(ordered)
        self.write(
            {
                "done": False,
                "lead_count": len(shown),
                "is_cut": len(leads) > LIMIT,
                "line_ids": [
                    Command.clear(),
                    *(Command.create(self._prepare_line(item)) for item in decisions),
                ],
                "share_ids": [
                    Command.clear(),
                    *(Command.create(vals) for vals in self._prepare_shares(decisions)),
                ],
            }
        )
        if not leads:
            return notice(
                self.env._("No lead matches. Choose another period or other leads.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulation"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _prepare_line(self, decision):
        lead = decision.lead
        values = lead._prepare_assignment_log(decision, "manual", 0)
        values["user_id"] = decision.user.id if decision.user else False
        return {
            "lead_id": lead.id,
            "user_before_id": lead.user_id.id,
            "rule_id": values["rule_id"],
            "user_id": values["user_id"],
            "pool_id": values["pool_id"],
            "outcome": decision.outcome,
            "score": lead.score_total,
            "explanation": self.env["lead.assignment.log"].new(values).explanation,
        }

    @api.model
    def _get_revenue(self, lead):
        """Return the expected revenue of a lead in the currency of the company."""
        company = self.env.company
        return lead.company_currency._convert(
            lead.expected_revenue, company.currency_id, company, self._get_today()
        )

    @api.model
    def _prepare_shares(self, decisions):
        """Return what each salesperson and pool would get, most first."""
        shares = {}
        for decision in decisions:
            for user_id, share, __ in decision.candidates:
                shares.setdefault(("user", user_id), [0, 0, 0, 0])[1] += share
            key = "waiting", 0
            if decision.user:
                key = "user", decision.user.id
            elif decision.pool:
                key = "pool", decision.pool.id
            numbers = shares.setdefault(key, [0, 0, 0, 0])
            numbers[0] += 1
            numbers[2] += decision.lead.score_total
            numbers[3] += self._get_revenue(decision.lead)
        return [
            {
                "user_id": id_ if kind == "user" else False,
                "pool_id": id_ if kind == "pool" else False,
                "lead_count": count,
                "expected": expected,
                "score": score / count if count else 0,
                "revenue": revenue,
            }
            for (kind, id_), (count, expected, score, revenue) in sorted(
                shares.items(), key=lambda item: -item[1][0]
            )
        ]

    def action_route(self):
        """Let the rules decide on the leads of this run for good, and say what came."""
        self.ensure_one()
        self.line_ids.lead_id.action_route()
        for line in self.line_ids:
            line.write(self._prepare_done_line(line.lead_id))
        settled = ("assigned", "pooled", *get_outcomes())
        assigned = self.line_ids.filtered(lambda line: line.outcome in settled)
        self.done = self.env._(
            "Leads assigned: %(assigned)s of %(total)s. The others show why they are "
            "waiting.",
            assigned=len(assigned),
            total=len(self.line_ids),
        )

    @api.model
    def _prepare_done_line(self, lead):
        """Return what became of a lead: the rules may have changed since the run."""
        log = lead._get_last_decision()
        return {
            "rule_id": log.rule_id.id,
            "user_id": lead.user_id.id,
            "pool_id": lead.assignment_pool_id.id,
            "outcome": log.outcome,
            "explanation": log.explanation,
        }
