from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ....tools.stage_names import propose
from ...base.stage_types import STAGE_TYPES

DRAFT = "draft"
APPLIED = "applied"
UNDONE = "undone"

# What a manager may change while it is a draft; all else is ours to write.
EDITABLE = {"move_lost", "line_ids", "addition_ids"}


class LeadStageMapping(models.Model):
    """Types for the stages of a company that has its own.

    A draft proposes and shows what would happen; when it is applied it stays as the log
    of what was done, and knows how to undo it.
    """

    _name = "lead.stage.mapping"
    _inherit = ["lead.state.mixin"]
    _description = "Stage Mapping"
    _order = "id desc"
    _transitions = {DRAFT: (APPLIED,), APPLIED: (UNDONE,), UNDONE: ()}

    state = fields.Selection(
        [(DRAFT, "Draft"), (APPLIED, "Applied"), (UNDONE, "Undone")],
        default=DRAFT,
        required=True,
        readonly=True,
        index=True,
    )
    move_lost = fields.Boolean(
        string="Show Lost Leads in “Unqualified”",
        help="Lost leads are archived. This shows them again in the stage "
        "“Unqualified”. They stay lost and keep their reason and previous stage.",
    )
    # Stages
    line_ids = fields.One2many(
        "lead.stage.mapping.line",
        "mapping_id",
        string="Your Stages",
        domain=[("is_new", "=", False)],
    )
    addition_ids = fields.One2many(
        "lead.stage.mapping.line",
        "mapping_id",
        string="Stages to Add",
        domain=[("is_new", "=", True)],
    )
    # Effects
    won_count = fields.Integer(
        string="Leads Becoming Won", compute="_compute_effects", store=True
    )
    unwon_count = fields.Integer(
        string="Leads No Longer Won", compute="_compute_effects", store=True
    )
    lost_count = fields.Integer(
        string="Leads Becoming Unqualified", compute="_compute_effects", store=True
    )
    unlost_count = fields.Integer(
        string="Leads No Longer Lost", compute="_compute_effects", store=True
    )
    moved_count = fields.Integer(
        string="Lost Leads Moved to “Unqualified”",
        compute="_compute_effects",
        store=True,
    )
    lost_kept_count = fields.Integer(
        string="Unchanged Lost Leads",
        compute="_compute_effects",
        store=True,
    )
    typed_count = fields.Integer(
        string="Stages with a New Type", compute="_compute_effects", store=True
    )
    added_count = fields.Integer(
        string="Added Stages", compute="_compute_effects", store=True
    )
    foreign_count = fields.Integer(string="Leads of Other Companies", readonly=True)
    warnings = fields.Text(compute="_compute_warnings")
    # Log
    applied_uid = fields.Many2one(
        "res.users", string="Applied By", readonly=True, ondelete="set null"
    )
    date_applied = fields.Datetime(string="Applied On", readonly=True)
    undone_uid = fields.Many2one(
        "res.users", string="Undone By", readonly=True, ondelete="set null"
    )
    date_undone = fields.Datetime(string="Undone On", readonly=True)
    lead_ids = fields.One2many(
        "lead.stage.mapping.lead", "mapping_id", string="Changed Leads", readonly=True
    )
    restored_count = fields.Integer(string="Restored Leads", readonly=True)
    left_count = fields.Integer(
        string="Leads Not Restored",
        readonly=True,
        help="These leads were changed afterwards, so they were not restored.",
    )
    notes = fields.Text(string="Changes Not Undone", readonly=True)

    @api.depends("state", "date_applied")
    def _compute_display_name(self):
        for mapping in self:
            mapping.display_name = self.env._("Map Stages")
            if mapping.date_applied:
                date = fields.Datetime.context_timestamp(mapping, mapping.date_applied)
                mapping.display_name = self.env._(
                    "Stage mapping of %s", fields.Date.to_string(date)
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        if not self.env.su:
            self._check_draft(set(vals) - EDITABLE)
        return super().write(vals)

    def _check_draft(self, forbidden=()):
        """Refuse changes of the log, and of what only the addon writes."""
        if forbidden or any(mapping.state != DRAFT for mapping in self):
            raise UserError(
                self.env._(
                    "An applied mapping cannot be changed. Create a new mapping "
                    "instead."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self._check_draft()

    @api.autovacuum
    def _gc_drafts(self):
        """Forget drafts that nobody applied."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=7)
        self.search([("state", "=", DRAFT), ("write_date", "<", before)]).unlink()

    # ------------------------------------------------------------
    # Draft
    # ------------------------------------------------------------

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers can map stages."))

    def action_open(self):
        """Open the draft of this user, or a new one when the stages have changed."""
        self._check_manager()
        draft = self.search(
            [("state", "=", DRAFT), ("create_uid", "=", self.env.uid)], limit=1
        )
        if draft and not draft._is_current():
            draft.unlink()
            draft = self.browse()
        if not draft:
            # sudo: drafts are made here only, never by anybody's values
            draft = self.sudo().create(self._prepare_draft()).sudo(False)
        draft.sudo()._refresh_counts()  # sudo: leads of all companies count
        return draft._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Map Stages"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    @api.model
    def _prepare_draft(self):
        stages = self.env["crm.stage"].search(Domain.TRUE)
        names = stages._get_all_names()
        proposals = propose(
            [
                {
                    "names": names[stage.id],
                    "is_won": stage.is_won,
                    "type": stage.stage_type or None,
                }
                for stage in stages
            ]
        )
        Line = self.env["lead.stage.mapping.line"]
        lines = [
            {**Line._prepare_stage(stage, *proposal), "position": position}
            for position, (stage, proposal) in enumerate(
                zip(stages, proposals, strict=True)
            )
        ]
        return {
            "line_ids": [Command.create(vals) for vals in lines],
            "addition_ids": [
                Command.create(Line._prepare_addition(stage_type, rank, lines))
                for rank, (stage_type, __) in enumerate(STAGE_TYPES)
            ],
        }

    def _is_current(self):
        """Return whether the stages are still what this draft saw."""
        return [
            (line.stage_id.id, line.name, line.sequence_before, line._get_before())
            for line in self.line_ids
        ] == [
            (stage.id, stage.name, stage.sequence, (stage.stage_type, stage.is_won))
            for stage in self.env["crm.stage"].search(Domain.TRUE)
        ]

    def _refresh_counts(self):
        """Count the leads of each stage again, in one statement.

        Of all companies, since the stages are theirs, too: superuser.
        """
        counts = self.env["crm.stage"]._count_leads()
        for line in self.line_ids:
            line.write(line._prepare_counts(counts.get(line.stage_id.id, {})))
        self.foreign_count = sum(count["foreign_count"] for count in counts.values())
        self.env.add_to_compute(self._fields["won_count"], self)
