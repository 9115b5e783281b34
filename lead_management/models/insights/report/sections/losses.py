"""Why leads are lost, and what becomes of those that get a second chance."""

from odoo.fields import Domain
from odoo.tools import SQL

from ..picture import bars
from ..recent import LOST_DATE, sql_in
from ..section import SECTIONS, Section, table

CHANCES = ("recycled", "reactivated")


@SECTIONS.add
class Losses(Section):
    """Leads lost in the period, by reason and the stage they fell from."""

    key = "losses"

    def get_title(self):
        return self.env._("Why Leads Are Lost")

    def get_help(self):
        return self.env._(
            "Leads lost in the period and still lost, by reason and by the stage they "
            "were in before: also those that were archived as lost."
        )

    def build(self):
        frame = self.frame
        lost = frame.within(LOST_DATE, frame.period)
        rows = frame.run(
            """
            SELECT lost_reason_id, COALESCE(stage_before_id, stage_id), count(*)
            FROM (%s) AS lead GROUP BY 1, 2
            """,
            frame.select(lost, ["lost_reason_id", "stage_before_id", "stage_id"]),
        )
        by_reason = {}
        for reason_id, stage_id, count in rows:
            by_reason.setdefault(reason_id, {})[stage_id] = count
        reasons = frame.get_labels("lost_reason_id", by_reason)
        # sudo: names and order of the stages of leads one sees
        stages = (
            self.env["crm.stage"]
            .sudo()
            .browse({stage_id for __, stage_id, __ in rows if stage_id})
            .sorted()
        )
        entries, lines = [], []
        for reason_id in sorted(
            by_reason, key=lambda key: -sum(by_reason[key].values())
        ):
            counts = by_reason[reason_id]
            mine = lost & Domain("lost_reason_id", "=", reason_id or False)
            label = reasons[reason_id]
            total = sum(counts.values())
            number = frame.number(total, mine, label)
            worst = max(counts, key=counts.get)
            entries.append(
                (label, number, total, stages.browse(worst or []).name or "")
            )
            cells = [
                frame.number(
                    counts.get(stage.id, 0),
                    mine & self._get_fell(stage),
                    f"{label}, {stage.name}",
                )
                for stage in stages
            ]
            lines.append([label, number, *cells])
        titles = [self.env._("Reason"), self.env._("Lost"), *stages.mapped("name")]
        return {
            "picture": bars(entries[:10]),
            "table": table(titles, lines),
            "empty": "" if lines else self.env._("No lead was lost in this period."),
        }

    def _get_fell(self, stage):
        return Domain("stage_before_id", "=", stage.id) | (
            Domain("stage_before_id", "=", False) & Domain("stage_id", "=", stage.id)
        )


@SECTIONS.add
class SecondChance(Section):
    """Leads that were recycled or reactivated in the period, and what came of it."""

    key = "second_chance"

    def get_title(self):
        return self.env._("Second Chance")

    def get_help(self):
        return self.env._(
            "Lost leads that were put back into the pipeline and customers that were "
            "reactivated in the period, and how many of them are won or lost now."
        )

    def build(self):
        frame = self.frame
        rows = frame.run(
            """
            SELECT origin, count(*), count(*) FILTER (WHERE won_status = 'won'),
                   count(*) FILTER (WHERE won_status = 'lost')
            FROM (
                SELECT DISTINCT move.origin, lead.id, lead.won_status
                FROM lead_stage_transition move
                JOIN (%s) AS lead ON lead.id = move.lead_id
                WHERE %s AND move.is_merged IS NOT TRUE AND move.origin = ANY(%s)
            ) AS back GROUP BY 1
            """,
            frame.select([], ["won_status"]),
            sql_in(SQL("move.date"), frame.period),
            list(CHANCES),
        )
        field = self.env["lead.stage.transition"]._fields["origin"]
        labels = dict(field._description_selection(self.env))
        entries, lines = [], []
        for origin, total, won, lost in rows:
            domain = Domain(
                "stage_transition_ids",
                "any",
                [
                    ("origin", "=", origin),
                    ("date", ">=", str(frame.period.since)),
                    ("date", "<", str(frame.period.until)),
                    ("is_merged", "!=", True),
                ],
            )
            numbers = [
                frame.number(count, domain & Domain(more), labels[origin])
                for count, more in (
                    (total, []),
                    (won, [("won_status", "=", "won")]),
                    (lost, [("won_status", "=", "lost")]),
                )
            ]
            share = frame.format_rate(won, won + lost)
            entries.append(
                (labels[origin], numbers[0], total, self.env._("won: %s", won))
            )
            lines.append([labels[origin], *numbers, share])
        titles = [
            self.env._("Kind"),
            self.env._("Leads"),
            self.env._("Won now"),
            self.env._("Lost now"),
            self.env._("Win rate"),
        ]
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "empty": "" if lines else self.env._("None in this period."),
        }
