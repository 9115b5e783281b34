"""What stands where: now, and at the end of each of the last weeks."""

from datetime import datetime, time, timedelta

from babel.dates import format_date

from odoo.fields import Domain
from odoo.tools import SQL, get_lang
from odoo.tools.misc import babel_locale_parse

from .....tools.periods import to_utc
from ....base.stage_types import CONTACTED, NEGOTIATION, NURTURING, QUALIFIED
from ....base.stage_types import OPEN as OPEN_TYPE
from ..frame import OPEN
from ..picture import bars, columns
from ..section import SECTIONS, Section, table

WEEKS = 13
LIVE = (OPEN_TYPE, CONTACTED, NURTURING, QUALIFIED, NEGOTIATION)
PLANLESS = ("activity_ids", "not any", [("active", "=", True)])


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
        rows = frame.run(
            """
            SELECT stage_id, count(*), sum(amount), sum(amount * probability / 100),
                   percentile_cont(0.5) WITHIN GROUP (
                       ORDER BY EXTRACT(EPOCH FROM %(now)s - entered)),
                   count(*) FILTER (WHERE NOT has_step),
                   count(*) FILTER (WHERE amount IS NULL OR amount = 0)
            FROM (%(leads)s) AS lead GROUP BY stage_id
            """,
            now=frame.now,
            leads=frame.select(
                OPEN,
                ["stage_id", "probability"],
                amount=frame.sql_amount,
                entered=lambda query: SQL(
                    "COALESCE(%s, %s)",
                    frame.Lead._field_to_sql(
                        "crm_lead", "date_last_stage_update", query
                    ),
                    frame.Lead._field_to_sql("crm_lead", "create_date", query),
                ),
                has_step=lambda query: SQL(
                    """EXISTS (SELECT FROM mail_activity step WHERE step.active
                       AND step.res_model = 'crm.lead' AND step.res_id = crm_lead.id)"""
                ),
            ),
        )
        found = {stage_id: values for stage_id, *values in rows}
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
        count, amount, weighted, age, planless, unpriced = values
        domain = Domain("stage_id", "=", stage.id) & Domain(OPEN)
        name = stage.name or self.env._("None")
        number = frame.number(count, domain, name)
        worth = frame.format_amount(amount)
        without = Domain("expected_revenue", "in", [False, 0])
        line = [
            name,
            number,
            worth,
            frame.format_amount(weighted),
            frame.format_duration(age),
            frame.number(
                planless, domain & Domain([PLANLESS]), self.env._("Without next step")
            ),
            frame.number(unpriced, domain & without, self.env._("Without amount")),
        ]
        return (name, number, count, worth), line


@SECTIONS.add
class PipelineWeeks(Section):
    """Open leads at the end of each week, as the history of stages tells it."""

    key = "pipeline_weeks"

    def get_title(self):
        return self.env._("Pipeline by Week")

    def get_help(self):
        return self.env._(
            "Leads that were open at the end of each of the last 13 weeks of the "
            "period, by the stage they were in then: all moves into a stage less all "
            "moves out of it, and less those closed."
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
        """Return the ends of the last weeks: pairs of the last day and the moment."""
        frame = self.frame
        monday = frame.period.last - timedelta(days=frame.period.last.weekday())
        ends = []
        for back in range(WEEKS - 1, -1, -1):
            end = monday + timedelta(days=7) - timedelta(weeks=back)
            moment = to_utc(datetime.combine(end, time()), frame.zone)
            last = end - timedelta(days=1)
            if moment > frame.now:
                moment, last = frame.now, frame.today
            ends.append((last, moment))
        return ends

    def _count(self, ends):
        """Count leads by the sums of what went in and out of each type of stage."""
        frame = self.frame
        moments = [moment for __, moment in ends]
        rows = frame.run(
            """
            SELECT bucket, kind, sum(number) FROM (
                SELECT width_bucket(date, %(moments)s::timestamp[]) AS bucket,
                       kind, sum(number) AS number
                FROM (
                    SELECT move.date, step.kind, step.number
                    FROM lead_stage_transition move
                    JOIN (%(leads)s) AS lead ON lead.id = move.lead_id
                    CROSS JOIN LATERAL (VALUES
                        (move.stage_type, 1),
                        (CASE WHEN move.direction <> 'start' THEN move.type_before END,
                         -1)) AS step (kind, number)
                    WHERE move.is_merged IS NOT TRUE
                    UNION ALL
                    -- a loss by archiving makes no move
                    SELECT lost, lead.stage_type, -1
                    FROM (%(closed)s) AS lead
                    WHERE lead.stage_type = ANY(%(live)s)
                ) AS step WHERE kind = ANY(%(live)s) GROUP BY 1, 2
            ) AS summed GROUP BY 1, 2
            """,
            moments=moments,
            leads=frame.select([]),
            closed=frame.select(
                [("milestone_lost_date", "!=", False)],
                stage_type=lambda query: SQL(
                    "(SELECT stage_type FROM crm_stage WHERE id = %s)",
                    frame.Lead._field_to_sql("crm_lead", "stage_id", query),
                ),
                lost=lambda query: frame.Lead._field_to_sql(
                    "crm_lead", "milestone_lost_date", query
                ),
            ),
            live=list(LIVE),
        )
        counts = {moment: {} for moment in moments}
        for bucket, kind, number in rows:
            # what happened before a moment counts at it and at all later ones
            for moment in moments[bucket:]:
                counts[moment][kind] = counts[moment].get(kind, 0) + int(number)
        return counts
