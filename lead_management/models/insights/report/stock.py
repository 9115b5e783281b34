"""What is open now, counted once for all sections that ask."""

from collections import namedtuple
from datetime import timedelta

from odoo.tools import SQL

from ..forecast.lead_insight_rate import HORIZONS, OLDEST

# When amount × probability expects a lead to be closed: after so many days, or …
UNDATED, OVERDUE, LATER = -2, -1, 9999

KEYS = ("stage_id", "company_id", "weeks", "due")
NUMBERS = ("count", "amount", "likely", "weighted", "no_next_step", "unpriced")
Cell = namedtuple("Cell", (*KEYS, *NUMBERS))
# What a row of the statement is about; as GROUPING counts.
STAGE, TYPE, CELL = 1, 2, 0


class Stock:
    """The open leads of a report, as one scan of them tells.

    ``cells`` are sums by stage, company, weeks in the stage and when it is to be
    closed; ``ages`` and ``type_ages`` the median seconds that the leads of a stage, or
    of a type of stage, are in it.
    """

    def __init__(self, frame, domain):
        self.frame = frame
        self.cells, self.ages, self.type_ages = [], {}, {}
        for what, stage_type, age, *values in self._read(domain):
            if what == CELL:
                self.cells.append(Cell(*values))
            elif what == TYPE:
                self.type_ages[stage_type] = age
            else:
                self.ages[values[0]] = age

    def sum(self, name, dues=None):
        """Return the sum of a number, of leads to be closed then, or of all."""
        return sum(
            getattr(cell, name) or 0
            for cell in self.cells
            if dues is None or cell.due in dues
        )

    def by_stage(self):
        """Return dict of stage id, or None, to a dict of its numbers."""
        found = {}
        for cell in self.cells:
            sums = found.setdefault(cell.stage_id, dict.fromkeys(NUMBERS, 0))
            for name in NUMBERS:
                sums[name] += getattr(cell, name) or 0
        return found

    def _read(self, domain):
        frame = self.frame
        nothing = SQL(", ").join(SQL("NULL") for __ in NUMBERS)
        return frame.run(
            """
            WITH open AS MATERIALIZED (
                SELECT stage_id, company_id, amount, probability, has_step, %(due)s
                           AS due,
                       EXTRACT(EPOCH FROM %(now)s - entered)::float AS age
                FROM (%(leads)s) AS lead
            )
            SELECT %(cell)s, NULL, NULL::float, stage_id, company_id,
                   LEAST(GREATEST(floor(age / 604800), 0), %(oldest)s)::int, due,
                   count(*), sum(amount)::float, sum(probability) / 100,
                   sum(amount * probability)::float / 100,
                   count(*) FILTER (WHERE NOT has_step),
                   count(*) FILTER (WHERE amount IS NULL OR amount = 0)
            FROM open GROUP BY stage_id, company_id, 6, due
            UNION ALL
            SELECT GROUPING(open.stage_id, stage.stage_type), stage.stage_type,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY age),
                   open.stage_id, NULL, NULL, NULL, %(nothing)s
            FROM open LEFT JOIN crm_stage stage ON stage.id = open.stage_id
            GROUP BY GROUPING SETS ((open.stage_id), %(types)s)
            """,
            cell=CELL,
            now=frame.now,
            oldest=OLDEST,
            due=self._sql_due(),
            nothing=nothing,
            types=SQL("(stage.stage_type)"),
            leads=frame.select(
                domain,
                ["stage_id", "company_id", "probability", "date_deadline"],
                amount=frame.sql_amount,
                entered=frame.sql_entered,
                has_step=lambda query: SQL(
                    """EXISTS (SELECT FROM mail_activity step WHERE step.active
                       AND step.res_model = 'crm.lead' AND step.res_id = crm_lead.id)"""
                ),
            ),
        )

    def _sql_due(self):
        """Return when a lead is expected to be closed, in SQL."""
        today = self.frame.today
        whens = SQL(" ").join(
            SQL("WHEN date_deadline < %s THEN %s", today + timedelta(days=days), days)
            for days in HORIZONS
        )
        return SQL(
            "CASE WHEN date_deadline IS NULL THEN %s WHEN date_deadline < %s THEN %s"
            " %s ELSE %s END",
            UNDATED,
            today,
            OVERDUE,
            whens,
            LATER,
        )
