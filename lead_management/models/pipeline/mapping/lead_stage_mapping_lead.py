from odoo import api, fields, models
from odoo.tools import SQL

from ...base.lead_row_mixin import DROP
from ..stage.lead_stage_transition import DROPPED, MAPPING

# The columns of crm_lead that are kept, and their names here.
KEPT = {
    "stage_id": "stage_id",
    "stage_before_id": "stage_before_id",
    "active": "was_active",
    "probability": "probability",
    "automated_probability": "automated_probability",
    "won_status": "won_status",
    "lost_reason_id": "lost_reason_id",
    "stage_revisit_date": "stage_revisit_date",
    "date_closed": "date_closed",
    "date_last_stage_update": "date_last_stage_update",
}
# What tells whether somebody changed what undoing would write. A probability that Odoo
# predicts changes by itself.
FINGERPRINT = SQL(
    """
    md5(ROW(lead.stage_id, lead.stage_before_id, lead.active, lead.won_status,
        lead.lost_reason_id, lead.stage_revisit_date, lead.date_closed,
        lead.date_last_stage_update,
        CASE WHEN lead.probability <> lead.automated_probability
            THEN lead.probability END)::text)
    """
)


class LeadStageMappingLead(models.Model):
    """What a lead was like before a mapping changed it. Never changed by people."""

    _name = "lead.stage.mapping.lead"
    _inherit = ["lead.row.mixin"]
    _description = "Mapped Lead"
    _order = "id"
    _merge = DROP  # what to undo; a lead that is gone is left out
    _impersonal = ("fingerprint",)

    mapping_id = fields.Many2one(
        "lead.stage.mapping", required=True, readonly=True, ondelete="cascade"
    )
    stage_id = fields.Many2one(
        "crm.stage", string="Original Stage", readonly=True, ondelete="set null"
    )
    stage_before_id = fields.Many2one(
        "crm.stage",
        string="Original Previous Stage",
        readonly=True,
        ondelete="set null",
    )
    was_active = fields.Boolean(string="Originally Active", readonly=True)
    probability = fields.Float(
        string="Original Probability", readonly=True, aggregator=None
    )
    automated_probability = fields.Float(
        string="Original Automated Probability", readonly=True, aggregator=None
    )
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")],
        string="Original Status",
        readonly=True,
    )
    lost_reason_id = fields.Many2one(
        "crm.lost.reason",
        string="Original Lost Reason",
        readonly=True,
        ondelete="set null",
    )
    stage_revisit_date = fields.Date(string="Original Revisit Date", readonly=True)
    date_closed = fields.Datetime(string="Original Closed Date", readonly=True)
    date_last_stage_update = fields.Datetime(string="In Stage Since", readonly=True)
    status_after = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")],
        readonly=True,
        string="New Status",
    )
    is_moved = fields.Boolean(string="Moved to Unqualified", readonly=True)
    fingerprint = fields.Char(readonly=True)
    result = fields.Selection(
        [("restored", "Restored"), ("left", "Not restored: changed afterwards")],
        string="Undo Result",
        readonly=True,
    )

    _mapping_lead_uniq = models.UniqueIndex("(mapping_id, lead_id)")

    @api.model
    def _snapshot(self, mapping, lead_ids, is_moved=False):
        """Keep what leads are like, before they are changed; in one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_stage_mapping_lead (mapping_id, lead_id, is_moved,
                    create_uid, create_date, write_uid, write_date, %s)
                SELECT %s, lead.id, %s, %s, %s, %s, %s, %s
                FROM crm_lead lead WHERE lead.id = ANY(%s) ORDER BY lead.id
                """,
                SQL(", ").join(map(SQL.identifier, KEPT.values())),
                mapping.id,
                is_moved,
                *[self.env.uid, self.env.cr.now()] * 2,
                SQL(", ").join(SQL.identifier("lead", fname) for fname in KEPT),
                list(lead_ids),
            )
        )

    @api.model
    def _record_result(self, mapping):
        """Note what the leads became, to know later whether anybody changed them."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_stage_mapping_lead kept
                SET status_after = lead.won_status, fingerprint = %s
                FROM crm_lead lead
                WHERE lead.id = kept.lead_id AND kept.mapping_id = %s
                """,
                FINGERPRINT,
                mapping.id,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _split_restorable(self, mapping, left_stages):
        """Tell the leads that can be put back from those somebody changed since.

        :param left_stages: stages that do not become what they were
        :return: list of (status now, status then, ids) of those that can be put back
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_stage_mapping_lead kept
                SET result = CASE
                    WHEN kept.fingerprint = %s AND kept.stage_id IS NOT NULL
                        AND kept.stage_id <> ALL(%s)
                    THEN 'restored' ELSE 'left' END
                FROM (
                    SELECT * FROM crm_lead WHERE id IN (
                        SELECT lead_id FROM lead_stage_mapping_lead
                        WHERE mapping_id = %s
                    ) ORDER BY id FOR NO KEY UPDATE
                ) AS lead
                WHERE lead.id = kept.lead_id AND kept.mapping_id = %s
                """,
                FINGERPRINT,
                left_stages.ids,
                mapping.id,
                mapping.id,
            )
        )
        self.invalidate_model(flush=False)
        return self.env.execute_query(
            SQL(
                """
                SELECT lead.won_status, kept.won_status, array_agg(lead.id)
                FROM lead_stage_mapping_lead kept
                JOIN crm_lead lead ON lead.id = kept.lead_id
                WHERE kept.mapping_id = %s AND kept.result = 'restored'
                GROUP BY lead.won_status, kept.won_status
                """,
                mapping.id,
            )
        )

    @api.model
    def _record_moves(self, mapping):
        """Note in the history of lost leads that they are in another column.

        On the day they were lost: statistics of today shall not show it.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_stage_transition
                    (lead_id, date, stage_before_id, stage_id, type_before, stage_type,
                     direction, origin, user_id, owner_id, team_id, days,
                     score, lost_reason_id)
                SELECT lead.id, lead.date_closed, kept.stage_id, lead.stage_id,
                    before.stage_type, stage.stage_type, %s, %s, %s, lead.user_id,
                    lead.team_id,
                    GREATEST(0, EXTRACT(EPOCH FROM lead.date_closed
                        - kept.date_last_stage_update) / 86400),
                    COALESCE(score.total, 0), lead.lost_reason_id
                FROM lead_stage_mapping_lead kept
                JOIN crm_lead lead ON lead.id = kept.lead_id
                JOIN crm_stage before ON before.id = kept.stage_id
                JOIN crm_stage stage ON stage.id = lead.stage_id
                LEFT JOIN lead_score score ON score.lead_id = lead.id
                WHERE kept.mapping_id = %s AND kept.is_moved
                    AND kept.stage_id <> lead.stage_id
                ORDER BY lead.id
                """,
                DROPPED,
                MAPPING,
                self.env.uid,
                mapping.id,
            )
        )
        self.env["lead.stage.transition"].invalidate_model(flush=False)

    @api.model
    def _forget_moves(self, mapping):
        """Take the moves that are undone out of the history of the leads."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM lead_stage_transition move
                USING lead_stage_mapping_lead kept, crm_lead lead
                WHERE kept.mapping_id = %s AND kept.result = 'restored'
                    AND lead.id = kept.lead_id AND move.lead_id = lead.id
                    AND move.origin = %s AND move.stage_id = lead.stage_id
                    AND move.stage_before_id = kept.stage_id
                """,
                mapping.id,
                MAPPING,
            )
        )
        self.env["lead.stage.transition"].invalidate_model(flush=False)

    @api.model
    def _put_back(self, mapping):
        """Write on the leads what they were like, in one statement."""
        self.env["crm.lead"]._write_leads(
            [
                SQL("%s = %s", SQL.identifier(fname), SQL.identifier("kept", column))
                for fname, column in KEPT.items()
            ],
            SQL(
                "crm_lead.id = kept.lead_id AND kept.mapping_id = %s"
                " AND kept.result = 'restored'",
                mapping.id,
            ),
            SQL("FROM lead_stage_mapping_lead kept"),
        )
