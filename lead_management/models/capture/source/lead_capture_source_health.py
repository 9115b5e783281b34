from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

DAYS = 14
HEALTHY, NEW, SILENT, RECONNECT, FAILING = (
    "healthy",
    "new",
    "silent",
    "reconnect",
    "failing",
)
# A source is silent when so many submissions are missing, and for a day at least.
MISSED = 6
FAILED = 3


class LeadCaptureSource(models.Model):
    """Whether a source still delivers, and what it delivers."""

    _inherit = "lead.capture.source"

    health = fields.Selection(
        [
            (HEALTHY, "Healthy"),
            (NEW, "No submissions yet"),
            (SILENT, "Silent"),
            (RECONNECT, "Reconnect"),
            (FAILING, "Failing"),
        ],
        compute="_compute_health",
        compute_sudo=True,
    )
    health_text = fields.Char(compute="_compute_health", compute_sudo=True)
    today_count = fields.Integer(
        string="Today", compute="_compute_health", compute_sudo=True
    )
    usual_count = fields.Integer(
        string="Usual a Day",
        compute="_compute_health",
        compute_sudo=True,
        help="Average of the days on which the source delivered, of the last 14.",
    )
    day_counts = fields.Json(
        string="Last 14 Days", compute="_compute_health", compute_sudo=True
    )
    last_date = fields.Datetime(
        string="Last Submission", compute="_compute_health", compute_sudo=True
    )
    failed_count = fields.Integer(
        string="Needs Review", compute="_compute_health", compute_sudo=True
    )
    waiting_count = fields.Integer(
        string="Waiting", compute="_compute_health", compute_sudo=True
    )
    # What came in on days that are over is counted once
    noted_days = fields.Json(readonly=True, copy=False)
    noted_date = fields.Date(readonly=True, copy=False)

    @api.depends("is_disconnected", "entry_ids.state")
    @api.depends_context("lang", "tz")
    def _compute_health(self):
        counts = self._read_counts()
        for source in self:
            days, last, failed, waiting, today = counts.get(
                source._origin.id, ([0] * DAYS, None, 0, 0, 0)
            )
            source.day_counts = days
            source.today_count = today
            source.last_date = last or False
            source.failed_count, source.waiting_count = failed, waiting
            source.usual_count = round(_get_usual(days))
            source.health, source.health_text = source._get_health(days)

    def _get_health(self, days):
        if self.is_disconnected:
            text = self.env._("%(reason)s Submissions waiting: %(count)s")
            reason = (self.disconnect_reason or "").rstrip(".") + "."
            return RECONNECT, text % {"reason": reason, "count": self.waiting_count}
        if not self.last_date:
            return NEW, ""
        gap = fields.Datetime.now() - self.last_date
        usual = _get_usual(days)
        if gap >= timedelta(days=1) and usual * gap.days >= MISSED:
            text = self.env._("Nothing for %(days)s days; usually %(usual)s a day")
            if gap.days == 1:
                text = self.env._("Nothing for a day; usually %(usual)s a day")
            return SILENT, text % {"days": gap.days, "usual": round(usual)}
        if self.failed_count >= FAILED:
            text = self.env._("Needs review: %(count)s since yesterday")
            return FAILING, text % {"count": self.failed_count}
        last = format_datetime(self.env, self.last_date, dt_format="short")
        return HEALTHY, self.env._("Last submission: %s", last)

    def _read_counts(self):
        """Return days, last date, failed, waiting and those of today, by id.

        In one statement, which reads what came in since the days that were noted. Days
        are those of UTC, today is that of the user.
        """
        ids = [id_ for id_ in self._origin.ids if id_]
        if not ids:
            return {}
        self.env["lead.capture.entry"].flush_model()
        self.flush_model(["noted_days", "noted_date"])
        today = fields.Date.today()
        first = today - timedelta(days=DAYS - 1)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT source.id, last.date, last.failed, last.waiting, last.today,
                       days.counts, source.noted_days
                FROM lead_capture_source source
                CROSS JOIN LATERAL (
                    SELECT (SELECT max(date) FROM lead_capture_entry
                            WHERE source_id = source.id) AS date,
                           (SELECT count(*) FROM lead_capture_entry
                            WHERE source_id = source.id AND state = 'parked'
                              AND date > %(now)s - interval '1 day') AS failed,
                           (SELECT count(*) FROM lead_capture_entry
                            WHERE source_id = source.id AND state = 'retry') AS waiting,
                           (SELECT count(*) FROM lead_capture_entry
                            WHERE source_id = source.id AND date >= %(midnight)s
                           ) AS today
                ) last
                CROSS JOIN LATERAL (
                    SELECT json_object_agg(day, count) AS counts FROM (
                        SELECT date::date AS day, count(*) FROM lead_capture_entry
                        WHERE source_id = source.id
                          AND date >= GREATEST(source.noted_date, %(first)s)
                        GROUP BY 1) each
                ) days
                WHERE source.id = ANY(%(ids)s)
                """,
                now=fields.Datetime.now(),
                midnight=get_midnight(self.env),
                first=first,
                ids=ids,
            )
        )
        dates = [str(first + timedelta(days=number)) for number in range(DAYS)]
        return {
            id_: (
                [int({**(noted or {}), **(counts or {})}.get(day, 0)) for day in dates],
                *(last, failed, waiting, now),
            )
            for id_, last, failed, waiting, now, counts, noted in rows
        }

    @api.model
    def _note_days(self):
        """Note what came in on days that are over: once a day, for each source."""
        today = fields.Date.today()
        sources = self.search(
            Domain("noted_date", "=", False) | Domain("noted_date", "<", today)
        )
        counts = sources._read_counts()
        dates = [str(today - timedelta(days=number)) for number in range(DAYS)][::-1]
        for source in sources:
            days = dict(zip(dates, counts[source.id][0], strict=True))
            days.pop(str(today))
            source.write({"noted_days": days, "noted_date": today})


def get_midnight(env):
    """Return when the day of the user began, as the database keeps dates."""
    now = fields.Datetime.context_timestamp(env.user, fields.Datetime.now())
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return start.astimezone(timezone.utc).replace(tzinfo=None)


def _get_usual(days):
    """Return how many a day are usual: today says nothing yet, silent days neither.

    >>> _get_usual([0] * 10 + [12, 12, 0, 0]), _get_usual([0] * 14)
    (12.0, 0)
    """
    before = [count for count in days[:-1] if count]
    return sum(before) / len(before) if before else 0
