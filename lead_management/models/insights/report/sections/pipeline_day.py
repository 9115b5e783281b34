"""What stood where on a past day, with the amounts of that day."""

from odoo.fields import Domain

from ..picture import bars
from ..recent import LOST_DATE
from ..section import SECTIONS, Section, table
from .pipeline import LIVE, NOT_ARCHIVED


@SECTIONS.add
class PipelineDay(Section):
    """Open leads at the end of a period that is over, by stage."""

    key = "pipeline_day"

    def get_title(self):
        return self.env._("Pipeline at the End of the Period")

    def get_help(self):
        return self.env._(
            "Leads that were open when the period ended, by the stage they were in "
            "then, with the amounts they had then."
        )

    def is_shown(self):
        return not self.frame.period.is_running

    def build(self):
        frame = self.frame
        at = frame.period.until
        found = self._count(at)
        field = self.env["crm.stage"]._fields["stage_type"]
        types = dict(field._description_selection(self.env))
        entries, lines = [], []
        for kind in LIVE:
            if kind not in found:
                continue
            count, amount = found[kind]
            text = f"stood:{kind}:{at:%Y-%m-%dT%H:%M:%S}"
            number = frame.number(
                count, Domain("insight_filter", "=", text), types[kind]
            )
            amount_text = frame.format_amount(amount)
            entries.append((types[kind], number, count, amount_text))
            lines.append([types[kind], number, amount_text])
        titles = [self.env._("Stage"), self.env._("Leads"), self.env._("Amount then")]
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "empty": "" if lines else self.env._("No lead was open then."),
        }

    def _count(self, at):
        """Return dict of type of stage to the leads and the amount at a moment.

        From what is open now, backwards: only leads that moved, were lost or changed
        their amount since are read, as they were then and as they are now.
        """
        frame = self.frame
        found = {kind: [0, 0] for kind in LIVE}
        rows = [
            (frame.stage_types.get(stage_id), sums["count"], sums["amount"])
            for stage_id, sums in frame.stock.by_stage().items()
        ]
        for kind, count, amount in [*rows, *self._read(at)]:
            if kind in found:
                found[kind][0] += count
                found[kind][1] += amount or 0
        return {kind: values for kind, values in found.items() if values[0]}

    def _read(self, at):
        """Return rows of type of stage, leads and amount: what to add to those of now.

        A lead was where it came from with its next move, and worth what was there
        before the next change of its amount.
        """
        frame = self.frame
        live = [key for key, kind in frame.stage_types.items() if kind in LIVE]
        self.env["mail.tracking.value"].flush_model()
        self.env["mail.message"].flush_model()
        Field = self.env["ir.model.fields"]
        return frame.run(
            """
            WITH moved AS (
                SELECT DISTINCT ON (lead_id) lead_id, CASE WHEN direction <> 'start'
                           THEN type_before END AS kind
                FROM lead_stage_transition
                WHERE date >= %(at)s AND is_merged IS NOT TRUE
                ORDER BY lead_id, date, id
            ), changed AS (
                SELECT DISTINCT ON (message.res_id) message.res_id AS lead_id,
                       value.old_value_float AS amount
                FROM mail_message message
                JOIN mail_tracking_value value ON value.mail_message_id = message.id
                WHERE message.model = 'crm.lead' AND message.date >= %(at)s
                  AND value.field_id = %(field)s
                ORDER BY message.res_id, message.date, value.id
            ), touched AS (
                SELECT lead_id FROM moved UNION SELECT lead_id FROM changed
                UNION SELECT lead_id FROM lead_milestone WHERE lost_date >= %(at)s
            ), stood AS (
                SELECT lead.rate, lead.won_status, lead.lost, lead.revenue,
                       COALESCE(changed.amount, lead.revenue) AS amount,
                       present.kind AS present, moved.lead_id IS NOT NULL AS is_moved,
                       CASE WHEN moved.lead_id IS NULL THEN present.kind
                            ELSE moved.kind END AS kind
                FROM touched
                JOIN (%(leads)s) AS lead ON lead.id = touched.lead_id
                LEFT JOIN moved ON moved.lead_id = lead.id
                LEFT JOIN changed ON changed.lead_id = lead.id
                LEFT JOIN unnest(%(live)s, %(kinds)s) AS present (id, kind)
                    ON present.id = lead.stage_id
            )
            SELECT kind, count(*), sum(amount * rate)::float FROM stood
            WHERE (is_moved OR won_status = 'pending' OR lost >= %(at)s)
              AND (lost < %(at)s AND present IS NOT NULL) IS NOT TRUE
            GROUP BY 1
            UNION ALL
            SELECT present, -count(*), -sum(revenue * rate)::float FROM stood
            WHERE won_status = 'pending' GROUP BY 1
            """,
            at=at,
            live=live,
            kinds=[frame.stage_types[key] for key in live],
            field=Field._get("crm.lead", "expected_revenue").id,
            leads=frame.select(
                NOT_ARCHIVED,
                ["stage_id", "won_status"],
                rate=frame.sql_rate,
                revenue=lambda query: frame.Lead._field_to_sql(
                    "crm_lead", "expected_revenue", query
                ),
                lost=lambda query: frame.Lead._field_to_sql(
                    "crm_lead", LOST_DATE, query
                ),
            ),
        )
