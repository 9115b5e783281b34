"""How fast leads are answered, and who is not reached."""

from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from ..frame import FIRST_REACHED, FIRST_TOUCH, OPEN
from ..picture import bars
from ..recent import CREATE_DATE, sql_in
from ..section import SECTIONS, Section, table

CLOCK = "lead.sla.clock"
# What is untouched, in hours and days.
HOURS, IDLE_DAYS = 24, 7


@SECTIONS.add
class Response(Section):
    """First response by salesperson: median, and what nine in ten waited at most."""

    key = "response"

    def get_title(self):
        return self.env._("First Response by Salesperson")

    def get_help(self):
        return self.env._(
            "Leads created in the period: from their creation to the first call or "
            "message to them, nights and weekends included. Half of them waited less "
            "than the median, nine in ten less than the second figure. Leads nobody "
            "touched yet stand beside it."
        )

    def build(self):
        frame = self.frame
        created = frame.within(CREATE_DATE, frame.period)
        rows = frame.run(
            """
            SELECT user_id, count(*), count(took),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY took),
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY took)
            FROM (
                SELECT user_id, CASE WHEN %(touch)s < %(until)s THEN GREATEST(0,
                    EXTRACT(EPOCH FROM %(touch)s - create_date)) END AS took
                FROM (%(leads)s) AS lead
            ) AS timed GROUP BY 1 ORDER BY 4 NULLS LAST
            """,
            touch=SQL.identifier(FIRST_TOUCH),
            until=frame.period.until,
            leads=frame.select(created, ["user_id", CREATE_DATE, FIRST_TOUCH]),
        )
        labels = frame.get_labels("user_id", [row[0] for row in rows])
        entries, lines = [], []
        for user_id, count, touched, median, most in rows:
            mine = created & Domain("user_id", "=", user_id or False)
            number = frame.number(
                touched, mine & frame.until(FIRST_TOUCH, frame.period), labels[user_id]
            )
            waiting = frame.number(
                count - touched,
                mine & frame.not_until(FIRST_TOUCH, frame.period),
                self.env._("Not touched yet"),
            )
            text = frame.format_duration(median)
            if touched:
                note = self.env._("leads: %s", number["text"])
                entries.append(
                    (labels[user_id], {**number, "text": text}, median, note)
                )
            lines.append(
                [
                    labels[user_id],
                    frame.number(count, mine, labels[user_id]),
                    number,
                    text,
                    frame.format_duration(most),
                    waiting,
                ]
            )
        titles = [
            self.env._("Salesperson"),
            self.env._("Leads"),
            self.env._("Touched"),
            self.env._("Median"),
            self.env._("Nine in ten"),
            self.env._("Not touched yet"),
        ]
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "empty": ""
            if entries
            else self.env._("No lead of this period was touched yet."),
        }


@SECTIONS.add
class Promises(Section):
    """Response targets that were due in the period, met or missed."""

    key = "promises"

    def get_title(self):
        return self.env._("Response Targets")

    def get_help(self):
        return self.env._(
            "Response targets due in the period: met or missed, in working time. Those "
            "still running stand apart. Assignment is what the system takes, first "
            "response what the salesperson takes."
        )

    def build(self):
        frame = self.frame
        rows = frame.run(
            """
            SELECT clock.kind, clock.state, count(*),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY clock.minutes),
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY clock.minutes)
            FROM lead_sla_clock clock JOIN (%s) AS lead ON lead.id = clock.lead_id
            WHERE %s AND clock.state <> 'cancelled'
            GROUP BY GROUPING SETS ((clock.kind, clock.state), (clock.kind))
            """,
            frame.select([]),
            self._sql_due(),
        )
        Clock = self.env[CLOCK]
        kinds = dict(Clock._fields["kind"]._description_selection(self.env))
        due = self._get_due()
        entries, lines = [], []
        for kind, label in kinds.items():
            counts = {state: values for k, state, *values in rows if k == kind}
            if not counts:
                continue
            numbers = [
                frame.number(
                    counts.get(state, (0,))[0],
                    frame.of_leads(
                        due & Domain("kind", "=", kind) & Domain("state", "=", state)
                    ),
                    label,
                    model=CLOCK,
                )
                for state in ("kept", "missed", "running")
            ]
            met, missed = numbers[0]["value"], numbers[1]["value"]
            share = frame.format_rate(met, met + missed)
            medians = [
                frame.format_duration(60 * value) if value is not None else ""
                for value in counts[None][1:]
            ]
            note = self.env._("met: %s", share) if share else ""
            entries.append((label, numbers[0], met, note, met + missed))
            lines.append([label, *numbers, share, *medians])
        titles = [
            self.env._("Target"),
            self.env._("Met"),
            self.env._("Missed"),
            self.env._("Running"),
            self.env._("Share met"),
            self.env._("Median"),
            self.env._("Nine in ten"),
        ]
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "note": self.env._("Bar: met. Outline: due.") if lines else "",
            "empty": ""
            if lines
            else self.env._("No response target was due in this period."),
        }

    def _get_due(self):
        period = self.frame.period
        return Domain("date_due", ">=", str(period.since)) & Domain(
            "date_due", "<", str(period.whole)
        )

    def _sql_due(self):
        period = self.frame.period
        return SQL(
            "clock.date_due >= %s AND clock.date_due < %s", period.since, period.whole
        )


@SECTIONS.add
class Contact(Section):
    """How many leads are reached, after how many attempts; who is left alone."""

    key = "contact"

    def get_title(self):
        return self.env._("Reached and Untouched")

    def get_help(self):
        return self.env._(
            "Inquiries: all that came in, duplicates that were merged included. "
            "Others: leads created in the period. Reached: somebody really talked "
            "with them, or they answered. Attempts: calls and messages without an "
            "answer before that, on average. Untouched: nobody called or wrote within"
            " %(hours)s hours. Hot and idle: open hot leads nobody touched for "
            "%(days)s days, whenever they were created.",
            hours=HOURS,
            days=IDLE_DAYS,
        )

    def build(self):
        frame = self.frame
        created = frame.within(CREATE_DATE, frame.period)
        old = frame.now - timedelta(hours=HOURS)
        [(total, reached, attempts, ripe, untouched)] = frame.run(
            """
            SELECT count(*), count(*) FILTER (WHERE %(reached)s < %(until)s),
                   avg(tried.number) FILTER (WHERE %(reached)s < %(until)s),
                   count(*) FILTER (WHERE create_date < %(old)s),
                   count(*) FILTER (WHERE create_date < %(old)s AND (%(touch)s
                       < create_date + %(hours)s * interval '1 hour') IS NOT TRUE)
            FROM (%(leads)s) AS lead
            LEFT JOIN LATERAL (
                SELECT count(*) AS number FROM lead_touch touch
                WHERE touch.lead_id = lead.id AND touch.is_attempt
                  AND %(reached)s IS NOT NULL AND touch.date < %(reached)s
            ) AS tried ON TRUE
            """,
            reached=SQL.identifier(FIRST_REACHED),
            touch=SQL.identifier(FIRST_TOUCH),
            until=frame.period.until,
            old=old,
            hours=HOURS,
            leads=frame.select(created, [CREATE_DATE, FIRST_REACHED, FIRST_TOUCH]),
        )
        idle = self._get_idle()
        [(hot,)] = frame.run("SELECT count(*) FROM (%s) AS lead", frame.select(idle))
        old_domain = created & Domain(CREATE_DATE, "<", str(old))
        numbers = [
            self._count_inquiries(),
            frame.number(total, created, self.env._("Created")),
            frame.number(
                reached,
                created & frame.until(FIRST_REACHED, frame.period),
                self.env._("Reached"),
            ),
            frame.number(
                untouched,
                old_domain & Domain("insight_filter", "=", f"!touched:{HOURS}"),
                self.env._("Untouched for a day"),
            ),
            frame.number(hot, idle, self.env._("Hot and idle")),
        ]
        shares = [
            "",
            "",
            frame.format_percent(reached / total) if total else "",
            frame.format_percent(untouched / ripe) if ripe else "",
            "",
        ]
        entries = [
            (number["title"], number, number["value"], share)
            for number, share in zip(numbers, shares, strict=True)
        ]
        lines = [
            [number["title"], number, share]
            for number, share in zip(numbers, shares, strict=True)
        ]
        tried = formatted = ""
        if attempts is not None:
            formatted = frame.format_count(round(float(attempts), 1))
            tried = self.env._(
                "Attempts before the first contact: %s on average", formatted
            )
        return {
            "picture": bars(entries),
            "table": table(
                [self.env._("Leads"), self.env._("Number"), self.env._("Share")], lines
            ),
            "note": tried,
        }

    def _count_inquiries(self):
        """Count what came in, merged duplicates included."""
        frame = self.frame
        came = frame.within("date", frame.period) & Domain("direction", "=", "start")
        [(count,)] = frame.run(
            """
            SELECT count(*) FROM lead_stage_transition move
            JOIN (%s) AS lead ON lead.id = move.lead_id
            WHERE move.direction = 'start' AND %s
            """,
            frame.select([]),
            sql_in(SQL("move.date"), frame.period),
        )
        return frame.number(
            count,
            frame.of_leads(came),
            self.env._("Inquiries"),
            model="lead.stage.transition",
        )

    def _get_idle(self):
        since = self.frame.now - timedelta(days=IDLE_DAYS)
        return (
            Domain(OPEN)
            & Domain("score_temperature", "=", "hot")
            & Domain(CREATE_DATE, "<", str(since))
            & Domain("insight_filter", "=", f"idle:{since:%Y-%m-%dT%H:%M:%S}")
        )
