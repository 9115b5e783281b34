"""What stands where: now, and at the end of each of the last weeks."""

from datetime import datetime, time, timedelta

from babel.dates import format_date

from odoo.fields import Domain
from odoo.tools import get_lang
from odoo.tools.misc import babel_locale_parse

from .....tools.periods import to_utc
from ....base.stage_types import CONTACTED, NEGOTIATION, NURTURING, QUALIFIED
from ....base.stage_types import OPEN as OPEN_TYPE
from ..frame import OPEN
from ..picture import bars, columns
from ..recent import LOST_DATE
from ..section import SECTIONS, Section, table

WEEKS = 13
LIVE = (OPEN_TYPE, CONTACTED, NURTURING, QUALIFIED, NEGOTIATION)
# Who was archived, and is not lost, is in no pipeline.
NOT_ARCHIVED = ["|", ("active", "=", True), ("won_status", "!=", "pending")]
NO_NEXT_STEP = ("activity_ids", "not any", [("active", "=", True)])


@SECTIONS.add
class Pipeline(Section):
    """Open leads by stage: how many, worth what, how long there, what is forgotten."""

    key = "pipeline"

    def get_title(self):
        return self.env._("Pipeline Now")

    def get_help(self):
        return self.env._(
            "Leads that are open now, by stage. Weighted: amount × probability. Median "
            "age: since the lead entered the stage. Leads without an amount count as "
            "leads and are listed apart."
        )

    def build(self):
        frame = self.frame
        found = frame.stock.by_stage()
        # sudo: names and order of the stages of leads one sees
        stages = self.env["crm.stage"].sudo().browse(filter(None, found)).sorted()
        entries, lines = [], []
        for stage in [*stages, self.env["crm.stage"]]:
            if (stage.id or None) in found:
                entry, line = self._make_row(stage, found[stage.id or None])
                entries.append(entry)
                lines.append(line)
        titles = [
            self.env._("Stage"),
            self.env._("Leads"),
            self.env._("Amount"),
            self.env._("Weighted"),
            self.env._("Median age"),
            self.env._("Without next step"),
            self.env._("Without amount"),
        ]
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "empty": "" if lines else self.env._("No open leads."),
        }

    def _make_row(self, stage, values):
        frame = self.frame
        count, no_next_step, unpriced = (
            values[name] for name in ("count", "no_next_step", "unpriced")
        )
        domain = Domain("stage_id", "=", stage.id) & Domain(OPEN)
        name = stage.name or self.env._("None")
        number = frame.number(count, domain, name)
        amount_text = frame.format_amount(values["amount"])
        without = Domain("expected_revenue", "in", [False, 0])
        line = [
            name,
            number,
            amount_text,
            frame.format_amount(values["weighted"]),
            frame.format_duration(frame.stock.ages[0].get(stage.id or None)),
            frame.number(
                no_next_step,
                domain & Domain([NO_NEXT_STEP]),
                self.env._("Without next step"),
            ),
            frame.number(unpriced, domain & without, self.env._("Without amount")),
        ]
        return (name, number, count, amount_text), line


@SECTIONS.add
class PipelineWeeks(Section):
    """Open leads at the end of the period and of the weeks before."""

    key = "pipeline_weeks"

    def get_title(self):
        return self.env._("Pipeline by Week")

    def get_help(self):
        return self.env._(
            "Leads that were open at the end of the period and of each of the twelve "
            "weeks before, by the stage they were in then, as the history of stages "
            "tells it. Leads that were archived without being lost are in none."
        )

    def build(self):
        frame = self.frame
        ends = self._get_ends()
        counts = self._count(ends)
        types = dict(
            self.env["crm.stage"]._fields["stage_type"]._description_selection(self.env)
        )
        locale = babel_locale_parse(get_lang(self.env).code)
        entries, lines = [], []
        for day, moment in ends:
            label = format_date(
                day, "d MMM" if locale.language != "en" else "MMM d", locale
            )
            numbers = [
                frame.number(
                    counts[moment].get(kind, 0),
                    Domain(
                        "insight_filter",
                        "=",
                        f"stood:{kind}:{moment:%Y-%m-%dT%H:%M:%S}",
                    ),
                    f"{types[kind]}, {label}",
                )
                for kind in LIVE
            ]
            total = sum(number["value"] for number in numbers)
            entries.append(
                {
                    "label": label if len(entries) % 3 == 0 else "",
                    "value": total,
                    "title": f"{label}: {frame.format_count(total)}",
                }
            )
            lines.append([label, *numbers, frame.format_count(total)])
        titles = [
            self.env._("End of week"),
            *(types[kind] for kind in LIVE),
            self.env._("Total"),
        ]
        return {
            "picture": columns(self.get_title(), entries),
            "table": table(titles, lines),
        }

    def _get_ends(self):
        """Return the end of the period and of the weeks before: days and moments."""
        frame = self.frame
        monday = frame.period.last - timedelta(days=frame.period.last.weekday())
        ends = [(frame.period.last, frame.period.until)]
        for back in range(WEEKS - 1):
            end = monday - timedelta(weeks=back)
            moment = to_utc(datetime.combine(end, time()), frame.zone)
            ends.insert(0, (end - timedelta(days=1), moment))
        return ends

    def _count(self, ends):
        """Count the leads of each type at each moment, from what is open now.

        A lead stands where it is since its last move, and where it came from before
        that. So only moves since the first moment are read, however many there are.

        :return: dict of moment to dict of type to a count
        """
        frame = self.frame
        moments = [moment for __, moment in ends]
        counts = {moment: dict.fromkeys(LIVE, 0) for moment in moments}
        stays = [
            (0, len(moments), frame.stage_types.get(stage_id), sums["count"])
            for stage_id, sums in frame.stock.by_stage().items()
        ]
        for first, last, kind, number in [*stays, *self._read_stays(moments)]:
            for moment in moments[first:last]:
                if kind in counts[moment]:
                    counts[moment][kind] += number
        return counts

    def _read_stays(self, moments):
        """Return what to add to the leads that are open now, and what to take away.

        A stay counts at moments after it began up to the one it ended at.

        :return: rows of first moment, the one after the last, type and number
        """
        frame = self.frame
        live = [key for key, kind in frame.stage_types.items() if kind in LIVE]
        return frame.run(
            """
            WITH moved AS MATERIALIZED (
                SELECT move.lead_id, move.date, lead.won_status, stage.kind AS present,
                       CASE WHEN stage.id IS NOT NULL THEN lead.lost END AS lost,
                       CASE WHEN move.direction <> 'start' THEN move.type_before END
                           AS kind,
                       lag(move.date) OVER in_order AS since,
                       lead(move.date) OVER in_order IS NULL AS is_last
                FROM lead_stage_transition move
                JOIN (%(leads)s) AS lead ON lead.id = move.lead_id
                LEFT JOIN unnest(%(live)s, %(kinds)s) AS stage (id, kind)
                    ON stage.id = lead.stage_id
                WHERE move.date >= %(since)s AND move.is_merged IS NOT TRUE
                WINDOW in_order AS (
                    PARTITION BY move.lead_id ORDER BY move.date, move.id)
            ), stay AS (
                SELECT since, LEAST(date, lost) AS until, kind, 1 AS number FROM moved
                UNION ALL
                -- what is open now was not there before it came
                SELECT NULL, date, present, -1 FROM moved
                WHERE is_last AND won_status = 'pending'
                UNION ALL
                -- a loss by archiving makes no move
                SELECT date, lost, present, 1 FROM moved
                WHERE is_last AND lost IS NOT NULL
                UNION ALL
                SELECT NULL, lead.lost, stage.kind, 1
                FROM (%(lost)s) AS lead
                JOIN unnest(%(live)s, %(kinds)s) AS stage (id, kind)
                    ON stage.id = lead.stage_id
                WHERE NOT EXISTS (
                    SELECT FROM lead_stage_transition move
                    WHERE move.lead_id = lead.id AND move.date >= %(since)s
                      AND move.is_merged IS NOT TRUE)
            )
            SELECT first, last, kind, sum(number)::int FROM (
                SELECT COALESCE(width_bucket(since, %(moments)s::timestamp[]), 0)
                           AS first,
                       width_bucket(until, %(moments)s::timestamp[]) AS last,
                       kind, number FROM stay
            ) AS placed WHERE first < last GROUP BY 1, 2, 3
            """,
            since=moments[0],
            moments=moments,
            live=live,
            kinds=[frame.stage_types[key] for key in live],
            leads=self._select(NOT_ARCHIVED),
            lost=self._select([(LOST_DATE, ">=", str(moments[0]))]),
        )

    def _select(self, domain):
        return self.frame.select(
            domain,
            ["stage_id", "won_status"],
            lost=lambda query: self.frame.Lead._field_to_sql(
                "crm_lead", LOST_DATE, query
            ),
        )
