from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ...base.rule.conditions import LEAD_ID
from ...base.stage_types import (
    CONTACTED,
    CUSTOMER,
    INACTIVE,
    NEGOTIATION,
    NURTURING,
    QUALIFIED,
)

# How far a lead has come, by the types of the stages it was in. Whoever is further has
# reached all that lies before, however many stages were skipped.
LEVELS = {
    CONTACTED: 2,
    NURTURING: 2,
    QUALIFIED: 3,
    NEGOTIATION: 4,
    CUSTOMER: 5,
    INACTIVE: 5,
}
DATES = (
    "contacted_date",
    "qualified_date",
    "negotiation_date",
    "won_date",
    "lost_date",
    "first_touch_date",
    "first_reached_date",
)


def get_types(level):
    """Return the types of stages that are of a level or beyond.

    >>> get_types(4)
    ['negotiation', 'customer', 'inactive']
    """
    return [kind for kind, reached in LEVELS.items() if reached >= level]


class LeadMilestone(models.Model):
    """When a lead reached what for the first time.

    Of the moves of the lead itself, not of those that came with a merged one. Winning
    and losing are those that hold: a lead that was recycled is not lost any more, and a
    win that was taken back was none. A customer who was reactivated did buy, and stays
    won on that day. What is won has reached everything before, though no stage tells.
    """

    _name = "lead.milestone"
    _inherit = ["lead.derived.mixin"]
    _description = "Milestone"
    _log_access = False

    contacted_date = fields.Datetime(string="Contacted On")
    qualified_date = fields.Datetime(string="Qualified On")
    negotiation_date = fields.Datetime(string="In Negotiation On")
    won_date = fields.Datetime(string="Won On")
    lost_date = fields.Datetime(string="Lost On")
    first_touch_date = fields.Datetime(string="First Touch On")
    first_reached_date = fields.Datetime(string="First Reached On")

    _contacted_idx = models.Index("(contacted_date) WHERE contacted_date IS NOT NULL")
    _qualified_idx = models.Index("(qualified_date) WHERE qualified_date IS NOT NULL")
    _negotiation_idx = models.Index(
        "(negotiation_date) WHERE negotiation_date IS NOT NULL"
    )
    _won_idx = models.Index("(won_date) WHERE won_date IS NOT NULL")
    _lost_idx = models.Index("(lost_date) WHERE lost_date IS NOT NULL")
    _first_touch_idx = models.Index(
        "(first_touch_date) WHERE first_touch_date IS NOT NULL"
    )

    @api.model
    def _source_fields(self):
        return {"stage_id", "won_status", "date_closed"}

    @api.model
    @ormcache("kept")
    def _trigger_fields(self, kept=frozenset()):
        """Leave out what stage and probability are worked out from.

        A stage that follows a team is a move, of which ``_milestone_changed`` is told.
        Somebody who sets a probability may win or lose a lead. A prediction does not:
        that of an archived lead is not taken over, and of a won stage it is always the
        same.
        """
        written = frozenset({"probability", "stage_id"})
        return super()._trigger_fields(kept | written) | (written - kept)

    @api.model
    def _find_new(self, leads):
        """Leave out leads that are open: nothing was reached yet."""
        return leads.filtered(
            lambda lead: lead.stage_type in LEVELS or lead.won_status != "pending"
        )

    @api.model
    def _prepare_refresh(self, lead_ids, nowait):
        """Return the one statement that brings the dates up to date.

        A lead that has reached nothing needs no row.
        """
        query = self.env["lead.segment"]._new_lead_query(lead_ids)
        self._prepare_query(query, lead_ids, nowait)
        CrmLead = self.env["crm.lead"]
        leads = query.select(
            SQL("%s AS id", LEAD_ID),
            *(
                SQL("%s AS %s", self._sql_lead(CrmLead, fname), SQL.identifier(fname))
                for fname in ("won_status", "date_closed", "stage_id")
            ),
        )
        scope = SQL("TRUE")
        if lead_ids is not None:
            scope = SQL("lead_id = ANY(%s)", list(lead_ids))
        columns = [SQL.identifier(name) for name in DATES]
        return [
            SQL(
                """
                INSERT INTO lead_milestone (id, lead_id, %(columns)s)
                SELECT found.id, found.id, %(found)s
                FROM (%(dates)s) AS found
                LEFT JOIN lead_milestone before ON before.id = found.id
                WHERE CASE WHEN before.id IS NULL THEN NOT (%(found)s) IS NULL
                      ELSE (%(before)s) IS DISTINCT FROM (%(found)s) END
                ON CONFLICT (id) DO UPDATE SET %(assignments)s
                """,
                columns=SQL(", ").join(columns),
                found=self._sql_of("found"),
                before=self._sql_of("before"),
                dates=self._sql_dates(leads, scope),
                assignments=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", column, column) for column in columns
                ),
            )
        ]

    @api.model
    def _sql_lead(self, CrmLead, fname):
        """Return a column of the lead; what is not written yet is, first."""
        return SQL.identifier("crm_lead", fname, to_flush=CrmLead._fields[fname])

    @api.model
    def _sql_of(self, alias):
        return SQL(", ").join(SQL.identifier(alias, name) for name in DATES)

    @api.model
    def _sql_dates(self, leads, scope):
        """Return the query of the dates.

        :param leads: query of the leads and what they are now
        :param scope: condition on moves and touches that picks those of these leads
        """
        return SQL(
            """
            SELECT worked.id, worked.won_date, worked.lost_date,
                   LEAST(worked.level_2, worked.won_date) AS contacted_date,
                   LEAST(worked.level_3, worked.won_date) AS qualified_date,
                   LEAST(worked.level_4, worked.won_date) AS negotiation_date,
                   touched.first_touch_date, touched.first_reached_date
            FROM (
                SELECT lead.id, moved.level_2, moved.level_3, moved.level_4,
                       CASE
                           WHEN moved.was_customer
                               THEN LEAST(moved.level_5, CASE lead.won_status
                                   WHEN 'won' THEN lead.date_closed END)
                           WHEN lead.won_status = 'won'
                               THEN COALESCE(lead.date_closed, moved.level_5)
                       END AS won_date,
                       CASE lead.won_status
                           WHEN 'lost' THEN COALESCE(lead.date_closed, moved.dropped)
                       END AS lost_date
                FROM (%(leads)s) AS lead
                LEFT JOIN (
                    SELECT lead_id,
                           min(date) FILTER (WHERE stage_type = ANY(%(level_2)s))
                               AS level_2,
                           min(date) FILTER (WHERE stage_type = ANY(%(level_3)s))
                               AS level_3,
                           min(date) FILTER (WHERE stage_type = ANY(%(level_4)s))
                               AS level_4,
                           min(date) FILTER (WHERE stage_type = ANY(%(level_5)s))
                               AS level_5,
                           max(date) FILTER (WHERE direction = 'dropped') AS dropped,
                           COALESCE(bool_or(origin = 'reactivated'
                               OR stage_type = 'inactive'), FALSE) AS was_customer
                    FROM lead_stage_transition
                    WHERE is_merged IS NOT TRUE AND %(scope)s
                    GROUP BY lead_id
                ) AS moved ON moved.lead_id = lead.id
            ) AS worked
            LEFT JOIN (
                SELECT lead_id,
                       min(date) FILTER (WHERE direction = 'out') AS first_touch_date,
                       min(date) FILTER (WHERE is_contact) AS first_reached_date
                FROM lead_touch WHERE %(scope)s GROUP BY lead_id
            ) AS touched ON touched.lead_id = worked.id
            """,
            leads=leads,
            scope=scope,
            level_2=get_types(2),
            level_3=get_types(3),
            level_4=get_types(4),
            level_5=get_types(5),
        )
