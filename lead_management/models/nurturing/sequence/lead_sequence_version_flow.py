from odoo import api, models
from odoo.tools import SQL

from ..constants import LIVE
from ..engine.step_other import TestStep
from .step_kind import KINDS

# Messages in these states went out to nobody.
NOT_SENT = ("skipped", "failed", "cancelled")
COUNTERS = ("waiting", "done", "skipped", "replied", "goal")


class LeadSequenceVersion(models.Model):
    """The picture of a version: its steps, and how many are and were at each."""

    _inherit = "lead.sequence.version"

    def _get_flow(self):
        """Return the steps as the picture draws them, each with those of its arms."""
        plan, counts = self._get_plan(), self._read_counts()
        tests = self._read_tests()

        def draw(parent_id=None, arm="", prefix=""):
            ids = plan.children(parent_id, arm)
            return [
                self._draw_step(step, f"{prefix}{number}", counts, tests, draw)
                for number, step in enumerate(self.step_ids.browse(ids), 1)
            ]

        return draw()

    @api.model
    def _draw_step(self, step, number, counts, tests, draw):
        kind = KINDS.get(step.kind)
        labels = dict(step._fields["arm"]._description_selection(self.env))
        shares = {"a": step.share_a, "b": 100 - step.share_a}
        return {
            "id": step.id,
            "number": number,
            "kind": step.kind,
            "label": dict(step._fields["kind"]._description_selection(self.env))[
                step.kind
            ],
            "icon": kind.get_icon(step),
            "title": kind.get_title(step),
            "preview": step._get_preview(),
            "domain": step._get_condition(),
            "wait": step._get_wait_label(),
            "counters": counts.get(step.id, [0] * len(COUNTERS)),
            "note": tests.get(step.id) or "",
            "arms": [
                {
                    "arm": arm,
                    "label": f"{labels[arm]}, {shares[arm]}%"
                    if arm in shares
                    else labels[arm],
                    "steps": draw(step.id, arm, f"{number}{labels[arm][0]}"),
                }
                for arm in kind.arms
            ],
        }

    def _read_counts(self):
        """Return the counters of each step, in two statements."""
        for model in ("lead.enrollment", "lead.enrollment.step", "lead.message"):
            self.env[model].flush_model()
        counts = {}
        for step_id, *numbers in self.env.execute_query(
            SQL(
                """
                WITH ledger AS (
                    SELECT entry.step_id, entry.enrollment_id, entry.id,
                           entry.outcome = 'done' AND (
                               entry.message_id IS NULL OR EXISTS (
                                   SELECT FROM lead_message message
                                   WHERE message.enrollment_id = entry.enrollment_id
                                     AND message.sequence_step_id = entry.step_id
                                     AND message.state <> ALL(%(not_sent)s))) AS is_done
                    FROM lead_enrollment_step entry WHERE entry.version_id = %(id)s
                ), last AS (
                    SELECT DISTINCT ON (enrollment_id) enrollment_id, step_id
                    FROM ledger WHERE is_done ORDER BY enrollment_id, id DESC
                )
                SELECT step.id,
                       (SELECT count(*) FROM lead_enrollment run
                        WHERE run.step_id = step.id AND run.state = ANY(%(live)s)),
                       (SELECT count(*) FROM ledger
                        WHERE ledger.step_id = step.id AND is_done),
                       (SELECT count(*) FROM ledger
                        WHERE ledger.step_id = step.id AND NOT is_done),
                       (SELECT count(*) FROM last
                        JOIN lead_enrollment run ON run.id = last.enrollment_id
                        WHERE last.step_id = step.id AND run.reason = 'reply'),
                       (SELECT count(run.goal_date) FROM last
                        JOIN lead_enrollment run ON run.id = last.enrollment_id
                        WHERE last.step_id = step.id)
                FROM lead_sequence_step step WHERE step.version_id = %(id)s
                """,
                id=self.id,
                live=list(LIVE),
                not_sent=list(NOT_SENT),
            )
        ):
            counts[step_id] = numbers
        return counts

    def _read_tests(self):
        """Return the honest sentence on each A/B test, by step id."""
        tests = self.step_ids.filtered(lambda step: step.kind == TestStep.name)
        if not tests:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT entry.step_id, entry.arm, count(*),
                       count(*) FILTER (WHERE run.reason = 'reply')
                FROM lead_enrollment_step entry
                JOIN lead_enrollment run ON run.id = entry.enrollment_id
                WHERE entry.step_id = ANY(%s) GROUP BY 1, 2
                """,
                tests.ids,
            )
        )
        found = {(step_id, arm): (size, hits) for step_id, arm, size, hits in rows}
        return {
            step.id: step._get_verdict(
                *found.get((step.id, "a"), (0, 0)), *found.get((step.id, "b"), (0, 0))
            )
            for step in tests
        }
