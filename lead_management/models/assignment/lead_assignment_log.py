from odoo import api, fields, models
from odoo.tools import SQL

from ..base.sql_rows import sql_rows

OUTCOMES = [
    ("assigned", "Assigned"),
    ("pooled", "In a pool"),
    ("claimed", "Taken from a pool"),
    ("released", "Given back"),
    ("expired", "Claim expired"),
    ("taken_back", "Taken back"),
    ("no_rule", "No rule fits"),
    ("no_candidate", "Nobody free"),
    ("failed", "Failed"),
]
# The owner lost the lead.
GIVEN_BACK = ("released", "expired", "taken_back")
TRIGGERS = [
    ("capture", "New lead"),
    ("queue", "Waiting leads"),
    ("manual", "Route now"),
    ("stage", "Stage reached"),
    ("score", "Temperature reached"),
    ("release", "Given back"),
    ("sla", "Deadline missed"),
    ("pull", "Next lead"),
    ("take", "Taken from the list"),
    ("hand", "By hand"),
]
BASES = [
    ("only", "The only one free"),
    ("turn", "Whose turn it was"),
    ("load", "Least loaded"),
    ("load_turn", "Least loaded, longest waiting"),
    ("fit", "Best fit"),
    ("fit_turn", "Best fit, longest waiting"),
    ("previous", "Knows the customer"),
    ("capturer", "Entered the lead"),
    ("leader", "Team leader"),
    ("best", "Best of the pool"),
]


class LeadAssignmentLog(models.Model):
    """Every decision about the owner of a lead, with its reason. Never changed."""

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
    trigger = fields.Selection(TRIGGERS, readonly=True, required=True)
    outcome = fields.Selection(OUTCOMES, readonly=True, required=True)
    basis = fields.Selection(BASES, string="Chosen Because", readonly=True)
    rule_id = fields.Many2one(
        "lead.assignment.rule",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    rule_version = fields.Integer(readonly=True, aggregator=None)
    pool_id = fields.Many2one("lead.pool", readonly=True, ondelete="set null")
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, ondelete="set null"
    )
    user_before_id = fields.Many2one(
        "res.users", string="Salesperson Before", readonly=True, ondelete="set null"
    )
    actor_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, ondelete="set null"
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", readonly=True, ondelete="set null"
    )
    candidate_count = fields.Integer(
        string="Candidates", readonly=True, aggregator="avg"
    )
    # {"in": [[user, share, compared]], "out": [[user, reason, until]],
    #  "passed": [[rule, reason]]}
    candidates = fields.Json(string="Who Was Considered", readonly=True)
    score = fields.Integer(string="Score Then", readonly=True, aggregator="avg")
    revenue = fields.Float(
        string="Expected Revenue Then", readonly=True, aggregator="sum"
    )
    waited = fields.Float(
        string="Waited (Minutes)",
        readonly=True,
        aggregator="avg",
        help="Since the lead came in, or was given back.",
    )
    pick_rank = fields.Float(
        string="Cherry-Picking Index",
        readonly=True,
        aggregator="avg",
        help="How good the lead was among those of the pool one could choose from: 1 "
        "for the best, 0 for the worst. Who takes what comes next is about 0.5.",
    )
    duration = fields.Integer(
        string="Time to Decide (ms)", readonly=True, aggregator="avg"
    )
    detail = fields.Char(readonly=True)
    turn_state = fields.Selection(
        [("returning", "To be given back"), ("returned", "Given back")],
        string="Turn",
        readonly=True,
        help="A turn is given back when the lead was not worth it.",
    )
    company_id = fields.Many2one(
        related="lead_id.company_id", store=True, precompute=True, index=True
    )
    explanation = fields.Char(compute="_compute_explanation")

    _user_date_idx = models.Index("(user_id, date) WHERE user_id IS NOT NULL")
    _returning_idx = models.Index("(rule_id) WHERE turn_state = 'returning'")

    # ------------------------------------------------------------
    # Loads
    # ------------------------------------------------------------

    @api.model
    def _count_loads(self, rows, company):
        """Return what users have of the leads of a company, in one statement.

        Leads of no company count too.

        :param rows: list of (user id, start of the day, of the week, of the month)
        :return: as ``lead.assignment.capacity._get_loads``
        """
        CrmLead = self.env["crm.lead"]
        CrmLead._derived_flush()
        CrmLead.flush_model(["user_id", "active", "won_status", "expected_revenue"])
        self.flush_model()
        counted = self.env.execute_query(
            SQL(
                """
                WITH seller AS (
                    SELECT * FROM (%(rows)s) AS seller(id, day, week, month)
                )
                SELECT seller.id, work.count, work.score, work.revenue,
                    got.day, got.week, got.month
                FROM seller
                CROSS JOIN LATERAL (
                    SELECT count(*) AS count, COALESCE(sum(score.total), 0) AS score,
                        COALESCE(sum(lead.expected_revenue), 0) AS revenue
                    FROM crm_lead lead
                    LEFT JOIN lead_score score ON score.lead_id = lead.id
                    WHERE lead.user_id = seller.id AND lead.active
                        AND lead.won_status = 'pending'
                        AND (lead.company_id = %(company)s OR lead.company_id IS NULL)
                ) work
                CROSS JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE log.date >= seller.day) AS day,
                        count(*) FILTER (WHERE log.date >= seller.week) AS week,
                        count(*) FILTER (WHERE log.date >= seller.month) AS month
                    FROM lead_assignment_log log
                    WHERE log.user_id = seller.id
                        AND log.date >= LEAST(seller.week, seller.month)
                        AND log.outcome IN ('assigned', 'claimed')
                        AND log.turn_state IS NULL
                        AND (log.company_id = %(company)s OR log.company_id IS NULL)
                ) got
                """,
                rows=sql_rows(("int4", "timestamp", "timestamp", "timestamp"), rows),
                company=company.id or None,
            )
        )
        names = ("count", "score", "revenue", "day", "week", "month")
        return {
            user_id: dict(zip(names, numbers, strict=True))
            for user_id, *numbers in counted
        }

    # ------------------------------------------------------------
    # Explanation
    # ------------------------------------------------------------

    @api.depends("outcome", "rule_id", "user_id", "candidate_count", "detail")
    def _compute_explanation(self):
        for log in self:
            log.explanation = getattr(log, f"_explain_{log.outcome}")()

    def _get_rule_name(self):
        return self.rule_id.name or self.env._("A deleted rule")

    def _explain_assigned(self):
        names = {"rule": self._get_rule_name(), "user": self.user_id.name or "?"}
        if self.trigger == "hand":
            return self.env._(
                "%(actor)s gave it to %(user)s.",
                actor=self.actor_id.name or "?",
                user=names["user"],
            )
        if self.basis == "turn":
            return self.env._(
                "“%(rule)s” gave it to %(user)s, whose turn it was among %(count)s.",
                count=self.candidate_count,
                **names,
            )
        if self.basis in ("load", "load_turn"):
            return self.env._(
                "“%(rule)s” gave it to %(user)s, who had the least to do of %(count)s.",
                count=self.candidate_count,
                **names,
            )
        if self.basis in ("fit", "fit_turn"):
            return self.env._(
                "“%(rule)s” gave it to %(user)s, who suits it best of %(count)s.",
                count=self.candidate_count,
                **names,
            )
        return self._explain_assigned_alone(names)

    def _explain_assigned_alone(self, names):
        if self.basis == "previous":
            return self.env._(
                "“%(rule)s” gave it to %(user)s, who knows this customer.", **names
            )
        if self.basis == "capturer":
            return self.env._(
                "“%(rule)s” gave it to %(user)s, who entered it.", **names
            )
        if self.basis == "leader":
            return self.env._(
                "Nobody was free, so “%(rule)s” gave it to %(user)s, who leads the "
                "team.",
                **names,
            )
        return self.env._("“%(rule)s” gave it to %(user)s.", **names)

    def _explain_pooled(self):
        return self.env._(
            "“%(rule)s” put it into the pool “%(pool)s”, where salespeople pull it.",
            rule=self._get_rule_name(),
            pool=self.pool_id.name or "?",
        )

    def _explain_claimed(self):
        names = {"user": self.user_id.name or "?", "pool": self.pool_id.name or "?"}
        if self.trigger == "pull":
            return self.env._(
                "%(user)s pulled it from “%(pool)s”: the best of %(count)s.",
                count=self.candidate_count,
                **names,
            )
        if not self.pool_id:
            return self.env._("%s took it, as nobody had it.", names["user"])
        return self.env._("%(user)s took it from “%(pool)s”.", **names)

    def _explain_released(self):
        return self.env._(
            "%(user)s gave it back: %(reason)s",
            user=self.user_before_id.name or "?",
            reason=self.detail or "-",
        )

    def _explain_expired(self):
        return self.env._(
            "%(user)s did not touch it in time: it is in the pool “%(pool)s” again.",
            user=self.user_before_id.name or "?",
            pool=self.pool_id.name or "?",
        )

    def _explain_taken_back(self):
        if not self.user_before_id:
            return self.env._("Nobody had it in time: the rules decide again.")
        return self.env._(
            "%(user)s did not touch it in time: the rules decide again.",
            user=self.user_before_id.name,
        )

    def _explain_no_rule(self):
        return self.env._(
            "No assignment rule fits this lead. Add a last rule without condition to "
            "catch what is left."
        )

    def _explain_no_candidate(self):
        if self.candidates and self.candidates.get("out"):
            return self.env._(
                "“%(rule)s” has nobody free: %(reasons)s. It waits until somebody is.",
                rule=self._get_rule_name(),
                reasons="; ".join(
                    f"{person['name']} {person['state']}"
                    for person in self._get_people()[:5]
                ),
            )
        return self.env._(
            "“%s” has nobody who may get this lead: its members are archived or work "
            "in another company.",
            self._get_rule_name(),
        )

    def _explain_failed(self):
        return self.env._("It could not be assigned: %s", self.detail)

    def _get_people(self):
        """Return everybody this decision looked at, who got the lead first.

        :return: list of dicts: ``id``, ``name``, ``state``, ``share``, ``chosen``
        """
        people = self.candidates or {}
        out = people.get("out", [])
        inside = people.get("in", [])
        users = self.env["res.users"].browse([row[0] for row in (*inside, *out)])
        # sudo: names of colleagues, also of those archived or removed since
        names = {user.id: user.name for user in users.sudo().exists()}
        Capacity = self.env["lead.assignment.capacity"]
        rows = [
            {
                "id": user_id,
                "name": names.get(user_id, "?"),
                "state": self._say_compared(value),
                "share": share,
                "chosen": user_id == self.user_id.id,
            }
            for user_id, share, value in inside
        ]
        rows += [
            {
                "id": user_id,
                "name": names.get(user_id, "?"),
                "state": Capacity._say_reason(
                    reason, until and fields.Datetime.to_datetime(until)
                ),
                "share": 0,
                "chosen": False,
            }
            for user_id, reason, until in out
        ]
        return sorted(rows, key=lambda row: (not row["chosen"], not row["share"]))

    def _say_compared(self, value):
        """Return in words what was compared between the candidates."""
        if self.basis in ("load", "load_turn"):
            return self.env._("load %s", f"{value:g}")
        if self.basis in ("fit", "fit_turn"):
            return self.env._("%s matches", f"{value:g}")
        if self.basis == "turn":
            return self.env._("owed %s", f"{value:+.2f}")
        return self.env._("free")

    def _get_story(self):
        """Return this decision for the widget that tells it."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("trigger", "outcome")
        }
        # sudo: rules of other companies may have been asked, too
        rules = self.env["lead.assignment.rule"].sudo()
        passed = (self.candidates or {}).get("passed", [])
        return {
            "id": self.id,
            "date": fields.Datetime.to_string(self.date),
            "trigger": labels["trigger"][self.trigger],
            "outcome": self.outcome,
            "outcome_label": labels["outcome"][self.outcome],
            "text": self.explanation,
            "rule": self.rule_id.name or "",
            "version": self.rule_version,
            "people": self._get_people(),
            "passed": [
                {
                    "rule": rules.browse(rule_id).exists().name or "?",
                    "reason": self._say_passed(reason),
                }
                for rule_id, reason in passed
            ],
        }

    def _say_passed(self, reason):
        if reason == "nobody":
            return self.env._("nobody had a lead of this customer before")
        if reason == "failed":
            return self.env._("it failed")
        return self.env._("nobody free")

    # ------------------------------------------------------------
    # Turns that are given back
    # ------------------------------------------------------------

    def _return_turns(self):
        """Let the rules give back the turns that these decisions cost.

        Only those of the last days that each rule says. The ledger follows with the
        next lead of the rule, which holds its lock.
        """
        now = fields.Datetime.now()
        self.filtered(
            lambda log: (
                log.outcome == "assigned"
                and log.rule_id.credit_days
                and not log.turn_state
                and log.date
                >= fields.Datetime.subtract(now, days=log.rule_id.credit_days)
            )
        ).write({"turn_state": "returning"})
