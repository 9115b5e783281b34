import logging

from odoo import api, fields, models

from ....tools.answers import clean_text
from ....tools.texts import storable
from ...base import context
from ...base.fast.bulk_create import bulk_create
from ...base.stage_types import INACTIVE, OPEN, UNQUALIFIED, WON_TYPES
from .lead_stage_transition import (
    AUTOMATION,
    CREATED,
    IMPORT,
    MANUALLY,
    MERGE,
    REACTIVATED,
    RECYCLED,
)

_logger = logging.getLogger(__name__)

SECONDS_A_DAY = 86_400


class CrmLead(models.Model):
    """Every move between stages is kept, whoever or whatever makes it."""

    _inherit = "crm.lead"

    stage_transition_ids = fields.One2many(
        "lead.stage.transition", "lead_id", string="Stage History", readonly=True
    )
    stage_reactivation_count = fields.Integer(
        string="Reactivations",
        compute="_compute_stage_reactivation_count",
        help="Number of times this customer was reactivated after having been "
        "inactive.",
    )

    @api.depends("stage_transition_ids.origin")
    def _compute_stage_reactivation_count(self):
        # sudo: how often the lead one sees came back is no secret
        counts = dict(
            self.env["lead.stage.transition"]
            .sudo()
            ._read_group(
                [("lead_id", "in", self.ids), ("origin", "=", REACTIVATED)],
                ["lead_id"],
                ["__count"],
            )
        )
        for lead in self:
            lead.stage_reactivation_count = counts.get(lead._origin, 0)

    def _history_changed(self, change):
        if change.is_new:
            plain = self.filtered(lambda lead: lead.stage_type in (False, OPEN))
            plain._stage_record_start()
            (self - plain)._stage_record({})
        elif moved := change.of("stage_id"):
            moved._stage_record({lead.id: change.was(lead).stage_id for lead in moved})

    def _stage_record_start(self):
        """Keep that leads started where leads start, of which nobody needs to hear.

        As a row and no more: this is part of the creation of every lead. What is to
        happen with new leads starts from the leads themselves.
        """
        now = fields.Datetime.now()
        bulk_create(
            # sudo: history is nobody's to write; what is noted is who did it
            self.env["lead.stage.transition"].sudo(),
            [
                lead._prepare_transition(self.env["crm.stage"], now, None, None)
                for lead in self
            ],
            silent=True,
        )

    def _stage_record(self, before):
        """Keep that leads entered the stage they are in.

        :param before: dict of lead id to the stage it was in; none when it is new
        """
        Transition = self.env["lead.stage.transition"]
        if not self:
            return Transition
        last = Transition._get_last(self.ids) if before else {}
        now = fields.Datetime.now()
        circling = self._stage_find_circling()
        values = {
            lead: lead._prepare_transition(
                before.get(lead.id, lead.stage_id.browse()),
                now,
                *last.get(lead.id, (None, None)),
            )
            for lead in self
        }
        # sudo: history is nobody's to write; what is noted is who did it
        Transition = Transition.sudo()
        moves = Transition.create([values[lead] for lead in self - circling])
        if circling:
            stopped = [values[lead] for lead in circling]
            moves += bulk_create(Transition, stopped, silent=True)
            circling._stage_note_circle()
        return moves

    def _stage_find_circling(self):
        """Return the leads that automated actions bring back to where they began.

        Odoo lets an automated action run once a record; each move is a record of its
        own, so that two of them could go on for ever.
        """
        done = self.env.context.get("__action_done")
        if not isinstance(done, dict) or not self._is_automated():
            return self.browse()
        # sudo: moves count of leads the user does not see any more, too
        been = {
            (move.lead_id.id, move.stage_id.id)
            for moves in done.values()
            if isinstance(moves, type(self.env["lead.stage.transition"]))
            for move in moves.sudo()
        }
        return self.filtered(lambda lead: (lead.id, lead.stage_id.id) in been)

    def _stage_note_circle(self):
        """Say that automated actions contradict one another, and have been stopped."""
        _logger.warning("Automated actions move leads in a circle: %s", self.ids)
        note = self.env._(
            "Automation rules contradict each other and moved this lead in a circle. "
            "They were stopped here."
        )
        self._message_log_batch(dict.fromkeys(self.ids, note))

    def _prepare_transition(self, before, now, since, score):
        stage = self.stage_id
        reason = context.STAGE_REASON.get(self.env)
        is_dropped = stage.stage_type == UNQUALIFIED
        return {
            "lead_id": self.id,
            "date": now,
            "stage_before_id": before.id,
            "stage_id": stage.id,
            "type_before": before.stage_type,
            "stage_type": stage.stage_type,
            "direction": self.env["lead.stage.transition"]._get_direction(
                before, stage
            ),
            "origin": self._get_stage_origin(before, stage),
            "user_id": self.env.uid,
            "owner_id": self.user_id.id,
            "team_id": self.team_id.id,
            "days": (now - since).total_seconds() / SECONDS_A_DAY if since else 0,
            "score": score or 0,
            "reason": clean_text(reason) if reason else False,
            "lost_reason_id": is_dropped and self.lost_reason_id.id,
        }

    @api.model
    def _get_stage_origin(self, before, stage):
        if not before:
            return CREATED
        if origin := context.STAGE_ORIGIN.get(self.env):
            return origin
        if context.IMPORT.get(self.env):
            return IMPORT
        if stage.stage_type and stage.stage_type not in (*WON_TYPES, UNQUALIFIED):
            if before.stage_type == INACTIVE:
                return REACTIVATED
            if before.stage_type == UNQUALIFIED:
                return RECYCLED
        return AUTOMATION if self._is_automated() else MANUALLY

    def action_gate_override(self, stage_id, reason):
        """Keep the reason with the move."""
        explained = self
        if isinstance(reason, str):
            explained = context.STAGE_REASON.set(self, storable(reason))
        return super(CrmLead, explained).action_gate_override(stage_id, reason)

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_opportunity(self, *args, **kwargs):
        merging = context.STAGE_ORIGIN.set(self, MERGE)
        survivor = super(CrmLead, merging)._merge_opportunity(*args, **kwargs)
        return survivor.with_env(self.env)
