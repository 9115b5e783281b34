from odoo import api, fields, models
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows
from ...base.work import note, take

OUTCOMES = [
    ("assigned", "Assigned"),
    ("pooled", "In a pool"),
    ("claimed", "Claimed from a pool"),
    ("released", "Released"),
    ("expired", "Claim expired"),
    ("taken_back", "Withdrawn from salesperson"),
    ("no_rule", "No matching rule"),
    ("no_candidate", "No one available"),
    ("failed", "Failed"),
]
RETURNING, RETURNED = "returning", "returned"
LOG = "log"
# The owner lost the lead.
GIVEN_BACK = ("released", "expired", "taken_back")
TRIGGERS = [
    ("capture", "New lead"),
    ("queue", "Waiting leads"),
    ("manual", "Assign now"),
    ("stage", "Stage reached"),
    ("score", "Temperature reached"),
    ("release", "Released"),
    ("sla", "Deadline missed"),
    ("pull", "Next lead"),
    ("take", "Claimed from the list"),
    ("hand", "Manually"),
]
BASES = [
    ("only", "The only one available"),
    ("turn", "Next in turn"),
    ("load", "Least loaded"),
    ("load_turn", "Least loaded, longest without a lead"),
    ("fit", "Best fit"),
    ("fit_turn", "Best fit, longest without a lead"),
    ("previous", "Knows the customer"),
    ("capturer", "Created the lead"),
    ("leader", "Team leader"),
    ("best", "Best lead of the pool"),
]


class LeadAssignmentLog(models.Model):
    """Every decision about the owner of a lead, with its reason. Never changed."""

    _name = "lead.assignment.log"
    _inherit = ["lead.row.mixin"]
    _description = "Assignment Log"
    _order = "date desc, id desc"
    _impersonal = ("candidates",)  # salespeople, by their keys

    date = fields.Datetime(
        readonly=True, required=True, default=fields.Datetime.now, index=True
    )
    trigger = fields.Selection(TRIGGERS, readonly=True, required=True)
    outcome = fields.Selection(OUTCOMES, readonly=True, required=True)
    basis = fields.Selection(BASES, string="Reason", readonly=True)
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
        "res.users", string="Previous Salesperson", readonly=True, ondelete="set null"
    )
    actor_id = fields.Many2one(
        "res.users", string="Decided By", readonly=True, ondelete="set null"
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", readonly=True, ondelete="set null"
    )
    candidate_count = fields.Integer(
        string="Candidates", readonly=True, aggregator="avg"
    )
    # {"in": [[user, share, compared]], "out": [[user, reason, until]],
    #  "passed": [[rule, reason]]}
    candidates = fields.Json(string="Candidate Details", readonly=True)
    score = fields.Integer(
        string="Score at Assignment", readonly=True, aggregator="avg"
    )
    # in the currency of the company of the lead: not to be added up
    revenue = fields.Float(
        string="Revenue at Assignment", readonly=True, aggregator=None
    )
    waited = fields.Float(
        string="Waiting Time (Minutes)",
        readonly=True,
        aggregator="avg",
        help="Counted from the time the lead was received or released.",
    )
    pick_rank = fields.Float(
        string="Selection Index",
        readonly=True,
        aggregator="avg",
        help="Rank of the lead among those that could be chosen in the pool: 1 for "
        "the best, 0 for the worst. Claiming without choosing gives about 0.5.",
    )
    duration = fields.Integer(
        string="Time to Decide (ms)", readonly=True, aggregator="avg"
    )
    detail = fields.Char(readonly=True)
    turn_state = fields.Selection(
        [(RETURNING, "To refund"), (RETURNED, "Refunded")],
        string="Turn",
        readonly=True,
        help="A turn is refunded if the lead does not count.",
    )
    is_merged = fields.Boolean(
        string="From a Merged Lead",
        readonly=True,
        help="This decision concerns a duplicate that was merged into the lead.",
    )

    _user_date_idx = models.Index("(user_id, date) WHERE user_id IS NOT NULL")
    _returning_idx = models.Index("(rule_id) WHERE turn_state = 'returning'")

    @api.model
    def _merge_get_values(self):
        return {"is_merged": True}

    # ------------------------------------------------------------
    # Loads
    # ------------------------------------------------------------

    @api.model
    def _count_loads(self, rows, company, bases=()):
        """Return what users have of the leads of a company, in one statement.

        Leads of no company count too.

        :param rows: list of (user id, start of the day, of the week, of the month)
        :param bases: as of ``lead.assignment.capacity._get_loads``
        :return: as of ``lead.assignment.capacity._get_loads``
        """
        CrmLead = self.env["crm.lead"]
        sums = {"score": SQL("0"), "revenue": SQL("0")}
        if "score" in bases:
            CrmLead._derived_flush()
            # looked up lead by lead: joined, the scores of all leads are read for few
            sums["score"] = SQL(
                "COALESCE(sum((SELECT total FROM lead_score WHERE id = lead.id)), 0)"
            )
        if "revenue" in bases:
            sums["revenue"] = SQL("COALESCE(sum(lead.expected_revenue), 0)")
        CrmLead.flush_model(
            ["user_id", "active", "won_status", "expected_revenue", "company_id"]
        )
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
                    SELECT count(*) AS count, %(score)s AS score,
                        %(revenue)s AS revenue
                    FROM crm_lead lead
                    WHERE lead.user_id = seller.id AND lead.active IS TRUE
                        AND lead.won_status = 'pending'
                        AND (lead.company_id = %(company)s OR lead.company_id IS NULL)
                ) work
                CROSS JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE log.date >= seller.day) AS day,
                        count(*) FILTER (WHERE log.date >= seller.week) AS week,
                        count(*) FILTER (WHERE log.date >= seller.month) AS month
                    FROM lead_assignment_log log
                    JOIN crm_lead lead ON lead.id = log.lead_id
                    WHERE log.user_id = seller.id
                        AND log.date >= LEAST(seller.week, seller.month)
                        AND log.outcome IN ('assigned', 'claimed')
                        AND log.turn_state IS NULL
                        AND (lead.company_id = %(company)s OR lead.company_id IS NULL)
                ) got
                """,
                rows=sql_rows(("int4", "timestamp", "timestamp", "timestamp"), rows),
                company=company.id or None,
                **sums,
            )
        )
        names = ("count", "score", "revenue", "day", "week", "month")
        return {
            user_id: dict(zip(names, numbers, strict=True))
            for user_id, *numbers in counted
        }

    # ------------------------------------------------------------
    # What is known at the commit
    # ------------------------------------------------------------

    def _complete_later(self):
        """Note scores and waiting times before the commit, once for all entries.

        The scores are worked out then anyway; nobody who changes an owner waits for
        them.
        """
        note(self.env, LOG, self.ids)

    @api.model
    def _complete_now(self):
        """Do now what was to be done later."""
        if pending := take(self.env.cr, LOG):
            self._complete(list(pending[None]))

    @api.model
    def _complete(self, log_ids):
        """Note what :meth:`crm.lead._get_waiting_since` means, and the score."""
        self.env["crm.lead"]._derived_flush()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_assignment_log log
                SET score = COALESCE(score.total, 0),
                    waited = CASE
                        WHEN log.user_id IS NULL OR log.user_before_id IS NOT NULL
                        THEN 0
                        ELSE GREATEST(EXTRACT(EPOCH FROM log.date - COALESCE((
                            SELECT max(back.date) FROM lead_assignment_log back
                            WHERE back.lead_id = log.lead_id AND back.id < log.id
                                AND back.is_merged IS NOT TRUE
                                AND back.outcome IN %s
                        ), lead.create_date)) / 60, 0)
                    END
                FROM crm_lead lead LEFT JOIN lead_score score ON score.id = lead.id
                WHERE lead.id = log.lead_id AND log.id = ANY(%s)
                """,
                GIVEN_BACK,
                log_ids,
            )
        )
        self.browse(log_ids).invalidate_recordset(["score", "waited"], flush=False)

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
        ).write({"turn_state": RETURNING})
