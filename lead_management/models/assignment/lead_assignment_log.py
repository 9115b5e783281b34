from odoo import api, fields, models

OUTCOMES = [
    ("assigned", "Assigned"),
    ("no_rule", "No rule fits"),
    ("no_candidate", "Nobody available"),
    ("failed", "Failed"),
]


class LeadAssignmentLog(models.Model):
    """Every decision of the assignment engine, with its reason. Never changed."""

    _name = "lead.assignment.log"
    _description = "Assignment Decision"
    _order = "id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, ondelete="cascade", index=True
    )
    date = fields.Datetime(
        readonly=True, required=True, default=fields.Datetime.now, index=True
    )
    trigger = fields.Selection(
        [("capture", "New lead"), ("manual", "Route now")],
        readonly=True,
        required=True,
    )
    outcome = fields.Selection(OUTCOMES, readonly=True, required=True)
    rule_id = fields.Many2one(
        "lead.assignment.rule",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, ondelete="set null"
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", readonly=True, ondelete="set null"
    )
    candidate_count = fields.Integer(string="Candidates", readonly=True, aggregator="")
    detail = fields.Char(readonly=True)
    company_id = fields.Many2one(
        related="lead_id.company_id", store=True, precompute=True, index=True
    )
    explanation = fields.Char(compute="_compute_explanation")

    @api.depends("outcome", "rule_id", "user_id", "candidate_count", "detail")
    def _compute_explanation(self):
        for log in self:
            log.explanation = getattr(log, f"_explain_{log.outcome}")()

    def _explain_assigned(self):
        if self.candidate_count > 1:
            return self.env._(
                "“%(rule)s” gave it to %(user)s, whose turn it was among %(count)s.",
                rule=self.rule_id.name or self.env._("A deleted rule"),
                user=self.user_id.name,
                count=self.candidate_count,
            )
        return self.env._(
            "“%(rule)s” gave it to %(user)s.",
            rule=self.rule_id.name or self.env._("A deleted rule"),
            user=self.user_id.name,
        )

    def _explain_no_rule(self):
        return self.env._(
            "No assignment rule fits this lead. Add a last rule without condition to "
            "catch what is left."
        )

    def _explain_no_candidate(self):
        return self.env._(
            "“%s” has nobody who may get this lead: its members are archived or work "
            "in another company.",
            self.rule_id.name,
        )

    def _explain_failed(self):
        return self.env._("It could not be assigned: %s", self.detail)
