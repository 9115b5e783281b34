from collections import Counter
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....tools.stage_order import place
from ...base.fast.sql_rows import sql_rows
from ...base.stage_types import STAGE_TYPES, UNQUALIFIED
from ..stage.crm_lead_stage_status import LOST, Turn
from .lead_stage_mapping import APPLIED, DRAFT, UNDONE

RANKS = {stage_type: rank for rank, (stage_type, __) in enumerate(STAGE_TYPES)}


class LeadStageMapping(models.Model):
    """Applying and undoing, each in one transaction."""

    _inherit = "lead.stage.mapping"

    def _lock(self, state):
        """Let nobody else change stages or this mapping meanwhile.

        Who comes second is refused by PostgreSQL, tried again by Odoo, and sees what
        the first one did.
        """
        self._check_manager()
        self.env["crm.stage"].check_access("create")
        self.env["crm.stage"].check_access("write")
        self.env.flush_all()
        for table in ("lead_stage_mapping", "crm_stage"):
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM %s ORDER BY id FOR NO KEY UPDATE",
                    SQL.identifier(table),
                )
            )
        self.env.invalidate_all(flush=False)
        if not self.exists() or self.state != state:
            raise UserError(
                self.env._(
                    "This mapping was already applied or undone. Reload the page."
                )
            )

    # ------------------------------------------------------------
    # Apply
    # ------------------------------------------------------------

    def action_apply(self):
        """Do what the draft shows, all of it or nothing."""
        self.ensure_one()
        self.check_access("write")
        self._lock(DRAFT)
        if not self._is_current():
            raise UserError(
                self.env._(
                    "The stages have changed in the meantime. Open “Map Stages” again."
                )
            )
        # sudo: stages and log are written for all companies, the log by nobody else
        self.sudo()._apply()
        return True

    def _apply(self):
        additions = self._get_additions()
        lost = self._find_lost()
        status_changes = Counter()
        self._add_stages(additions)
        groups = [
            (lines.stage_id, {"stage_type": stage_type})
            for stage_type, lines in self.line_ids.filtered("is_changed")
            .grouped("stage_type")
            .items()
        ]
        self.env["crm.stage"]._write_types(
            groups, note=partial(self._snapshot_and_count, status_changes)
        )
        moved = self._move_lost(lost) if self.move_lost else []
        self.env["lead.stage.mapping.lead"]._record_result(self)
        effects = self._prepare_effects(status_changes, len(lost), len(moved))
        effects["added_count"] = len(additions)
        self._move(
            APPLIED,
            applied_uid=self.env.uid,
            date_applied=fields.Datetime.now(),
            **effects,
        )

    def _snapshot_and_count(self, status_changes, turns):
        """Keep what leads are like that are about to turn, and count them."""
        for turn in turns:
            status_changes[turn.before, turn.after] += len(turn.lead_ids)
        lead_ids = [lead_id for turn in turns for lead_id in turn.lead_ids]
        self.env["lead.stage.mapping.lead"]._snapshot(self, lead_ids)

    def _add_stages(self, additions):
        """Create the missing stages where they belong, the order of all others kept."""
        lines = self.line_ids.sorted("position")
        sequences, new = place(
            [(line.sequence_before, RANKS.get(line.stage_type)) for line in lines],
            [RANKS[line.stage_type] for line in additions],
        )
        for line, sequence in zip(lines, sequences, strict=True):
            line.sequence_after = sequence
            if sequence != line.sequence_before:
                line.stage_id.sequence = sequence
        stages = self.env["crm.stage"].create(
            [
                line._prepare_new_stage(sequence)
                for line, sequence in zip(additions, new, strict=True)
            ]
        )
        for line, stage in zip(additions, stages, strict=True):
            line.write({"stage_id": stage.id, "sequence_after": stage.sequence})
            line._translate_name()
        stages._learn_as_next()

    # ------------------------------------------------------------
    # Lost leads
    # ------------------------------------------------------------

    def _find_lost(self):
        """Return the leads that are lost as Odoo knows it: archived."""
        self.env["crm.lead"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM crm_lead WHERE active IS NOT TRUE
                    AND won_status = %s AND stage_id = ANY(%s)
                """,
                LOST,
                self.line_ids.filtered(
                    lambda line: line.type_before != UNQUALIFIED
                ).stage_id.ids,
            )
        )
        return [lead_id for [lead_id] in rows]

    def _move_lost(self, lead_ids):
        """Show lost leads in the column of their team; they remember their stage.

        They stay lost, and Odoo's prediction goes on learning from that stage.

        :return: the ids of those that have such a column
        """
        homes = self._get_target_stages(lead_ids)
        CrmLead = self.env["crm.lead"].with_context(active_test=False)
        moving = CrmLead.search(
            [
                ("id", "in", lead_ids),
                ("team_id", "in", [team or False for team in homes]),
            ]
        )
        self.env["lead.stage.mapping.lead"]._snapshot(self, moving.ids, is_moved=True)
        CrmLead._write_leads(
            [
                SQL("active = TRUE"),
                SQL("probability = 0"),
                SQL("automated_probability = 0"),
                SQL("stage_id = home.stage_id"),
                SQL(
                    "stage_before_id = CASE WHEN crm_lead.stage_id = home.stage_id"
                    " THEN stage_before_id ELSE crm_lead.stage_id END"
                ),
                SQL(
                    "date_last_stage_update = CASE"
                    " WHEN crm_lead.stage_id = home.stage_id"
                    " THEN date_last_stage_update ELSE %s END",
                    self.env.cr.now(),
                ),
                SQL("date_closed = COALESCE(date_closed, date_last_stage_update)"),
            ],
            SQL(
                "crm_lead.id = ANY(%s)"
                " AND COALESCE(crm_lead.team_id, 0) = home.team_id",
                moving.ids,
            ),
            SQL(
                "FROM (%s) AS home(team_id, stage_id)",
                sql_rows(("int", "int"), list(homes.items())),
            ),
        )
        self.env["lead.stage.mapping.lead"]._record_moves(self)
        moving.with_context(prefetch_fields=False)._stage_status_follow()
        return moving.ids

    def _get_target_stages(self, lead_ids):
        """Return the Unqualified stage of each team of these leads that has one.

        :return: dict of team id, or 0, to the id of the stage
        """
        stages = self.env["crm.stage"].search([("stage_type", "=", UNQUALIFIED)])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT COALESCE(team_id, 0) FROM crm_lead WHERE id = ANY(%s)",
                lead_ids,
            )
        )
        homes = {
            team_id: stages.filtered(
                lambda stage, team_id=team_id: (
                    not stage.team_ids or team_id in stage.team_ids.ids
                )
            )[:1].id
            for [team_id] in rows
        }
        return {team_id: stage_id for team_id, stage_id in homes.items() if stage_id}

    # ------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------

    def action_undo(self):
        """Put back what this mapping changed, except what somebody changed since."""
        self.ensure_one()
        self.check_access("write")
        self._lock(APPLIED)
        later = self.search([("state", "=", APPLIED), ("id", ">", self.id)], limit=1)
        if later:
            raise UserError(
                self.env._(
                    "Undo “%s” first because it was applied later.", later.display_name
                )
            )
        # sudo: as for applying
        self.sudo()._undo()
        return True

    def _undo(self):
        Kept = self.env["lead.stage.mapping.lead"]
        CrmLead = self.env["crm.lead"].with_context(
            active_test=False, prefetch_fields=False
        )
        changed = self.line_ids.filtered("is_changed")
        left = changed.filtered(lambda line: not line._is_as_applied())
        turns = [
            Turn(now, then, None, lead_ids)
            for now, then, lead_ids in Kept._split_restorable(self, left.stage_id)
        ]
        restored_ids = [lead_id for turn in turns for lead_id in turn.lead_ids]
        groups = [
            (lines.stage_id, {"stage_type": stage_type, "is_won": is_won})
            for (stage_type, is_won), lines in (changed - left)
            .grouped(lambda line: line._get_before())
            .items()
        ]
        with CrmLead._learning([turn for turn in turns if turn.before != turn.after]):
            self.env["crm.stage"]._write_types(groups, kept_ids=restored_ids)
            Kept._forget_moves(self)
            Kept._put_back(self)
        CrmLead.browse(restored_ids)._stage_status_follow()
        self._restore_order()
        notes = [line._get_left_note() for line in left]
        notes += self._remove_stages()
        self._move(
            UNDONE,
            undone_uid=self.env.uid,
            date_undone=fields.Datetime.now(),
            restored_count=len(restored_ids),
            left_count=Kept.search_count(
                [("mapping_id", "=", self.id), ("result", "=", "left")]
            ),
            notes="\n".join(notes),
        )

    def _restore_order(self):
        for line in self.line_ids.filtered("stage_id"):
            if line.sequence_before != line.sequence_after == line.stage_id.sequence:
                line.stage_id.sequence = line.sequence_before

    def _remove_stages(self):
        """Remove the stages that were added and that no lead is in.

        :return: why the others stay
        """
        added = self.addition_ids.filtered("stage_id")
        kept = added.stage_id._unlink_unused()
        counts = dict(
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group([("stage_id", "in", kept.ids)], ["stage_id"], ["__count"])
        )
        return [
            self.env._(
                "“%(stage)s” is kept because it contains leads: %(count)s.",
                stage=stage.name,
                count=count,
            )
            for stage, count in counts.items()
        ]
