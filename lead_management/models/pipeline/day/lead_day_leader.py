from odoo import models
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows

SHOWN = 20


class LeadDay(models.Model):
    """The message to a leader: what has been overdue for long in their teams."""

    _inherit = "lead.day"

    def _run_escalation(self):
        """Tell the leader; return of how many activities."""
        reader = self._as_reader()
        activities = self._get_late_activities(reader.env)
        if not activities:
            return 0
        self.env["lead.day.escalation"].create(
            [
                {
                    "activity_id": activity.id,
                    "user_id": self.user_id.id,
                    "date": self.date,
                }
                for activity in activities
            ]
        )
        self._notify_late(reader.env, activities)
        return len(activities)

    def _get_late_activities(self, env):
        """Return the activities the leader is to be told of, the oldest first.

        Of leads that they may see, and not those they are to do themselves.
        """
        responsible = [row[0] for row in self.env.execute_query(self._sql_late())]
        if not responsible:
            return self.env["mail.activity"]
        users = self.env["res.users"].browse(responsible)
        late = self._get_late_days(users, self.date)
        rows = self.env.execute_query(self._sql_late(late))
        leads = env["crm.lead"].with_context(active_test=False)
        seen = set(leads.search([("id", "in", [row[1] for row in rows])]).ids)
        return self.env["mail.activity"].browse(
            activity_id for activity_id, lead_id in rows if lead_id in seen
        )

    def _sql_late(self, late=None):
        """Return the query of overdue activities (id, lead) in the leader's teams.

        :param late: dict of user id to the day before which something was due that is
            overdue for long; without it, the query is of the users who are responsible
            for anything overdue
        """
        self.env.flush_all()
        columns, join = SQL("DISTINCT responsible.id"), SQL("")
        if late is not None:
            columns = SQL("activity.id, lead.id")
            join = SQL(
                """
                JOIN (%s) late (user_id, day) ON late.user_id = responsible.id
                    AND activity.date_deadline < late.day
                """,
                sql_rows(("int4", "date"), list(late.items())),
            )
        order = SQL("") if late is None else SQL("ORDER BY activity.date_deadline, 1")
        return SQL(
            """
            SELECT %(columns)s
            FROM crm_team team
            JOIN crm_lead lead ON lead.team_id = team.id
            JOIN mail_activity activity ON activity.res_model = 'crm.lead'
                AND activity.res_id = lead.id AND activity.active
                AND activity.date_deadline < %(today)s
            JOIN res_users responsible
                ON responsible.id = COALESCE(activity.user_id, lead.user_id)
            %(join)s
            LEFT JOIN lead_day_escalation told ON told.activity_id = activity.id
            WHERE team.user_id = %(leader)s AND responsible.id != %(leader)s
                AND responsible.active AND told.id IS NULL
            %(order)s
            """,
            columns=columns,
            today=self.date,
            join=join,
            leader=self.user_id.id,
            order=order,
        )

    def _notify_late(self, env, activities):
        """Tell the leader in one message, as they prefer to be told."""
        shown = activities[:SHOWN]
        # sudo: of leads the leader was found to see
        leads = env["crm.lead"].sudo().browse(shown.mapped("res_id"))
        lines = [
            {
                "lead": lead,
                "activity": activity,
                "responsible": (activity.user_id or lead.user_id).name,
                "days": (self.date - activity.date_deadline).days,
            }
            for lead, activity in zip(leads, shown, strict=True)
        ]
        body = env["ir.qweb"]._render(
            "lead_management.day_escalation",
            {
                "lines": lines,
                "more": len(activities) - len(lines),
                "number": self._get_setting("day_escalation_days"),
            },
            minimal_qcontext=True,
        )
        # sudo: told by the system, as the leader's own environment renders it
        self.env["mail.thread"].with_context(lang=self.user_id.lang).message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=env._("Activities overdue for long: %s", len(activities)),
            body=env["mail.render.mixin"]._replace_local_links(body),
            email_layout_xmlid="mail.mail_notification_layout",
        )
