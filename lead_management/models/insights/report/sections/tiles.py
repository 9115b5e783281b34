"""What came of the period, at a glance."""

from collections import Counter

from odoo.tools import SQL

from .....tools.chance import ENOUGH, get_spread, get_verdict, p_counts, p_ranks
from .....tools.periods import comparable_change, count_weekdays
from ..frame import CREATED, FIRST_TOUCH, OPEN, QUALIFIED, WON
from ..recent import CREATE_DATE, EVENTS, HISTORY, WON_DATE, sql_in
from ..section import SECTIONS, Section


@SECTIONS.add
class Tiles(Section):
    """Leads created, qualified, won; how fast; what is in the pipeline."""

    key = "tiles"

    def get_title(self):
        return self.env._("Key Figures")

    def get_help(self):
        return self.env._(
            "Events of the period, in the time zone of the company. A running period "
            "is compared with the same elapsed part. “Clearly” means 99% certain, "
            "“probably” 90%; an arrow appears only then."
        )

    def build(self):
        tiles = [self._make_count(kind) for kind in (CREATED, QUALIFIED, WON)]
        tiles[0]["note"] = self._compare_weekdays()
        amount = self.frame.format_amount(self._sum_won())
        tiles[2]["note"] = self.env._("Amount: %s", amount)
        return {"tiles": [*tiles, self._make_response(), self._make_pipeline()]}

    # ------------------------------------------------------------
    # Counts
    # ------------------------------------------------------------

    def _sum_won(self):
        """Return the amount won in the period."""
        frame = self.frame
        [(amount,)] = frame.run(
            "SELECT sum(amount) FROM (%s) AS lead",
            frame.select(frame.within(WON_DATE, frame.period), amount=frame.sql_amount),
        )
        return amount

    def _make_count(self, kind):
        frame, fname = self.frame, EVENTS[kind]
        now, before = self._count_both(kind)
        history = [
            frame.recent.count(kind, past) for past in frame.period.history(HISTORY)
        ]
        title, text = self._get_texts()[kind]
        share = frame.period.days / ((frame.period.days + frame.before.days) or 1)
        p = p_counts(now, before, share, get_spread(history))
        verdict = get_verdict(p, now, before)
        expected = before * share / (1 - share) if share < 1 else 0
        change = frame.format_signed(now - before)
        if before >= ENOUGH and now != before:
            percent = frame.format_percent(abs(now - before) / before)
            change = f"{change} ({percent})"
        return {
            "key": kind,
            "title": title,
            "help": text,
            "number": frame.number(now, frame.within(fname, frame.period), title),
            "before": frame.number(before, frame.within(fname, frame.before), title),
            "change": change,
            "history": history,
            **self._judge(verdict, now - expected, "count", 1),
        }

    def _count_both(self, kind):
        """Return how often something happened in the period, and in the one before."""
        frame = self.frame
        return [
            frame.recent.count(kind, period) for period in (frame.period, frame.before)
        ]

    def _judge(self, verdict, direction, words, good):
        """Return the arrow, its word, and whether it is good news."""
        frame = self.frame
        is_sure = verdict in ("clearly", "probably") and direction
        return {
            "verdict": verdict,
            "verdict_text": frame.format_verdict(
                verdict, direction, frame.get_words()[words]
            ),
            "arrow": ("up" if direction > 0 else "down") if is_sure else None,
            "tone": (
                ("good" if direction * good > 0 else "bad")
                if is_sure and good
                else None
            ),
        }

    def _get_texts(self):
        return {
            CREATED: (
                self.env._("Leads Created"),
                self.env._(
                    "Leads created in the period, those that are lost or archived by "
                    "now included. A merged duplicate is no lead of its own."
                ),
            ),
            QUALIFIED: (
                self.env._("Qualified"),
                self.env._(
                    "Leads that reached the stage Qualified or a later one in the "
                    "period, for the first time, whenever they were created."
                ),
            ),
            WON: (
                self.env._("Won"),
                self.env._(
                    "Leads won in the period, whenever they were created. A win that "
                    "was taken back does not count."
                ),
            ),
        }

    def _compare_weekdays(self):
        """Say how many leads came per day, were both periods of the same weekdays."""
        frame = self.frame
        counts = Counter()
        for (weekday, __), number in frame.recent.hours.items():
            counts[weekday] += number
        total = sum(counts.values())
        if total < 100:
            return ""
        factors = [7 * counts[day] / total for day in range(1, 8)]
        now, before = self._count_both(CREATED)
        change = comparable_change(
            now,
            count_weekdays(frame.period.start, frame.period.last),
            before,
            count_weekdays(frame.before.start, frame.before.last),
            factors,
        )
        if change is None or before < 5:
            return ""
        percent = frame.format_signed(100 * change)
        return self.env._("%s%% at equal weekdays", percent)

    # ------------------------------------------------------------
    # Speed and pipeline
    # ------------------------------------------------------------

    def _make_response(self):
        frame = self.frame
        rows = frame.run(
            """
            SELECT is_now, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY took),
                   sum(place), sum(alike * alike - 1)
            FROM (
                SELECT is_now, took, count(*) OVER (PARTITION BY took) AS alike,
                       rank() OVER (ORDER BY took)
                       + (count(*) OVER (PARTITION BY took) - 1) / 2.0 AS place
                FROM (
                    SELECT %(now)s AS is_now,
                           GREATEST(0, date_part('epoch', touched - create_date))
                               AS took
                    FROM (%(leads)s) AS lead
                    WHERE touched < CASE WHEN %(now)s THEN %(until)s::timestamp
                                         ELSE %(until_before)s::timestamp END
                ) AS timed
            ) AS ranked GROUP BY 1
            """,
            now=sql_in(SQL("create_date"), frame.period),
            until=frame.period.until,
            until_before=frame.before.until,
            leads=frame.select(
                frame.within(CREATE_DATE, frame.period)
                | frame.within(CREATE_DATE, frame.before),
                [CREATE_DATE],
                touched=lambda query: frame.Lead._field_to_sql(
                    frame.Lead._table, FIRST_TOUCH, query
                ),
            ),
        )
        found = {is_now: row for is_now, *row in rows}
        n1, median, places, ties = found.get(True, (0, None, 0, 0))
        n0, before, __, more_ties = found.get(False, (0, None, 0, 0))
        verdict = get_verdict(
            p_ranks(float(places or 0), n1, n0, float((ties or 0) + (more_ties or 0))),
            n1,
            n0,
        )
        title = self.env._("First Response, Median")
        change = ""
        if median is not None and before is not None:
            sign = "+" if median > before else "−"
            change = f"{sign}{frame.format_duration(abs(median - before))}"
        return {
            "key": "response",
            "title": title,
            "help": self.env._(
                "From the creation of a lead to the first call or message to it, "
                "nights and weekends included. Half of the leads of the period that "
                "were touched in it waited less."
            ),
            "number": self._number_response(median, n1, frame.period, title),
            "before": self._number_response(before, n0, frame.before, title),
            "change": change,
            "history": [],
            "note": "",
            **self._judge(verdict, (median or 0) - (before or 0), "duration", -1),
        }

    def _number_response(self, median, count, period, title):
        frame = self.frame
        domain = frame.within(CREATE_DATE, period) & frame.until(FIRST_TOUCH, period)
        text = frame.format_duration(median) or "–"
        return frame.number(median, domain, title, count=count, text=text)

    def _make_pipeline(self):
        frame = self.frame
        count, amount = frame.stock.sum("count"), frame.stock.sum("amount")
        title = self.env._("Pipeline Today")
        return {
            "key": "pipeline",
            "title": title,
            "help": self.env._("Expected revenue of all leads that are open now."),
            "number": frame.number(
                amount,
                OPEN,
                title,
                count=count,
                text=frame.format_amount(amount),
            ),
            "before": None,
            "change": self.env._("Open leads: %s", frame.format_count(count)),
            "history": [],
            "note": "",
            "verdict": None,
            "verdict_text": "",
            "arrow": None,
            "tone": None,
        }
