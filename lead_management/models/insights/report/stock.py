"""What is open now, counted once for all sections that ask."""

from collections import namedtuple
from datetime import timedelta
from functools import cached_property

from odoo.tools import SQL

from ..forecast.lead_insight_rate import HORIZONS, OLDEST

# When amount × probability expects a lead to be closed: after so many days, or …
UNDATED, OVERDUE, LATER = -2, -1, 9999

KEYS = ("stage_id", "company_id", "weeks", "due")
NUMBERS = ("count", "amount", "likely", "weighted", "no_next_step", "unpriced")
Cell = namedtuple("Cell", (*KEYS, *NUMBERS))


class Stock:
    """The open leads of a report, as one scan of them tells.

    ``cells`` are sums by stage, company, weeks in the stage and when it is to be
    closed.
    """

    def __init__(self, frame, domain):
        self.frame, self.domain = frame, domain
        self.cells = [Cell(*values) for values in self._read()]

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

    @cached_property
    def ages(self):
        """Return median seconds that leads are in a stage: by stage, by type."""
        rows = self.frame.run(
            """
            SELECT GROUPING(stage.stage_type), stage.stage_type, open.stage_id,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY %(age)s)
            FROM (%(leads)s) AS open LEFT JOIN crm_stage stage ON stage.id = stage_id
            GROUP BY GROUPING SETS ((open.stage_id), %(types)s)
            """,
            age=self._sql_age(),
            types=SQL("(stage.stage_type)"),
            leads=self.frame.select(
                self.domain, ["stage_id"], entered=self.frame.sql_entered
            ),
        )
        by_stage, by_type = {}, {}
        for is_stage, stage_type, stage_id, age in rows:
            if is_stage:
                by_stage[stage_id] = age
            else:
                by_type[stage_type] = age
        return by_stage, by_type

    def _read(self):
        frame = self.frame
        return frame.run(
            """
            SELECT stage_id, company_id, weeks, due,
                   count(*), sum(amount)::float, sum(probability) / 100,
                   sum(amount * probability)::float / 100,
                   count(*) FILTER (WHERE NOT has_step),
                   count(*) FILTER (WHERE amount IS NULL OR amount = 0)
            FROM (
                SELECT *, %(due)s AS due,
                       LEAST(GREATEST(floor(%(age)s / 604800), 0), %(oldest)s)::int
                           AS weeks
                FROM (%(leads)s) AS lead
            ) AS open GROUP BY 1, 2, 3, 4
            """,
            oldest=OLDEST,
            due=self._sql_due(),
            age=self._sql_age(),
            leads=frame.select(
                self.domain,
                ["stage_id", "company_id", "probability", "date_deadline"],
                amount=frame.sql_amount,
                entered=frame.sql_entered,
                has_step=lambda query: SQL(
                    """EXISTS (SELECT FROM mail_activity step WHERE step.active
                       AND step.res_model = 'crm.lead' AND step.res_id = crm_lead.id)"""
                ),
            ),
        )

    def _sql_age(self):
        """Return how many seconds a lead is in its stage, in SQL."""
        return SQL("date_part('epoch', %s - entered)", self.frame.now)

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
