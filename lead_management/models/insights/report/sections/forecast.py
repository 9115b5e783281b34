"""What is likely to be won next: from own history, and by amount × probability."""

from datetime import timedelta
from math import sqrt

from odoo.fields import Domain

from .....tools.cohorts import get_mean_error
from .....tools.periods import MONTH, Period
from ...forecast.lead_insight_forecast import DAYS
from ...forecast.lead_insight_rate import HORIZONS, LIVE
from ..frame import ALL, MINE, OPEN
from ..picture import columns
from ..recent import CREATE_DATE, WON_DATE
from ..section import SECTIONS, Section, table
from ..stock import OVERDUE, UNDATED

SHOWN = 6


@SECTIONS.add
class Forecast(Section):
    """Wins of the next days, said in two ways, and how good both were before."""

    key = "forecast"

    def get_title(self):
        return self.env._("Forecast, Next 30 Days")

    def get_help(self):
        return self.env._(
            "From own history: of the leads that were as long in the same stage, the "
            "share that was won within 30 days, looked at on 13 days a week apart; ± "
            "is the usual deviation. Amount × probability: leads whose expected "
            "closing is within 30 days. Columns: wins within 30 days from the first of "
            "the month, of leads that were open then, beside what both had said. "
            "Always from today's leads, whatever the period."
        )

    def build(self):
        frame = self.frame
        own = self._from_history()
        weighted = self._by_probability()
        figures = []
        if own:
            count, off, amount = own[HORIZONS[0]]
            figures.append(
                {
                    "label": self.env._("From Own History"),
                    "count": f"{round(count)} ± {round(off)}",
                    "text": self.env._("won, %s", frame.format_amount(amount)),
                    "help": self.get_help(),
                }
            )
        figures.append(
            {
                "label": self.env._("Amount × Probability"),
                "count": frame.format_count(round(weighted[HORIZONS[0]][0])),
                "text": self.env._(
                    "won, %s", frame.format_amount(weighted[HORIZONS[0]][1])
                ),
                "help": self.get_help(),
            }
        )
        record = self._get_record()
        return {
            "figures": figures,
            "picture": self._draw(record) if record else None,
            "table": self._make_table(own, weighted, record),
            "empty": ""
            if own
            else self.env._("Not enough history yet for a forecast from own history."),
        }

    # ------------------------------------------------------------
    # What is said
    # ------------------------------------------------------------

    def _from_history(self):
        """Return wins, deviation and amount by horizon; nothing without history."""
        frame, shares = self.frame, self.frame.read_shares()
        sums = {}
        for cell in frame.stock.cells:
            kind = frame.stage_types.get(cell.stage_id)
            for horizon in HORIZONS:
                place = horizon, kind, cell.weeks
                share = shares.get(
                    (cell.company_id, *place), shares.get((None, *place))
                )
                if share is None or kind not in LIVE:
                    continue
                found = sums.setdefault(horizon, [0.0, 0.0, 0.0])
                found[0] += cell.count * share
                found[1] += cell.count * share * (1 - share)
                found[2] += share * (cell.amount or 0)
        return {
            horizon: (count, sqrt(variance), amount)
            for horizon, (count, variance, amount) in sums.items()
        }

    def _by_probability(self):
        """Return wins and amount by horizon, of leads with a date of closing in it."""
        stock = self.frame.stock
        return {
            horizon: (
                stock.sum("likely", HORIZONS[: number + 1]),
                stock.sum("weighted", HORIZONS[: number + 1]),
            )
            for number, horizon in enumerate(HORIZONS)
        }

    # ------------------------------------------------------------
    # What came
    # ------------------------------------------------------------

    def _get_record(self):
        """Return months with what both said and what came: dicts, the oldest first."""
        frame = self.frame
        domain = Domain.TRUE
        if frame.scope_kind == MINE:
            domain = Domain("user_id", "=", self.env.uid)
        elif frame.scope_kind != ALL:
            domain = Domain("team_id", "=", frame.team.id)
        groups = self.env["lead.insight.forecast"]._read_group(
            domain,
            ["month:month"],
            ["expected:sum", "weighted:sum", "is_weighted:bool_or"],
            order="month:month desc",
            limit=SHOWN + 1,
        )
        months = []
        for month, expected, weighted, is_weighted in reversed(groups):
            period = Period(MONTH, month, frame.zone)
            until = period.since + timedelta(days=DAYS)
            months.append(
                {
                    "period": period,
                    "until": until,
                    "expected": expected,
                    "weighted": weighted if is_weighted else None,
                    "is_over": until <= frame.now,
                }
            )
        if months:
            self._count_wins(months)
        return months[-SHOWN:]

    def _count_wins(self, months):
        frame = self.frame
        rows = frame.run(
            """
            SELECT place, count(*) FROM (%s) AS lead
            JOIN unnest(%s::timestamp[], %s::timestamp[]) WITH ORDINALITY
                AS month (since, until, place)
                ON milestone_won_date >= month.since
                AND milestone_won_date < month.until AND create_date < month.since
            GROUP BY 1
            """,
            frame.select(
                [(WON_DATE, ">=", str(months[0]["period"].since))],
                [CREATE_DATE, WON_DATE],
            ),
            [month["period"].since for month in months],
            [month["until"] for month in months],
        )
        counts = dict(rows)
        for place, month in enumerate(months, 1):
            month["came"] = counts.get(place, 0)
            month["domain"] = (
                Domain(WON_DATE, ">=", str(month["period"].since))
                & Domain(WON_DATE, "<", str(month["until"]))
                & Domain(CREATE_DATE, "<", str(month["period"].since))
            )

    def _draw(self, record):
        frame = self.frame
        over = [month for month in record if month["is_over"]]
        won = self.env._("Won")
        history = self.env._("Own history")
        weighted = self.env._("Amount × probability")
        legend = [
            ("square", won),
            ("circle", self._add_error(history, "expected", over)),
            ("times", self._add_error(weighted, "weighted", over)),
        ]
        Insight = self.env["lead.insight"]
        entries = [
            {
                "label": Insight._format_month(month["period"].start),
                "value": month["came"],
                "title": self.env._("Won: %s", frame.format_count(month["came"])),
                "marks": [month["expected"], month["weighted"]],
                "is_open": not month["is_over"],
            }
            for month in record
        ]
        return columns(self.env._("Forecast and outcome by month"), entries, legend)

    def _add_error(self, label, name, months):
        """Add to what something is called by how much it was off."""
        pairs = [
            (month[name], month["came"]) for month in months if month[name] is not None
        ]
        error = get_mean_error(pairs)
        if error is None:
            return label
        off = self.frame.format_count(round(error, 1))
        return self.env._("%(what)s, mean error %(error)s", what=label, error=off)

    # ------------------------------------------------------------
    # The table
    # ------------------------------------------------------------

    def _make_table(self, own, weighted, record):
        frame = self.frame
        lines = []
        for horizon in HORIZONS:
            count, off, amount = own.get(horizon, (None, None, None))
            by_count, by_amount = weighted[horizon]
            lines.append(
                [
                    self.env._("Next %s days", horizon),
                    ""
                    if count is None
                    else f"{frame.format_count(round(count, 1))} ± "
                    f"{frame.format_count(round(off, 1))}",
                    "" if amount is None else frame.format_amount(amount),
                    frame.format_count(round(by_count, 1)),
                    frame.format_amount(by_amount),
                    "",
                ]
            )
        Insight = self.env["lead.insight"]
        for month in record:
            said = month["weighted"]
            label = Insight._format_month(month["period"].start)
            lines.append(
                [
                    self.env._("From %s 1 on, 30 days", label),
                    frame.format_count(round(month["expected"], 1)),
                    "",
                    "" if said is None else frame.format_count(round(said, 1)),
                    "",
                    frame.number(month["came"], month["domain"], label),
                ]
            )
        for label, due, domain in self._get_apart():
            count = frame.stock.sum("count", [due])
            lines.append([label, "", "", "", "", frame.number(count, domain, label)])
        titles = [
            self.env._("When"),
            self.env._("From own history"),
            self.env._("Amount"),
            self.env._("By probability"),
            self.env._("Amount"),
            self.env._("Leads"),
        ]
        return table(titles, lines)

    def _get_apart(self):
        """Return the open leads that amount × probability leaves out, by why."""
        today = str(self.frame.today)
        return [
            (
                self.env._("Open, without expected closing"),
                UNDATED,
                Domain(OPEN) & Domain("date_deadline", "=", False),
            ),
            (
                self.env._("Open, expected closing has passed"),
                OVERDUE,
                Domain(OPEN) & Domain("date_deadline", "<", today),
            ),
        ]
