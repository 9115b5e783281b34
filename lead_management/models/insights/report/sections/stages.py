"""What becomes of leads in a stage: up, down, out, or still there."""

from collections import Counter
from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from .....tools.chance import ENOUGH
from ....base.stage_types import CONTACTED, NEGOTIATION, NURTURING, OPEN, QUALIFIED
from ..leads_found import OUTCOMES, sql_outcomes
from ..picture import bars
from ..recent import sql_in
from ..section import SECTIONS, Section, table

LIVE = (OPEN, CONTACTED, NURTURING, QUALIFIED, NEGOTIATION)
MOVE = "lead.stage.transition"


class StageSection(Section):
    """Names of stages by their type."""

    def get_types(self):
        """Return the label of each type of stage."""
        field = self.env["crm.stage"]._fields["stage_type"]
        return dict(field._description_selection(self.env))


@SECTIONS.add
class StageConversion(StageSection):
    """Of the leads that entered a stage in the period: what became of them."""

    key = "stage_conversion"

    def get_title(self):
        return self.env._("Stage Conversion")

    def get_help(self):
        return self.env._(
            "Leads that entered a stage in the period, once each: whether they went "
            "up, went back, were lost, or are still there, within %s days of entering "
            "it. The shares add up to 100%%.",
            self._get_days(),
        )

    def _get_days(self):
        return self.frame.options.days or 30

    def build(self):
        frame = self.frame
        days = self._get_days()
        rows = frame.run(
            """
            SELECT kind, outcome, count(*) FROM (%s) AS came
            JOIN (%s) AS lead ON lead.id = came.lead_id GROUP BY 1, 2
            """,
            sql_outcomes(frame.period.since, frame.period.until, days),
            frame.select([]),
        )
        found = {}
        for kind, outcome, count in rows:
            found.setdefault(kind, {})[outcome] = count
        labels = self._get_labels()
        types, entries, lines = self.get_types(), [], []
        for kind in LIVE:
            counts = found.get(kind)
            if not counts:
                continue
            total = sum(counts.values())
            numbers = {
                outcome: frame.number(
                    counts.get(outcome, 0),
                    self._get_domain(kind, outcome, days),
                    f"{types[kind]}: {labels[outcome]}",
                )
                for outcome in OUTCOMES
            }
            share = frame.format_rate(counts.get("up", 0), total)
            up = numbers["up"]
            note = (
                share
                if total < ENOUGH
                else self.env._("up: %(share)s of %(total)s", share=share, total=total)
            )
            entries.append((types[kind], up, counts.get("up", 0), note, total))
            lines.append(
                [
                    types[kind],
                    frame.format_count(total),
                    *(
                        cell
                        for outcome in OUTCOMES
                        for cell in (
                            numbers[outcome],
                            frame.format_rate(counts.get(outcome, 0), total),
                        )
                    ),
                ]
            )
        titles = [self.env._("Stage"), self.env._("Entered")]
        for outcome in OUTCOMES:
            titles += [labels[outcome], self.env._("Share")]
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "note": self.env._("Bar: went up. Outline: entered the stage.")
            if lines
            else "",
            "empty": ""
            if lines
            else self.env._("No lead entered a stage in this period."),
        }

    def _get_domain(self, kind, outcome, days):
        period = self.frame.period
        since, until = (
            moment.strftime("%Y%m%dT%H%M%S") for moment in (period.since, period.until)
        )
        text = f"came:{kind}:{outcome}:{days}:{since}:{until}"
        return Domain("insight_filter", "=", text)

    def _get_labels(self):
        return {
            "up": self.env._("Went up"),
            "down": self.env._("Went back"),
            "dropped": self.env._("Lost"),
            "still": self.env._("Still there"),
        }


@SECTIONS.add
class StageTime(StageSection):
    """How long leads were in a stage; those still there beside them."""

    key = "stage_time"

    def get_title(self):
        return self.env._("Time in a Stage")

    def get_help(self):
        return self.env._(
            "Days in the stage of the leads that left it in the period: half of them "
            "took less than the median, nine in ten less than the second figure. "
            "Beside it the age of the leads that are there now: else only fast ones "
            "would "
            "count."
        )

    def build(self):
        frame = self.frame
        rows = frame.run(
            """
            SELECT type_before, count(*),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY days)
            FROM lead_stage_transition move
            JOIN (%s) AS lead ON lead.id = move.lead_id
            WHERE %s AND is_merged IS NOT TRUE AND direction <> 'start' GROUP BY 1
            """,
            frame.select([]),
            sql_in(SQL("date"), frame.period),
        )
        found = {kind: values for kind, *values in rows}
        standing = Counter()
        for stage_id, sums in frame.stock.by_stage().items():
            standing[frame.stage_types.get(stage_id)] += sums["count"]
        types, entries, lines = self.get_types(), [], []
        there = self._get_there()
        for kind in LIVE:
            if kind not in found and not standing[kind]:
                continue
            number, median, most = found.get(kind, (0, None, None))
            age = frame.stock.ages[1].get(kind)
            left = frame.number(
                number,
                frame.of_leads(
                    frame.within("date", frame.period)
                    & Domain("type_before", "=", kind)
                    & Domain("is_merged", "!=", True)
                    & Domain("direction", "!=", "start")
                ),
                types[kind],
                model=MOVE,
            )
            there_now = frame.number(
                standing[kind],
                there & Domain("stage_id.stage_type", "=", kind),
                types[kind],
            )
            text = self._format_days(median)
            ages = frame.format_duration(age)
            entries.append(
                (
                    types[kind],
                    {**left, "text": text},
                    median or 0,
                    ages and self.env._("there now: %s", ages),
                    (age or 0) / 86400,
                )
            )
            lines.append(
                [types[kind], left, text, self._format_days(most), there_now, ages]
            )
        titles = [
            self.env._("Stage"),
            self.env._("Left it"),
            self.env._("Median"),
            self.env._("Nine in ten"),
            self.env._("There now"),
            self.env._("Their median age"),
        ]
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "note": self.env._("Bar: those that left. Outline: those there now.")
            if lines
            else "",
        }

    def _get_there(self):
        return Domain([("won_status", "=", "pending"), ("active", "=", True)])

    def _format_days(self, days):
        if days is None:
            return ""
        return self.frame.format_duration(timedelta(days=float(days)).total_seconds())


@SECTIONS.add
class MovesBack(StageSection):
    """How often leads went back, by stage and salesperson."""

    key = "moves_back"

    def get_title(self):
        return self.env._("Moves Back")

    def get_help(self):
        return self.env._(
            "Stage changes in the period that went to an earlier stage, of all that "
            "left the stage; below by the salesperson at that time."
        )

    def build(self):
        frame = self.frame
        rows = frame.run(
            """
            SELECT GROUPING(move.type_before), move.type_before, move.owner_id,
                   count(*),
                   count(*) FILTER (WHERE move.direction = 'back')
            FROM lead_stage_transition move
            JOIN (%s) AS lead ON lead.id = move.lead_id
            WHERE %s AND move.is_merged IS NOT TRUE AND move.direction <> 'start'
            GROUP BY GROUPING SETS ((move.type_before), (move.owner_id))
            """,
            frame.select([]),
            sql_in(SQL("move.date"), frame.period),
        )
        types, entries, lines = self.get_types(), [], []
        moved = (
            frame.within("date", frame.period)
            & Domain("is_merged", "!=", True)
            & Domain("direction", "!=", "start")
        )
        owners = frame.get_labels("user_id", [row[2] for row in rows if row[0]])
        for is_owner, kind, owner_id, total, back in sorted(
            rows, key=lambda row: (row[0], -row[4])
        ):
            mine = Domain("owner_id", "=", owner_id or False)
            label = owners.get(owner_id)
            if not is_owner:
                mine = Domain("type_before", "=", kind or False)
                label = types.get(kind, self.env._("None"))
            all_ = frame.number(total, frame.of_leads(moved & mine), label, model=MOVE)
            number = frame.number(
                back,
                frame.of_leads(moved & mine & Domain("direction", "=", "back")),
                label,
                model=MOVE,
            )
            share = frame.format_rate(back, total)
            if not is_owner and back:
                entries.append((label, number, back, share))
            lines.append([label, all_, number, share])
        return {
            "picture": bars(entries),
            "table": table(
                [
                    self.env._("Of"),
                    self.env._("Moves"),
                    self.env._("Back"),
                    self.env._("Share"),
                ],
                lines,
            ),
            "empty": "" if entries else self.env._("No lead went back in this period."),
        }
