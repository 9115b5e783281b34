from collections import Counter

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...base.stage_types import STAGE_TYPES, UNQUALIFIED, WON_TYPES
from ..stage.crm_lead_stage_status import LOST, PENDING, WON, get_stage_status
from ..stage.crm_stage import COUNT_FIELDS

# What a manager may change: of a stage there is, and of one to add.
EDITABLE = {False: {"stage_type"}, True: {"is_added", "name", "team_ids"}}


class LeadStageMappingLine(models.Model):
    """A stage of a mapping, as it was and as it becomes; or one that is added."""

    _name = "lead.stage.mapping.line"
    _description = "Stage Mapping Line"
    _order = "position, id"

    mapping_id = fields.Many2one(
        "lead.stage.mapping",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    is_new = fields.Boolean(readonly=True, string="New Stage")
    position = fields.Integer(readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="set null")
    name = fields.Char(required=True)
    team_ids = fields.Many2many("crm.team", string="Sales Teams")
    is_shared = fields.Boolean(string="For All Teams", readonly=True)
    fold = fields.Boolean(string="Folded", readonly=True)
    # Before and after
    type_before = fields.Selection(STAGE_TYPES, string="Old Type", readonly=True)
    stage_type = fields.Selection(STAGE_TYPES)
    basis = fields.Selection(
        [
            ("type", "Current type"),
            ("name", "Name of the stage"),
            ("won", "Won stage"),
            ("place", "Position of the stage"),
        ],
        string="Reason for the Suggestion",
        readonly=True,
    )
    won_before = fields.Boolean(string="Is Won", readonly=True)
    won_after = fields.Boolean(string="Will Be Won", compute="_compute_won_after")
    is_changed = fields.Boolean(compute="_compute_is_changed", string="Changed")
    sequence_before = fields.Integer(string="Old Order", readonly=True)
    sequence_after = fields.Integer(string="New Order", readonly=True)
    effect = fields.Char(compute="_compute_effect")
    # Leads
    open_count = fields.Integer(string="Open", readonly=True)
    won_count = fields.Integer(string="Won", readonly=True)
    lost_count = fields.Integer(string="Lost", readonly=True)
    lost_archived_count = fields.Integer(string="Lost, Archived", readonly=True)
    archived_count = fields.Integer(
        string="Archived", readonly=True, help="Archived, but not lost."
    )
    foreign_count = fields.Integer(string="Other Companies", readonly=True)
    # Additions
    is_added = fields.Boolean(string="Add")
    is_covered = fields.Boolean(string="Exists", compute="_compute_played_by")
    played_by = fields.Char(string="Covered By", compute="_compute_played_by")

    @api.depends("stage_type", "won_before")
    def _compute_won_after(self):
        for line in self:
            line.won_after = (
                line.stage_type in WON_TYPES if line.stage_type else line.won_before
            )

    @api.depends("stage_type", "type_before", "is_new")
    def _compute_is_changed(self):
        for line in self:
            line.is_changed = not line.is_new and line.stage_type != line.type_before

    @api.depends("stage_type", "won_before", *COUNT_FIELDS)
    def _compute_effect(self):
        for line in self:
            line.effect = line._describe_effect()

    def _describe_effect(self):
        """Return what becomes of the leads in this stage, in words."""
        status_changes = self._count_status_changes()
        texts = {
            WON: self.env._("%s become won"),
            LOST: self.env._("%s become unqualified"),
            PENDING: self.env._("%s become open"),
        }
        after = Counter()
        for (__, status), number in status_changes.items():
            after[status] += number
        parts = [texts[status] % number for status, number in after.items() if number]
        if self.won_before != self.won_after and not self.is_new:
            parts.insert(
                0,
                self.env._("becomes a won stage")
                if self.won_after
                else self.env._("is no longer a won stage"),
            )
        return ", ".join(parts)

    # which stages play a type is a matter of all lines of the mapping
    @api.depends(
        "stage_type",
        "is_new",
        "mapping_id.line_ids.stage_type",
        "mapping_id.line_ids.team_ids",
    )
    def _compute_played_by(self):
        teams = self._get_own_teams()
        for line in self:
            players = line.mapping_id.line_ids.filtered(
                lambda other, line=line: other.stage_type == line.stage_type
            )
            line.played_by = ", ".join(players.mapped("name"))
            line.is_covered = any(players.mapped("is_shared")) or bool(
                players and set(teams.ids) <= set(players.team_ids._origin.ids)
            )

    @api.model
    def _get_own_teams(self):
        """Return the teams this manager looks after: those of others are not shown."""
        # sudo: off, or all teams would be found
        return self.env["crm.team"].sudo(False).search(Domain.TRUE)

    def _get_before(self):
        return self.type_before, self.won_before

    def _count_status_changes(self):
        """Return how many leads of this stage turn: a counter of (before, after)."""
        now = get_stage_status(*self._get_before())
        then = get_stage_status(self.stage_type, self.won_after)
        if self.is_new or now == then:
            return Counter()
        status_changes = Counter(
            {
                (PENDING, then): self.open_count,
                (WON, then): self.won_count,
                (LOST, then): self.lost_count - self.lost_archived_count,
            }
        )
        if then == LOST:
            status_changes[PENDING, LOST] += self.archived_count
        return Counter(
            {
                (before, after): number
                for (before, after), number in status_changes.items()
                if before != after and number
            }
        )

    def _get_warning(self):
        """Return what to think about before this stage is mapped, or None."""
        if self.won_before and not self.won_after:
            return self.env._(
                "“%(stage)s” is a won stage. Leads no longer won: %(count)s.",
                stage=self.name,
                count=self.won_count,
            )
        if self.won_after and not self.won_before:
            return self.env._(
                "“%(stage)s” becomes a won stage. Open leads that count as won: "
                "%(count)s.",
                stage=self.name,
                count=self.open_count,
            )
        if self.is_changed and self.stage_type == UNQUALIFIED and self.open_count:
            return self.env._(
                "“%(stage)s” becomes an Unqualified stage. Open leads that count as "
                "lost: %(count)s.",
                stage=self.name,
                count=self.open_count,
            )
        return None

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        if not self.env.su:
            for is_new, lines in self.grouped("is_new").items():
                lines.mapping_id._check_draft(set(vals) - EDITABLE[is_new])
        return super().write(vals)

    # ------------------------------------------------------------
    # Draft
    # ------------------------------------------------------------

    @api.model
    def _prepare_stage(self, stage, stage_type, basis):
        # sudo: whether it belongs to teams of companies that are not shown
        teams = stage.sudo().team_ids
        return {
            "stage_id": stage.id,
            "name": stage.name,
            "is_shared": not teams,
            # sudo: they are only compared with those above
            "team_ids": [Command.set((teams & self._get_own_teams().sudo()).ids)],
            "fold": stage.fold,
            "type_before": stage.stage_type,
            "won_before": stage.is_won,
            "sequence_before": stage.sequence,
            "stage_type": stage_type,
            "basis": basis,
        }

    @api.model
    def _prepare_addition(self, stage_type, rank, lines):
        """Return a stage to add, for the teams that lack one of this type.

        :param lines: the values of the stages there are
        """
        players = [vals for vals in lines if vals["stage_type"] == stage_type]
        lacking = []
        if players and not any(vals["is_shared"] for vals in players):
            served = {id_ for vals in players for id_ in vals["team_ids"][0][2]}
            lacking = set(self._get_own_teams().ids) - served
        return {
            "is_new": True,
            "is_added": True,
            "position": rank,
            "name": dict(self.env["crm.stage"]._description_types())[stage_type],
            "stage_type": stage_type,
            "team_ids": [Command.set(lacking)],
            "fold": stage_type in ("inactive", UNQUALIFIED),
        }

    @api.model
    def _prepare_counts(self, counts):
        return {fname: counts.get(fname, 0) for fname in COUNT_FIELDS}

    # ------------------------------------------------------------
    # Apply and undo
    # ------------------------------------------------------------

    def _prepare_new_stage(self, sequence):
        return {
            "name": self.name,
            "stage_type": self.stage_type,
            "sequence": sequence,
            "fold": self.fold,
            "team_ids": [Command.set(self.team_ids.ids)],
        }

    def _translate_name(self):
        """Name a new stage in all languages, unless somebody chose another name."""
        if self.name != self._get_type_name(self.env.lang):
            return
        languages = self.env["res.lang"].get_installed()
        self.stage_id.update_field_translations(
            "name", {code: self._get_type_name(code) for code, __ in languages}
        )

    def _get_type_name(self, lang):
        stage = self.env["crm.stage"].with_context(lang=lang)
        return dict(stage._description_types())[self.stage_type]

    @api.model
    def _get_added_stages(self):
        """Return the stages that mappings have added."""
        return self.search([("is_new", "=", True), ("stage_id", "!=", False)]).stage_id

    def _is_as_applied(self):
        """Return whether the stage is what the mapping made of it."""
        stage = self.stage_id
        return (stage.stage_type, stage.is_won) == (self.stage_type, self.won_after)

    def _get_left_note(self):
        if not self.stage_id:
            return self.env._("“%s” was deleted afterwards.", self.name)
        return self.env._(
            "“%s” is kept because its type was changed afterwards.", self.name
        )
