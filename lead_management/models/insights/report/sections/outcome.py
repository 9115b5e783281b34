"""How many leads are won: of those closed, and by their score."""

from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from .....tools.chance import ENOUGH, wilson
from ..frame import OPEN
from ..picture import bars
from ..recent import CREATE_DATE, LOST_DATE, WON_DATE, sql_in
from ..section import SECTIONS, Section, table

BAND = 20


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
        return self._show(won, lost, amount, cycle, frame.stock.sum("count"))

    def _show(self, won, lost, amount, cycle, still):
        frame = self.frame
        won_domain = frame.within(WON_DATE, frame.period)
        lost_domain = frame.within(LOST_DATE, frame.period) & ~won_domain
        numbers = [
            frame.number(won, won_domain, self.env._("Won")),
            frame.number(lost, lost_domain, self.env._("Lost")),
            frame.number(still, OPEN, self.env._("Open")),
        ]
        closed = won + lost
        rate = won / closed if closed else None
        interval = [frame.format_percent(edge) for edge in wilson(won, closed)]
        rate_text = frame.format_rate(won, closed)
        velocity = ""
        if rate is not None and amount and cycle and cycle > 0:
            per_day = frame.format_amount(still * rate * amount / cycle)
            velocity = self.env._("%s a day", per_day)
        days = "" if cycle is None else frame.format_duration(86400 * max(cycle, 0))
        lines = [
            [self.env._("Won"), numbers[0]],
            [self.env._("Lost"), numbers[1]],
            [self.env._("Win rate"), rate_text],
            [
                self.env._("Interval"),
                f"{interval[0]} – {interval[1]}" if closed else "",
            ],
            [
                self.env._("Mean amount won"),
                frame.format_amount(amount) if amount else "",
            ],
            [self.env._("Cycle"), days],
            [self.env._("Open"), numbers[2]],
            [self.env._("Velocity"), velocity],
        ]
        entries = [
            (self.env._("Won"), numbers[0], won, rate_text),
            (self.env._("Lost"), numbers[1], lost, ""),
        ]
        note = " · ".join(
            text
            for text in (
                closed
                and self.env._(
                    "Win rate: %(low)s to %(high)s", low=interval[0], high=interval[1]
                ),
                days and self.env._("Cycle: %s", days),
                velocity and self.env._("Velocity: %s", velocity),
            )
            if text
        )
        return {
            "picture": bars(entries) if closed else None,
            "table": table([self.env._("Figure"), self.env._("Value")], lines),
            "note": note,
            "empty": "" if closed else self.env._("No lead was closed in this period."),
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
            Domain(WON_DATE, ">=", since) & frame.until(WON_DATE, frame.period)
        ) | (Domain(LOST_DATE, ">=", since) & frame.until(LOST_DATE, frame.period))
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
        titles = [
            self.env._("Score"),
            self.env._("Closed"),
            self.env._("Won"),
            self.env._("Win rate"),
            self.env._("Interval"),
        ]
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "empty": ""
            if lines
            else self.env._("No closed leads with a score at capture."),
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
            domain & Domain(WON_DATE, ">=", since) & frame.until(WON_DATE, frame.period)
        )
        rate = won / number
        numbers = [
            frame.number(number, domain, label),
            frame.number(won, won_domain, label),
        ]
        interval = " – ".join(map(frame.format_percent, wilson(won, number)))
        share = frame.format_rate(won, number)
        counts = self.env._("%(won)s of %(closed)s", won=won, closed=number)
        # of a few, the share says just that
        text = counts if number >= ENOUGH else ""
        bar = (label, {**numbers[0], "text": share}, rate, text)
        return bar, [label, *numbers, share, interval]
