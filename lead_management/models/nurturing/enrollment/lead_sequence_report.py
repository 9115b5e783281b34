from odoo import fields, models
from odoo.tools import SQL

from ...messaging.constants import CHANNELS
from ..constants import ARMS, OUTCOMES, REASONS


class LeadSequenceReport(models.Model):
    """What came of each step: a query of the ledger, with what became of messages."""

    _name = "lead.sequence.report"
    _description = "Sequence Report"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "step_id"

    date = fields.Datetime(readonly=True)
    sequence_id = fields.Many2one("lead.sequence", readonly=True)
    version_id = fields.Many2one("lead.sequence.version", readonly=True)
    step_id = fields.Many2one("lead.sequence.step", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    arm = fields.Selection(ARMS, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    end_reason = fields.Selection(REASONS, string="End of the Run", readonly=True)
    # Measures
    enrollments = fields.Integer(string="Leads", readonly=True)
    sent = fields.Integer(readonly=True)
    skipped = fields.Integer(string="Not Sent or Skipped", readonly=True)
    clicked = fields.Integer(
        readonly=True, help="Messages in which a person followed a link."
    )
    replied = fields.Integer(readonly=True)
    goal = fields.Integer(string="Goal Reached", readonly=True)
    opted_out = fields.Integer(readonly=True)
    days_to_goal = fields.Float(readonly=True, aggregator="avg", digits=(16, 1))

    @property
    def _table_query(self):
        """Count what a run came to at its last step that was done."""
        return SQL(
            """
            WITH done AS (
                SELECT entry.*, message.id AS sent_id, message.channel
                FROM lead_enrollment_step entry
                LEFT JOIN LATERAL (
                    SELECT message.id, message.channel FROM lead_message message
                    WHERE message.enrollment_id = entry.enrollment_id
                      AND message.sequence_step_id = entry.step_id
                      AND message.state IN ('sent', 'delivered', 'read', 'replied')
                    ORDER BY message.id DESC LIMIT 1
                ) message ON TRUE
            )
            SELECT done.id, done.date, done.sequence_id, done.version_id, done.step_id,
                   done.lead_id, lead.user_id, lead.company_id, done.arm,
                   COALESCE(done.channel, template.channel) AS channel,
                   done.outcome, run.reason AS end_reason,
                   1 AS enrollments,
                   CASE WHEN done.sent_id IS NULL THEN 0 ELSE 1 END AS sent,
                   CASE WHEN done.outcome <> 'done' OR step.kind = 'message'
                        AND done.sent_id IS NULL AND run.state <> 'queued'
                        THEN 1 ELSE 0 END AS skipped,
                   CASE WHEN EXISTS (
                       SELECT FROM lead_message_click click
                       WHERE click.message_id = done.sent_id
                         AND click.is_machine IS NOT TRUE) THEN 1 ELSE 0 END AS clicked,
                   CASE WHEN run.reason = 'reply' AND is_last THEN 1 ELSE 0 END
                       AS replied,
                   CASE WHEN run.goal_date IS NOT NULL AND is_last THEN 1 ELSE 0 END
                       AS goal,
                   CASE WHEN run.reason = 'optout' AND is_last THEN 1 ELSE 0 END
                       AS opted_out,
                   CASE WHEN is_last THEN EXTRACT(EPOCH FROM run.goal_date - run.date)
                       / 86400 END AS days_to_goal
            FROM done
            JOIN lead_enrollment run ON run.id = done.enrollment_id
            JOIN crm_lead lead ON lead.id = done.lead_id
            LEFT JOIN lead_sequence_step step ON step.id = done.step_id
            LEFT JOIN lead_message_template template ON template.id = step.template_id
            CROSS JOIN LATERAL (
                SELECT NOT EXISTS (
                    SELECT FROM lead_enrollment_step later
                    WHERE later.enrollment_id = done.enrollment_id
                      AND later.id > done.id) AS is_last
            ) position
            """
        )
