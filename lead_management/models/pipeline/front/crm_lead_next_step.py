from odoo import api, fields, models
from odoo.tools import SQL

from ..touch.crm_lead_touch import LastTouch

# What is read of activities and of what they show.
SOURCES = {
    "mail.activity": [
        "res_model",
        "res_id",
        "active",
        "activity_type_id",
        "date_deadline",
        "summary",
        "user_id",
        "calendar_event_id",
    ],
    "mail.activity.type": ["name", "icon", "category"],
    "calendar.event": ["start", "allday"],
    "res.users": ["partner_id"],
    "res.partner": ["name"],
}
# The first columns of the statement; those of the last touch follow.
STEP_COLUMNS = 11


class CrmLead(models.Model):
    """The next step of a lead: what is to be done about it first."""

    _inherit = "crm.lead"

    step_next = fields.Json(
        string="Next Step",
        compute="_compute_touches",
        help="The planned activity that is due first.",
    )

    @api.depends(
        "touch_ids.date",
        "touch_ids.direction",
        "touch_ids.is_attempt",
        "touch_ids.is_contact",
        "touch_ids.outcome_id",
        "activity_ids.activity_type_id",
        "activity_ids.date_deadline",
        "activity_ids.summary",
        "activity_ids.user_id",
    )
    @api.depends_context("lang", "tz", "uid")
    def _compute_touches(self):
        """What was last and what comes next stand side by side: one statement."""
        steps, touches = self._step_read()
        self._touch_set_last(touches)
        for lead in self:
            lead.step_next = steps.get(lead._origin.id, False)

    def _step_read(self):
        """Return the next step and the last touch of leads, by their ids.

        What is to be done about a lead one sees is no secret: read past the rules.

        :return: dict of lead id to a dict with ``id``, ``icon``, ``type``,
          ``category``, ``summary``, ``deadline``, ``time`` (where it has one), ``days``
          (from today; negative: overdue), ``user_id`` and ``user``, ``count`` (how many
          steps are planned); dict of lead id to a ``LastTouch``
        """
        lead_ids = list(filter(None, self._origin.ids))
        if not lead_ids:
            return {}, {}
        for model, names in SOURCES.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT step.*, touch.*
                FROM unnest(%s) AS lead(id)
                LEFT JOIN (%s) step ON step.res_id = lead.id
                LEFT JOIN (%s) touch ON touch.lead_id = lead.id
                """,
                lead_ids,
                self._step_sql(lead_ids),
                self._touch_sql_last(lead_ids),
            )
        )
        today = fields.Date.context_today(self)
        steps, touches = {}, {}
        for row in rows:
            step, touch = row[:STEP_COLUMNS], row[STEP_COLUMNS:]
            if step[0]:
                steps[step[0]] = self._prepare_step(today, *step[1:])
            if touch[0]:
                touches[touch[0]] = LastTouch(*touch[1:])
        return steps, touches

    @api.model
    def _prepare_step(
        self,
        today,
        activity_id,
        icon,
        kind,
        category,
        summary,
        deadline,
        start,
        user_id,
        user,
        count,
    ):
        return {
            "id": activity_id,
            "icon": icon or "fa-tasks",
            "type": kind or "",
            "category": category or "",
            "summary": summary or "",
            "deadline": fields.Date.to_string(deadline),
            # a meeting has a time, all other steps a day
            "time": fields.Datetime.to_string(start) or False,
            "days": (deadline - today).days,
            "user_id": user_id or False,
            "user": user or "",
            "count": count,
        }

    @api.model
    def _step_sql(self, lead_ids):
        return SQL(
            """
            SELECT DISTINCT ON (activity.res_id)
                   activity.res_id, activity.id, kind.icon,
                   COALESCE(kind.name->>%(lang)s, kind.name->>'en_US') AS kind,
                   kind.category,
                   activity.summary, activity.date_deadline,
                   CASE WHEN event.allday IS NOT TRUE THEN event.start END AS time,
                   activity.user_id, partner.name,
                   count(*) OVER (PARTITION BY activity.res_id) AS steps
            FROM mail_activity activity
            LEFT JOIN mail_activity_type kind ON kind.id = activity.activity_type_id
            LEFT JOIN calendar_event event ON event.id = activity.calendar_event_id
            LEFT JOIN res_users doer ON doer.id = activity.user_id
            LEFT JOIN res_partner partner ON partner.id = doer.partner_id
            WHERE activity.res_model = 'crm.lead' AND activity.active
              AND activity.res_id = ANY(%(leads)s)
            ORDER BY activity.res_id, activity.date_deadline, event.start, activity.id
            """,
            lang=self.env.lang or "en_US",
            leads=lead_ids,
        )
