from collections import Counter

from odoo import api, models

from ...base.stage_types import CUSTOMER, OPEN, UNQUALIFIED
from ..stage.crm_lead_stage_status import LOST, WON
from .lead_stage_mapping import DRAFT


class LeadStageMapping(models.Model):
    """What a draft would do, and what is to be said against it."""

    _inherit = "lead.stage.mapping"

    # only what a draft may change: what was applied keeps its figures
    @api.depends(
        "move_lost",
        "line_ids.stage_type",
        "addition_ids.is_added",
        "addition_ids.team_ids",
    )
    def _compute_effects(self):
        for mapping in self:
            status_changes, lost = Counter(), 0
            for line in mapping.line_ids:
                status_changes.update(line._count_status_changes())
                lost += line.lost_archived_count
            moved = lost if mapping.move_lost and mapping._has_type(UNQUALIFIED) else 0
            mapping.update(mapping._prepare_effects(status_changes, lost, moved))

    def _prepare_effects(self, status_changes, lost, moved):
        """Return the figures of a mapping.

        :param status_changes: counter of pairs (status before, status after)
        :param lost: number of lost leads, archived
        :param moved: how many of these move
        """

        def count(place, status):
            return sum(
                number
                for pair, number in status_changes.items()
                if pair[place] == status and pair[1 - place] != status
            )

        return {
            "won_count": count(1, WON),
            "unwon_count": count(0, WON),
            "lost_count": count(1, LOST),
            "unlost_count": count(0, LOST),
            "moved_count": moved,
            "lost_kept_count": lost - moved,
            "typed_count": len(self.line_ids.filtered("is_changed")),
            "added_count": len(self._get_additions()),
        }

    @api.depends(
        "line_ids.stage_type",
        "addition_ids.is_added",
        "addition_ids.team_ids",
        "move_lost",
        "state",
    )
    def _compute_warnings(self):
        for mapping in self:
            warnings = mapping._get_warnings() if mapping.state == DRAFT else []
            mapping.warnings = "\n".join(warnings)

    def _get_warnings(self):
        labels = dict(self.env["crm.stage"]._description_types())
        warnings = [
            self.env._("No stage is of type %s.", labels[stage_type])
            for stage_type in (OPEN, CUSTOMER)
            if not self._has_type(stage_type)
        ]
        if self.move_lost and not self._has_type(UNQUALIFIED):
            warnings.append(
                self.env._(
                    "There is no Unqualified stage, so lost leads stay archived."
                )
            )
        warnings += filter(None, (line._get_warning() for line in self.line_ids))
        if not any(self.line_ids.mapped("is_shared")) and all(
            line.team_ids for line in self._get_additions()
        ):
            warnings.append(
                self.env._(
                    "Every stage belongs to a team, so leads without a team have no "
                    "stage and no predicted probability."
                )
            )
        if self.foreign_count:
            warnings.append(
                self.env._(
                    "Stages are shared between companies. Included leads of other "
                    "companies: %s.",
                    self.foreign_count,
                )
            )
        return warnings

    def _has_type(self, stage_type):
        """Return whether there will be a stage of a type."""
        return stage_type in (self.line_ids + self._get_additions()).mapped(
            "stage_type"
        )

    def _get_additions(self):
        return self.addition_ids.filtered(
            lambda line: line.is_added and not line.is_covered
        )
