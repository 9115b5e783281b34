"""How many leads are won: of those closed, of those that came, by their score."""

from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from .....tools.chance import ENOUGH, wilson
from .....tools.cohorts import aalen_johansen, get_share
from .....tools.periods import MONTH, Period, get_start, shift
from ..frame import CREATE_DATE, LOST_DATE, OPEN, WON_DATE, sql_in
from ..picture import bars, columns
from ..section import SECTIONS, Section, table

BAND = 20
# Cohorts are told apart by month, and looked at until this age.
MONTHS, OLDEST = 12, 90


@SECTIONS.add
class Velocity(Section):
    """Win rate and speed of what was closed in the period."""

    key = "velocity"

    def get_title(self):
        return self.env._("Win Rate and Velocity")

    def get_help(self):
        return self.env._(
            "Win rate: won / (won + lost) of the leads closed in the period, with the "
            "interval it lies in with 95% certainty. Cycle: median days from creation "
            "to the win. Velocity: open leads × win rate × mean amount won / cycle, an "
            "amount per day."
        )

    def build(self):
        frame = self.frame
        [(won, lost, amount, cycle)] = frame.run(
            """
            SELECT count(*) FILTER (WHERE %(won)s),
                   count(*) FILTER (WHERE %(lost)s AND (%(won)s) IS NOT TRUE),
                   avg(NULLIF(amount, 0)) FILTER (WHERE %(won)s),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY
                       EXTRACT(EPOCH FROM %(won_date)s - create_date) / 86400)
                       FILTER (WHERE %(won)s)
            FROM (%(leads)s) AS lead
            """,
            won=sql_in(SQL.identifier(WON_DATE), frame.period),
            lost=sql_in(SQL.identifier(LOST_DATE), frame.period),
            won_date=SQL.identifier(WON_DATE),
            leads=frame.select(
                frame.within(WON_DATE, frame.period)
                | frame.within(LOST_DATE, frame.period),
                [CREATE_DATE, WON_DATE, LOST_DATE],
                amount=frame.sql_amount,
            ),
        )
        [(still,)] = frame.run("SELECT count(*) FROM (%s) AS lead", frame.select(OPEN))
        return self._show(won, lost, amount, cycle, still)

    def _show(self, won, lost, amount, cycle, still):
        frame, _ = self.frame, self.env._
        won_domain = frame.within(WON_DATE, frame.period)
        lost_domain = frame.within(LOST_DATE, frame.period) & ~won_domain
        numbers = [
            frame.number(won, won_domain, _("Won")),
            frame.number(lost, lost_domain, _("Lost")),
            frame.number(still, OPEN, _("Open")),
        ]
        closed = won + lost
        rate = won / closed if closed else None
        interval = [frame.format_percent(edge) for edge in wilson(won, closed)]
        rate_text = frame.format_rate(won, closed)
        velocity = ""
        if rate is not None and amount and cycle and cycle > 0:
            per_day = frame.format_amount(still * rate * amount / cycle)
            velocity = _("%s a day", per_day)
        days = "" if cycle is None else frame.format_duration(86400 * max(cycle, 0))
        lines = [
            [_("Won"), numbers[0]],
            [_("Lost"), numbers[1]],
            [_("Win rate"), rate_text],
            [_("Interval"), f"{interval[0]} – {interval[1]}" if closed else ""],
            [_("Mean amount won"), frame.format_amount(amount) if amount else ""],
            [_("Cycle"), days],
            [_("Open"), numbers[2]],
            [_("Velocity"), velocity],
        ]
        entries = [
            (_("Won"), numbers[0], won, rate_text),
            (_("Lost"), numbers[1], lost, ""),
        ]
        note = " · ".join(
            text
            for text in (
                closed and _("Win rate: %(low)s to %(high)s", low=interval[0], high=interval[1]),
                days and _("Cycle: %s", days),
                velocity and _("Velocity: %s", velocity),
            )
            if text
        )
        return {
            "picture": bars(entries) if closed else None,
            "table": table([_("Figure"), _("Value")], lines),
            "note": note,
            "empty": "" if closed else _("No lead was closed in this period."),
        }


@SECTIONS.add
class Cohorts(Section):
    """The share of leads won within 90 days, by the month they came in."""

    key = "cohorts"

    def get_title(self):
        return self.env._("Won Within 90 Days, by Month of Creation")

    def get_help(self):
        return self.env._(
            "Of the leads created in a month, the share won within 90 days. Leads that "
            "are still open count up to their age (Aalen–Johansen): young months are "
            "neither too good nor too bad. Months with leads younger than 90 days are "
            "outlined."
        )

    def build(self):
        frame = self.frame
        months = self._get_months()
        rows = frame.run(
            """
            SELECT width_bucket(create_date, %(starts)s::timestamp[]) - 1 AS month, age,
                   count(*) FILTER (WHERE outcome = 'won'),
                   count(*) FILTER (WHERE outcome = 'lost'),
                   count(*) FILTER (WHERE outcome IS NULL)
            FROM (
                SELECT create_date,
                    LEAST(GREATEST(0, EXTRACT(EPOCH FROM LEAST(
                        LEAST(%(won)s, %(lost)s), %(until)s) - create_date) / 86400),
                        %(oldest)s)::int AS age,
                    CASE WHEN LEAST(%(won)s, %(lost)s) IS NULL
                           OR LEAST(%(won)s, %(lost)s) >= %(until)s
                           OR EXTRACT(EPOCH FROM LEAST(%(won)s, %(lost)s) - create_date)
                              / 86400 >= %(oldest)s THEN NULL
                         WHEN %(won)s <= LEAST(%(lost)s, %(won)s) THEN 'won'
                         ELSE 'lost' END AS outcome
                FROM (%(leads)s) AS lead
            ) AS aged GROUP BY 1, 2
            """,
            starts=[month.since for month in months],
            won=SQL.identifier(WON_DATE),
            lost=SQL.identifier(LOST_DATE),
            until=frame.period.until,
            oldest=OLDEST,
            leads=frame.select(
                Domain(CREATE_DATE, ">=", str(months[0].since))
                & frame.until(CREATE_DATE, frame.period),
                [CREATE_DATE, WON_DATE, LOST_DATE],
            ),
        )
        days = {number: {} for number in range(len(months))}
        for number, age, *counts in rows:
            days[number][age] = counts
        return self._show(months, days)

    def _get_months(self):
        frame = self.frame
        first = get_start(MONTH, frame.period.last)
        return [
            Period(MONTH, shift(MONTH, first, -back), frame.zone, frame.period.until)
            for back in range(MONTHS - 1, -1, -1)
        ]

    def _show(self, months, days):
        frame, _ = self.frame, self.env._
        Insight = self.env["lead.insight"]
        entries, lines = [], []
        for number, month in enumerate(months):
            created = sum(sum(counts) for counts in days[number].values())
            share = get_share(aalen_johansen(days[number]), OLDEST)
            if created < ENOUGH:
                share = 0
            is_open = month.whole + timedelta(days=OLDEST) > frame.period.until
            label = Insight._format_month(month.start)
            entries.append(
                {
                    "label": label,
                    "value": 100 * share,
                    "title": f"{label}: {frame.format_percent(share, 1)}",
                    "is_open": is_open,
                }
            )
            domain = frame.within(CREATE_DATE, month)
            won = sum(counts[0] for counts in days[number].values())
            lines.append(
                [
                    Insight._format_period(month),
                    frame.number(created, domain, label),
                    frame.format_count(won),
                    frame.format_percent(share, 1) if created >= ENOUGH else "",
                    _("not yet 90 days old") if is_open else "",
                ]
            )
        titles = [_("Created in"), _("Leads"), _("Won so far"), _("Share"), _("Remark")]
        largest = max((entry["value"] for entry in entries), default=0)
        ticks = [0, 10, 20] if largest <= 20 else [0, 25, 50] if largest <= 50 else [0, 50, 100]
        return {
            "picture": columns(
                self.get_title(),
                entries,
                ticks=ticks,
                tick_texts=[frame.format_percent(tick / 100) for tick in ticks],
            ),
            "table": table(titles, lines),
        }


@SECTIONS.add
class Bands(Section):
    """Whether a high score at capture means that a lead is won."""

    key = "bands"

    def get_title(self):
        return self.env._("Won by Score at Capture")

    def get_help(self):
        return self.env._(
            "Leads closed in the 12 months up to the end of the period, by the score "
            "they had when they came: the score of today knows what became of them."
        )

    def build(self):
        frame = self.frame
        year = timedelta(days=365)
        since = str(frame.period.until - year)
        closed = (
            (Domain(WON_DATE, ">=", since) & frame.until(WON_DATE, frame.period))
            | (Domain(LOST_DATE, ">=", since) & frame.until(LOST_DATE, frame.period))
        )
        rows = frame.run(
            """
            SELECT LEAST(GREATEST(moment.total, 0) / %(band)s, 4), count(*),
                   count(*) FILTER (WHERE %(won)s >= %(since)s AND %(won)s < %(until)s)
            FROM (%(leads)s) AS lead
            JOIN lead_score_snapshot moment
                ON moment.lead_id = lead.id AND moment.moment = 'capture'
            GROUP BY 1 ORDER BY 1
            """,
            band=BAND,
            won=SQL.identifier(WON_DATE),
            since=frame.period.until - year,
            until=frame.period.until,
            leads=frame.select(closed, [WON_DATE]),
        )
        entries, lines = [], []
        for band, number, won in rows:
            entry, line = self._make_row(band, number, won, closed, since)
            entries.append(entry)
            lines.append(line)
        _ = self.env._
        titles = [_("Score"), _("Closed"), _("Won"), _("Win rate"), _("Interval")]
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "empty": "" if lines else _("No closed leads with a score at capture."),
        }

    def _make_row(self, band, number, won, closed, since):
        frame = self.frame
        low, high = band * BAND, band * BAND + BAND - 1
        label = f"{low}–{high}" if band < 4 else f"{low}–100"
        score = [("moment", "=", "capture")]
        if band:
            score.append(("total", ">=", low))
        if band < 4:
            score.append(("total", "<", low + BAND))
        domain = closed & Domain("score_snapshot_ids", "any", score)
        won_domain = (
            domain
            & Domain(WON_DATE, ">=", since)
            & frame.until(WON_DATE, frame.period)
        )
        rate = won / number
        numbers = [
            frame.number(number, domain, label),
            frame.number(won, won_domain, label),
        ]
        interval = " – ".join(map(frame.format_percent, wilson(won, number)))
        share = frame.format_rate(won, number)
        bar = (label, {**numbers[0], "text": share}, rate, self.env._(
            "%(won)s of %(closed)s", won=won, closed=number))
        return bar, [label, *numbers, share, interval]
