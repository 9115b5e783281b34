from odoo import fields, models
from odoo.tools import SQL


class LeadAssignmentReport(models.Model):
    """Fairness: one row for each candidate of each decision, and for each claim.

    Whoever could have got a lead is owed a share of it; who got it had it whole.
    """

    _name = "lead.assignment.report"
    _description = "Lead Distribution"
    _auto = False
    _rec_name = "user_id"
    _order = "date desc, id desc"

    date = fields.Datetime(readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    rule_id = fields.Many2one("lead.assignment.rule", readonly=True)
    pool_id = fields.Many2one("lead.pool", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    outcome = fields.Selection(
        [("assigned", "Assigned by Rules"), ("claimed", "Claimed")], readonly=True
    )
    got = fields.Integer(string="Leads", readonly=True)
    share = fields.Float(
        string="Fair Share",
        digits=(16, 2),
        readonly=True,
        help="The leads due to this salesperson by weight, among those who were "
        "available.",
    )
    balance = fields.Float(string="Difference", digits=(16, 2), readonly=True)
    score = fields.Float(string="Average Score", readonly=True, aggregator="avg")
    revenue = fields.Monetary(
        string="Expected Revenue",
        currency_field="currency_id",
        readonly=True,
        help="Amounts are in the currency of the current company, at today's rates.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    waited = fields.Float(
        string="Waiting Time (Minutes)", readonly=True, aggregator="avg"
    )
    pick_rank = fields.Float(
        string="Selection Index",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Average rank of the leads claimed from visible pools, among those that "
        "could be chosen: about 0.5 for claiming without choosing, 1 for always "
        "claiming the best.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT log.id::bigint * 1000 + candidate.number AS id, log.date,
                log.lead_id, log.rule_id, log.pool_id, candidate.user_id, log.team_id,
                lead.company_id, company.currency_id, log.outcome, got.got,
                candidate.share,
                got.got - candidate.share AS balance,
                CASE WHEN got.got = 1 THEN log.score END AS score,
                CASE WHEN got.got = 1 THEN log.revenue END AS revenue,
                CASE WHEN got.got = 1 THEN log.waited END AS waited,
                NULL::float AS pick_rank
            FROM lead_assignment_log log JOIN crm_lead lead ON lead.id = log.lead_id
            JOIN res_company company
                ON company.id = COALESCE(lead.company_id, %(company)s)
            CROSS JOIN LATERAL (
                SELECT (item ->> 0)::int AS user_id, (item ->> 1)::float AS share,
                    number
                FROM jsonb_array_elements(log.candidates -> 'in')
                    WITH ORDINALITY AS list(item, number)
            ) candidate
            CROSS JOIN LATERAL (
                SELECT (candidate.user_id = log.user_id)::int AS got
            ) got
            WHERE log.outcome = 'assigned'
            UNION ALL
            SELECT log.id::bigint * 1000, log.date, log.lead_id, log.rule_id,
                log.pool_id, log.user_id, log.team_id, lead.company_id,
                company.currency_id, log.outcome, 1,
                NULL, NULL, log.score, log.revenue, log.waited, log.pick_rank
            FROM lead_assignment_log log JOIN crm_lead lead ON lead.id = log.lead_id
            JOIN res_company company
                ON company.id = COALESCE(lead.company_id, %(company)s)
            WHERE log.outcome = 'claimed'
            """,
            company=self.env.company.id,
        )
