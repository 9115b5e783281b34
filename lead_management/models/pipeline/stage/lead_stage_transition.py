from odoo import api, fields, models
from odoo.tools import SQL

from ...base.stage_types import INACTIVE, STAGE_TYPES, UNQUALIFIED

CREATED, MANUALLY, AUTOMATION = "created", "hand", "automation"
IMPORT, MERGE, REACTIVATED, RECYCLED = "import", "merge", "reactivated", "recycled"
HISTORY, MAPPING = "history", "mapping"
ORIGINS = [
    (CREATED, "Created"),
    (MANUALLY, "Manually"),
    (AUTOMATION, "Automatically"),
    (IMPORT, "Import"),
    (MERGE, "Merge"),
    (REACTIVATED, "Reactivated customer"),
    (RECYCLED, "Recycled"),
    (HISTORY, "Before recording started"),
    (MAPPING, "Stage mapping"),
]
START, FORWARD, BACK, DROPPED = "start", "forward", "back", "dropped"
DIRECTIONS = [
    (START, "Start"),
    (FORWARD, "Forward"),
    (BACK, "Backward"),
    (DROPPED, "Disqualified"),
]


class LeadStageTransition(models.Model):
    """A move of a lead from one stage to another, written once.

    The types are kept beside the stages: the funnel of last year does not change when
    stages are mapped again, or deleted. Automated actions on moves start here, not on
    the lead: there they would cost every write.
    """

    _name = "lead.stage.transition"
    _inherit = ["lead.row.mixin"]
    _description = "Stage Change"
    _order = "date desc, id desc"
    _log_access = False

    lead_id = fields.Many2one(index=False, aggregator="count_distinct")
    date = fields.Datetime(required=True, readonly=True)
    stage_before_id = fields.Many2one(
        "crm.stage", string="From Stage", readonly=True, ondelete="set null"
    )
    stage_id = fields.Many2one(
        "crm.stage", string="To Stage", readonly=True, ondelete="set null"
    )
    type_before = fields.Selection(STAGE_TYPES, string="From Type", readonly=True)
    stage_type = fields.Selection(STAGE_TYPES, string="To Type", readonly=True)
    direction = fields.Selection(DIRECTIONS, required=True, readonly=True)
    origin = fields.Selection(
        ORIGINS, string="Triggered By", required=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="Moved By", readonly=True, ondelete="set null"
    )
    owner_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, ondelete="set null"
    )
    team_id = fields.Many2one("crm.team", readonly=True, ondelete="set null")
    days = fields.Float(
        string="Days in Previous Stage",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Time the lead spent in the previous stage.",
    )
    score = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Score of the lead at the time of the stage change.",
    )
    reason = fields.Char(readonly=True)
    lost_reason_id = fields.Many2one(
        "crm.lost.reason", readonly=True, ondelete="set null"
    )
    is_merged = fields.Boolean(
        string="From a Merged Lead",
        readonly=True,
        help="This stage change concerns a duplicate that was merged into the lead.",
    )

    _lead_idx = models.Index("(lead_id, id)")
    _type_idx = models.Index("(stage_type, date)")
    _date_idx = models.Index("(date)")

    @api.model
    def _merge_get_values(self):
        return {"is_merged": True}

    @api.depends("lead_id", "stage_id")
    def _compute_display_name(self):
        for move in self:
            move.display_name = f"{move.lead_id.name}: {move.stage_id.name or ''}"

    @api.model
    def _get_direction(self, before, stage):
        """Return whether a move from a stage to another is one up or down."""
        if not before:
            return START
        if stage.stage_type == UNQUALIFIED:
            return DROPPED
        if before.stage_type in (UNQUALIFIED, INACTIVE):
            # back in the pipeline, whatever the order of the columns
            return FORWARD
        return FORWARD if stage.sequence >= before.sequence else BACK

    @api.model
    def _get_last(self, lead_ids):
        """Return when leads entered the stage they are in, and their score now.

        :return: dict of lead id to (date or None, score or None)
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id, last.date, score.total
                FROM unnest(%s) AS lead (id)
                LEFT JOIN LATERAL (
                    SELECT date FROM lead_stage_transition move
                    WHERE move.lead_id = lead.id AND move.is_merged IS NOT TRUE
                    ORDER BY move.id DESC LIMIT 1
                ) last ON TRUE
                LEFT JOIN lead_score score ON score.lead_id = lead.id
                """,
                list(lead_ids),
            )
        )
        return {lead_id: (date, score) for lead_id, date, score in rows}

    # ------------------------------------------------------------
    # Installation
    # ------------------------------------------------------------

    @api.model
    def _seed_history(self):
        """Read the moves made before this was recorded from the tracking of Odoo.

        Leads that have moves keep them. Where the tracking does not lead to the stage
        the lead is in (imports, tracking switched off), one last move does.
        """
        self.env["crm.lead"].flush_model()
        self.flush_model()
        stage_field = self.env["ir.model.fields"]._get("crm.lead", "stage_id")
        self.env.cr.execute(
            SQL(
                """
            WITH fresh AS MATERIALIZED (
                SELECT lead.* FROM crm_lead lead WHERE NOT EXISTS (
                    SELECT 1 FROM lead_stage_transition move
                    WHERE move.lead_id = lead.id)
            ), tracked AS MATERIALIZED (
                SELECT message.res_id AS lead_id, message.date, author.user_id,
                       tracking.id, tracking.old_value_integer AS old,
                       tracking.new_value_integer AS new
                FROM mail_tracking_value tracking
                JOIN mail_message message ON message.id = tracking.mail_message_id
                LEFT JOIN LATERAL (
                    SELECT min(id) AS user_id FROM res_users
                    WHERE partner_id = message.author_id AND share IS NOT TRUE
                ) author ON TRUE
                WHERE tracking.field_id = %(field)s AND message.model = 'crm.lead'
                  AND message.res_id IN (SELECT id FROM fresh)
            ), ends AS MATERIALIZED (
                SELECT DISTINCT ON (lead_id) lead_id,
                       first_value(old) OVER every AS first,
                       last_value(new) OVER every AS last,
                       max(date) OVER every AS date
                FROM tracked
                WINDOW every AS (PARTITION BY lead_id ORDER BY id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
            ), moves AS (
                SELECT id AS lead_id, COALESCE(create_date, now()) AS date,
                       NULL::int4 AS old,
                       COALESCE(NULLIF(ends.first, 0), stage_id) AS new,
                       create_uid AS user_id, 0::int8 AS position
                FROM fresh LEFT JOIN ends ON ends.lead_id = fresh.id
                UNION ALL
                SELECT lead_id, date, NULLIF(old, 0), new, user_id, id::int8
                FROM tracked WHERE new <> 0
                UNION ALL
                SELECT fresh.id,
                       GREATEST(fresh.date_last_stage_update, ends.date), ends.last,
                       fresh.stage_id, NULL::int4, 9223372036854775807
                FROM fresh JOIN ends ON ends.lead_id = fresh.id
                WHERE fresh.stage_id IS NOT NULL AND ends.last <> fresh.stage_id
            )
            INSERT INTO lead_stage_transition
                (lead_id, date, stage_before_id, stage_id, type_before, stage_type,
                 direction, origin, user_id, owner_id, team_id, days)
            SELECT moves.lead_id, moves.date, before.id, stage.id, before.stage_type,
                   stage.stage_type,
                   CASE WHEN moves.position = 0 THEN 'start'
                        WHEN stage.stage_type = 'unqualified' THEN 'dropped'
                        WHEN before.stage_type IN ('unqualified', 'inactive')
                            THEN 'forward'
                        WHEN stage.sequence < before.sequence THEN 'back'
                        ELSE 'forward' END,
                   'history', moves.user_id, lead.user_id, lead.team_id,
                   GREATEST(0, EXTRACT(EPOCH FROM moves.date - lag(moves.date) OVER (
                       PARTITION BY moves.lead_id ORDER BY moves.position)) / 86400)
            FROM moves
            JOIN crm_lead lead ON lead.id = moves.lead_id
            LEFT JOIN crm_stage before ON before.id = moves.old
            LEFT JOIN crm_stage stage ON stage.id = moves.new
            ORDER BY moves.lead_id, moves.position
            """,
                field=stage_field.id,
            )
        )
