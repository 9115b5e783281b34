from datetime import datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.periods import MONTH, get_start, shift, to_local, to_utc
from ...base.automated import check_automated
from .lead_insight_rate import LIVE, OLDEST, sql_stays

# A forecast is for so many days from the first of a month on.
DAYS = 30
# So many months are told afterwards, from the history of stages.
MONTHS = 6
# Until this day of the month the probabilities are those of its beginning.
FRESH = 3


class LeadInsightForecast(models.Model):
    """What both forecasts said at the beginning of a month, so that they can be judged.

    From own history it can be said afterwards, too: it depends on nothing but moves
    before that day. Amount × probability cannot: nobody kept the probabilities.
    """

    _name = "lead.insight.forecast"
    _description = "Forecast"
    _order = "month desc, id"
    _log_access = False

    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    team_id = fields.Many2one("crm.team", readonly=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, ondelete="cascade"
    )
    month = fields.Date(required=True, readonly=True, index=True)
    expected = fields.Float(
        string="Expected Wins",
        readonly=True,
        help="From own history: wins within 30 days.",
    )
    weighted = fields.Float(
        string="Wins by Probability",
        readonly=True,
        help="Sum of the probabilities of leads to be closed within 30 days.",
    )
    is_weighted = fields.Boolean(
        string="Probabilities Known",
        readonly=True,
        help="The probabilities at the beginning of the month were kept.",
    )

    @api.model
    def action_cron_learn(self):
        """Learn what comes of open leads, and keep what is forecast of this month."""
        check_automated(self.env)
        self.env["lead.insight.rate"]._learn_all()
        self._save_forecasts()

    @api.model
    def _save_forecasts(self):
        """Keep the forecasts of this month and of those before that nobody kept."""
        self.env.flush_all()
        now = fields.Datetime.now()
        zone = ZoneInfo(self.env.company._get_message_zone())
        today = to_local(now, zone).date()
        month = get_start(MONTH, today)
        known = {month for (month,) in self._read_group([], ["month:day"])}
        for back in range(MONTHS + 1):
            first = shift(MONTH, month, -back)
            if first in known:
                continue
            at = to_utc(datetime.combine(first, time()), zone)
            is_fresh = not back and today.day <= FRESH
            self.create(self._forecast(first, at, is_fresh))

    @api.model
    def _forecast(self, month, at, is_fresh):
        """Return the values of what could be said at a moment of the days after it."""
        rates = self.env["lead.insight.rate"]._learn(at, DAYS)
        if not rates:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.company_id, lead.team_id, lead.user_id, stay.stage_type,
                       LEAST(floor(EXTRACT(EPOCH FROM %(at)s - stay.since) / 604800),
                             %(oldest)s)::int,
                       count(*),
                       sum(lead.probability) FILTER (WHERE
                           lead.date_deadline >= %(at)s::date
                           AND lead.date_deadline < %(at)s::date + %(days)s)
                FROM (%(stays)s) AS stay
                JOIN crm_lead lead ON lead.id = stay.lead_id
                LEFT JOIN lead_milestone reached ON reached.id = stay.lead_id
                WHERE stay.until = 'infinity' AND stay.stage_type = ANY(%(live)s)
                  AND (reached.won_date IS NULL OR reached.won_date >= %(at)s)
                  AND (reached.lost_date IS NULL OR reached.lost_date >= %(at)s)
                GROUP BY 1, 2, 3, 4, 5
                """,
                stays=sql_stays(at),
                at=at,
                days=DAYS,
                oldest=OLDEST,
                live=list(LIVE),
            )
        )
        sums = {}
        for company_id, team_id, user_id, stage_type, weeks, number, weighted in rows:
            rate = rates.get((company_id, stage_type, weeks)) or rates.get(
                (None, stage_type, weeks), (0, 0, 0)
            )
            total = sums.setdefault((company_id, team_id, user_id), [0, 0])
            total[0] += number * rate[2]
            total[1] += (weighted or 0) / 100
        return [
            {
                "company_id": company_id,
                "team_id": team_id,
                "user_id": user_id,
                "month": month,
                "expected": expected,
                "weighted": weighted if is_fresh else 0,
                "is_weighted": is_fresh,
            }
            for (company_id, team_id, user_id), (expected, weighted) in sums.items()
        ]
