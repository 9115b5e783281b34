import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...base.apart import attempt
from ...base.automated import check_automated

_logger = logging.getLogger(__name__)

REMINDER, ESCALATION = "reminder", "escalation"
# How far back working days are looked at beyond those that count, for long leaves.
BACK = timedelta(days=30)
KEPT_FOR = timedelta(days=90)


class LeadDay(models.Model):
    """That somebody was told of their day: once a day, whatever happens.

    The row is written in the transaction that writes the message.
    """

    _name = "lead.day"
    _description = "Message about a Day"
    _order = "date desc, id desc"
    _rec_name = "user_id"
    _log_access = False

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True, help="The day where the user is.")
    kind = fields.Selection(
        [(REMINDER, "Reminder"), (ESCALATION, "Overdue for long")],
        required=True,
        readonly=True,
    )
    number = fields.Integer(
        readonly=True, help="How many leads or activities it told of; 0: no message."
    )

    _user_day_uniq = models.UniqueIndex(
        "(user_id, kind, date)", "Nobody is told twice a day."
    )

    @api.model
    def _get_setting(self, name):
        return self.env["res.config.settings"]._get_lead_parameter(name)

    # ------------------------------------------------------------
    # Working days
    # ------------------------------------------------------------

    @api.model
    def _get_workdays(self, users, first, last):
        """Return the :class:`Workdays` of users where they are, by user id."""
        Capacity = self.env["lead.assignment.capacity"]
        workdays = {}
        # sudo: when colleagues work, which companies decide
        for company, group in users.sudo().grouped("company_id").items():
            workdays |= Capacity._get_workdays(group, company, first, last)
        return workdays

    @api.model
    def _get_late_days(self, users, today):
        """Return the day before which something was due that is overdue for long.

        :return: dict of user id to a date
        """
        number = self._get_setting("day_escalation_days")
        first = today - timedelta(days=2 * number) - BACK
        return {
            user_id: days.back(today, number)
            for user_id, days in self._get_workdays(users, first, today).items()
        }

    @api.model
    def _get_now(self, user):
        """Return what time it is where a user is."""
        # sudo: where colleagues are
        user = user.sudo()
        Capacity = self.env["lead.assignment.capacity"]
        timezone = Capacity._get_timezone(user, user.company_id)
        return Capacity._to_local(fields.Datetime.now(), timezone)

    # ------------------------------------------------------------
    # Cron
    # ------------------------------------------------------------

    @api.model
    def action_cron_send(self):
        """Tell everybody of the day that begins; scheduled jobs call it by name."""
        check_automated(self.env)
        self._cron_send()

    @api.model
    def _cron_send(self):
        """Tell everybody whose working day begins what waits for them.

        Each in a savepoint, committed before the next: one who fails stops no other,
        and is tried again an hour later. Mails go out by Odoo's queue.
        """
        users = self._get_due_users()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(users))
        for user, kinds in users:
            try:
                with attempt(self.env):
                    self._send(user, kinds)
            except Exception:
                _logger.exception("Reminder of %s failed", user.login)
            if not progress(1):
                break
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _get_due_users(self):
        """Return the salespeople whose hour has come, with what to tell each of them.

        :return: list of pairs (user, kinds)
        """
        group = self.env.ref("sales_team.group_sale_salesman")
        users = self.env["res.users"].search(
            [("all_group_ids", "in", group.ids), ("share", "=", False)], order="id"
        )
        now = {user: self._get_now(user) for user in users}
        hour = self._get_setting("day_hour")
        users = users.filtered(lambda user: now[user].hour >= hour)
        if not users:
            return []
        today = {user: now[user].date() for user in users}
        first, last = min(today.values()), max(today.values())
        rows = self.search([("user_id", "in", users.ids), ("date", ">=", first)])
        told = {(row.user_id, row.date, row.kind) for row in rows}
        kinds = {
            user: [kind for kind in wanted if (user, today[user], kind) not in told]
            for user, wanted in self._get_kinds(users).items()
        }
        users = users.filtered(lambda user: kinds[user])
        worked = self._get_workdays(users, first, last)
        return [(user, kinds[user]) for user in users if today[user] in worked[user.id]]

    @api.model
    def _get_kinds(self, users):
        """Return the kinds of messages that users want and can get, by user."""
        leaders = self.env["crm.team"].browse()
        if self._get_setting("day_escalation_days"):
            leaders = self.env["crm.team"].search([("user_id", "in", users.ids)])
        kinds = {}
        for user in users:
            kinds[user] = [REMINDER] if user.day_reminder and user.email else []
            if user in leaders.user_id:
                kinds[user].append(ESCALATION)
        return kinds

    @api.model
    def _send(self, user, kinds):
        for kind in kinds:
            day = self._claim(user, kind)
            if day:
                day.number = getattr(day, f"_run_{kind}")()

    @api.model
    def _claim(self, user, kind):
        """Return the row of a user and day, or none when they were told already."""
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_day (user_id, date, kind, number)
                VALUES (%s, %s, %s, 0) ON CONFLICT DO NOTHING RETURNING id
                """,
                user.id,
                self._get_now(user).date(),
                kind,
            )
        )
        return self.browse(row[0] for row in rows)

    def _as_reader(self):
        """Return the row as the one who is told, in their language and time zone."""
        user = self.user_id
        timezone = self.env["lead.assignment.capacity"]._get_timezone(
            user, user.company_id
        )
        return self.with_user(user).with_context(
            lang=user.lang, tz=timezone.zone, allowed_company_ids=user.company_ids.ids
        )

    @api.autovacuum
    def _gc_days(self):
        self.search([("date", "<", fields.Date.today() - KEPT_FOR)]).unlink()
