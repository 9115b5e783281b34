from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.cohorts import pull
from ...base.stage_types import (
    CONTACTED,
    NEGOTIATION,
    NURTURING,
    OPEN,
    QUALIFIED,
    STAGE_TYPES,
)

HORIZONS = (30, 60, 90)
LIVE = (OPEN, CONTACTED, NURTURING, QUALIFIED, NEGOTIATION)
# On so many days, a week apart, it is looked what was open then and what came of it.
VINTAGES = 13
# Weeks in a stage from which on all are alike.
OLDEST = 8
# Fewer leads looked at are no history.
ENOUGH = 200


class LeadInsightRate(models.Model):
    """How many of the leads in a stage are won within some days, by how long they are
    there: learned from what became of leads that were open before.

    Of each company, and of all together for leads without one and for stages a company
    has no history of.
    """

    _name = "lead.insight.rate"
    _description = "Forecast Rate"
    _log_access = False

    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    stage_type = fields.Selection(STAGE_TYPES, required=True, readonly=True)
    weeks = fields.Integer(string="Weeks in Stage", required=True, readonly=True)
    horizon = fields.Integer(string="Within Days", required=True, readonly=True)
    number = fields.Integer(string="Leads", required=True, readonly=True)
    won = fields.Integer(required=True, readonly=True)
    share = fields.Float(string="Share Won", required=True, readonly=True)

    _place_idx = models.Index("(horizon, stage_type, weeks, company_id)")

    @api.model
    def _learn_all(self):
        """Learn again what comes of open leads, from today's history."""
        self.env.flush_all()
        now = fields.Datetime.now()
        values, least = [], {}
        for horizon in HORIZONS:
            for place, (number, won, share) in self._learn(now, horizon).items():
                # the longer horizon is learned from older days: never less for it
                share = least[place] = max(share, least.get(place, 0))
                company_id, stage_type, weeks = place
                values.append(
                    {
                        "company_id": company_id,
                        "stage_type": stage_type,
                        "weeks": weeks,
                        "horizon": horizon,
                        "number": number,
                        "won": won,
                        "share": share,
                    }
                )
        self.search([("horizon", "in", HORIZONS)]).unlink()
        self.create(values)

    @api.model
    def _learn(self, at, horizon):
        """Return what is known at a moment of how many are won within some days.

        Few leads are pulled towards what is known of their stage.

        :return: dict of (company id or None, type of stage, weeks) to (leads, won,
            share); nothing where there is too little to learn from
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.company_id, GROUPING(lead.company_id) = 1, stay.stage_type,
                       LEAST(floor(EXTRACT(EPOCH FROM day - stay.since) / 604800),
                             %(oldest)s)::int,
                       count(*),
                       count(*) FILTER (WHERE reached.won_date >= day AND
                           reached.won_date < day + %(horizon)s * interval '1 day')
                FROM (%(stays)s) AS stay
                LEFT JOIN lead_milestone reached ON reached.id = stay.lead_id
                JOIN crm_lead lead ON lead.id = stay.lead_id
                JOIN generate_series(
                    %(at)s::timestamp - (%(horizon)s + 7 * %(vintages)s - 7)
                        * interval '1 day',
                    %(at)s::timestamp - %(horizon)s * interval '1 day',
                    interval '7 days') AS day ON day >= stay.since AND day < stay.until
                WHERE stay.stage_type = ANY(%(live)s)
                  AND (reached.won_date IS NULL OR reached.won_date >= day)
                  AND (reached.lost_date IS NULL OR reached.lost_date >= day)
                GROUP BY GROUPING SETS ((lead.company_id, 3, 4), (3, 4))
                """,
                stays=sql_stays(at),
                at=at,
                horizon=horizon,
                vintages=VINTAGES,
                oldest=OLDEST,
                live=list(LIVE),
            )
        )
        return self._pull(
            [
                (None if is_every else company_id, stage_type, weeks, number, won)
                for company_id, is_every, stage_type, weeks, number, won in rows
                if is_every or company_id
            ]
        )

    @api.model
    def _pull(self, rows):
        total, stages = 0, {}
        for company_id, stage_type, __, number, won in rows:
            known = stages.setdefault((company_id, stage_type), [0, 0])
            known[0] += number
            known[1] += won
            total += number if company_id is None else 0
        if total < ENOUGH:
            return {}
        seen = {
            (company_id, stage_type, weeks): (number, won)
            for company_id, stage_type, weeks, number, won in rows
        }
        rates = {}
        for (company_id, stage_type), (known, known_won) in stages.items():
            every, every_won = stages[None, stage_type]
            mean = pull(known_won, known, every_won / every)
            for weeks in range(OLDEST + 1):
                # what was never seen so long is as likely as all in the stage
                place = company_id, stage_type, weeks
                number, won = seen.get(place, (0, 0))
                rates[place] = (number, won, pull(won, number, mean))
        return rates


def sql_stays(at):
    """Return the query of how long leads were in each stage, as known at a moment."""
    return SQL(
        """
        SELECT lead_id, stage_type, date AS since,
               COALESCE(lead(date) OVER (PARTITION BY lead_id ORDER BY date, id),
                        'infinity'::timestamp) AS until
        FROM lead_stage_transition WHERE is_merged IS NOT TRUE AND date < %s
        """,
        at,
    )
