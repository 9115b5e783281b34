from odoo import api, fields, models
from odoo.exceptions import UserError

from ....tools.sequence_plan import Block, Plan
from ..constants import (
    ACTIVE,
    DRAFT,
    LIVE,
    PAUSED,
    QUEUED,
    RETIRED,
    TASK,
    VERSION_STATES,
    WAITING,
)
from .step_kind import KINDS


class LeadSequenceVersion(models.Model):
    """The steps of a sequence, as they are from one day to another.

    Whoever is in an active version finishes it, or is moved on with a preview. So the
    steps of a version that somebody has been in do not change.
    """

    _name = "lead.sequence.version"
    _inherit = ["lead.state.mixin"]
    _description = "Version of a Sequence"
    _order = "sequence_id, number desc"
    _transitions = {DRAFT: (ACTIVE,), ACTIVE: (RETIRED,), RETIRED: (ACTIVE,)}

    sequence_id = fields.Many2one(
        "lead.sequence", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="sequence_id.company_id")
    number = fields.Integer(string="Version", readonly=True, default=1)
    state = fields.Selection(
        VERSION_STATES, required=True, default=DRAFT, readonly=True
    )
    active_date = fields.Datetime(string="Active Since", readonly=True, copy=False)
    step_ids = fields.One2many("lead.sequence.step", "version_id", string="Steps")

    _number_uniq = models.UniqueIndex("(sequence_id, number)")
    _active_uniq = models.UniqueIndex(
        "(sequence_id) WHERE state = 'active'",
        "Another version was just activated. Reload the page.",
    )

    @api.depends("sequence_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(name)s (version %(version)s)",
                name=version.sequence_id.name or "",
                version=version.number,
            )

    # ------------------------------------------------------------
    # Plan
    # ------------------------------------------------------------

    def _get_plan(self):
        """Return the :class:`Plan` of the steps."""
        self.ensure_one()
        return Plan(
            [
                Block(
                    step.id,
                    step.parent_id.id or None,
                    step.arm or "",
                    KINDS.get(step.kind).arms,
                    KINDS.get(step.kind).is_end,
                )
                for step in self.step_ids.sorted(lambda one: (one.sequence, one.id))
            ]
        )

    def _is_frozen(self):
        """Return whether somebody has been in this version, so that it must stay."""
        # sudo: whoever was in it, whether the user may see them or not
        return self.state != DRAFT and bool(
            self.env["lead.enrollment"]
            .sudo()
            .search_count([("version_id", "=", self.id)], limit=1)
        )

    def _check_editable(self):
        for version in self:
            if version._is_frozen():
                raise UserError(
                    self.env._(
                        "Leads are, or have been, in “%s”. Create a new version to "
                        "change its steps.",
                        version.display_name,
                    )
                )

    def _check_ready(self):
        """Refuse a version whose steps cannot be done.

        :raises UserError: which step lacks what
        """
        for version in self:
            if not version.step_ids:
                raise UserError(
                    self.env._("“%s” has no steps yet.", version.sequence_id.name)
                )
            for step in version.step_ids:
                if missing := KINDS.get(step.kind).find_missing(step):
                    raise UserError(
                        self.env._(
                            "Step “%(step)s” needs: %(missing)s.",
                            step=step.display_name,
                            missing=missing,
                        )
                    )

    # ------------------------------------------------------------
    # From one version to the next
    # ------------------------------------------------------------

    def _copy_steps(self, new):
        """Copy the steps into a version without any; each keeps its key."""
        new.step_ids.unlink()
        copies = {}
        plan = self._get_plan()
        todo = [*plan.children()]
        while todo:
            step = self.env["lead.sequence.step"].browse(todo.pop(0))
            copies[step.id] = step.copy(
                {
                    "version_id": new.id,
                    "key": step.key,
                    "parent_id": copies.get(step.parent_id.id),
                }
            ).id
            for arm in KINDS.get(step.kind).arms:
                todo += plan.children(step.id, arm)

    def _new_draft(self):
        """Return a draft that begins with the steps of this version."""
        self.ensure_one()
        versions = self.sequence_id.version_ids
        draft = versions.filtered(lambda version: version.state == DRAFT)
        if not draft:
            number = max(versions.mapped("number"), default=0) + 1
            draft = self.create({"sequence_id": self.sequence_id.id, "number": number})
            self._copy_steps(draft)
        return draft

    def _activate(self):
        """Let new leads enter this version; those in the old one finish it."""
        self.ensure_one()
        self._check_ready()
        old = self.sequence_id.version_id - self
        if old:
            old._move(RETIRED)
            old.flush_recordset()
        if self.state != ACTIVE:
            self._move(ACTIVE, active_date=fields.Datetime.now())
        self.sequence_id.version_id = self

    def _get_moves(self, new):
        """Return where those in this version would go on in another one.

        A step is known again by its key; for one that is gone it is the next that is
        there. Who has a message or a task under way stays, if that step is gone.

        :return: list of tuples (step, state, count, step of ``new`` or an empty one)
        """
        plan = self._get_plan()
        Step = self.env["lead.sequence.step"]
        targets = {step.key: step for step in new.step_ids}
        # sudo: whoever is in it, whether the user may see them or not
        groups = (
            self.env["lead.enrollment"]
            .sudo()
            ._read_group(
                [("version_id", "=", self.id), ("state", "in", LIVE)],
                ["step_id", "state"],
                ["__count"],
            )
        )
        moves = []
        for step, state, count in groups:
            target = targets.get(step.key, Step)
            if not target and state in (WAITING, PAUSED) and step.id in plan.blocks:
                later = Step.browse(plan.later(step.id))
                target = next(
                    (targets[one.key] for one in later if one.key in targets), Step
                )
            stays = not target and state in (QUEUED, TASK)
            moves.append((step, state, count, step if stays else target))
        return moves
