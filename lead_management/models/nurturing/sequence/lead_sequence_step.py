from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....tools.sequence_time import WORKDAYS
from ...base.stage_types import STAGE_TYPES
from ..constants import ARMS, BRANCHES, ON_CONDITION, UNITS
from ..engine.step_other import BranchStep
from .step_kind import KINDS

STAGE_CHANGE, TAG_CHANGE, SEGMENT_CHANGE = "stage", "tag", "segment"
FIELD_CHANGE = "field"
# Deeper than anybody can follow on a picture.
DEEPEST = 4


class LeadSequenceStep(models.Model):
    """A step: wait, then do something with the lead, or decide which way it goes."""

    _name = "lead.sequence.step"
    _description = "Step of a Sequence"
    _order = "version_id, sequence, id"

    version_id = fields.Many2one(
        "lead.sequence.version", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="version_id.company_id")
    key = fields.Char(
        required=True,
        readonly=True,
        default=lambda self: uuid4().hex[:12],
        help="The same in all versions.",
    )
    name = fields.Char(string="Title", translate=True)
    sequence = fields.Integer(string="Order", default=10)
    parent_id = fields.Many2one(
        "lead.sequence.step", string="Within", ondelete="cascade", index=True
    )
    arm = fields.Selection(ARMS)
    kind = fields.Selection(
        [(cls.name, cls.label) for cls in KINDS], required=True, default="message"
    )
    # Wait
    wait_count = fields.Integer(string="Wait", default=0)
    wait_unit = fields.Selection(UNITS, required=True, default=WORKDAYS)
    # Message
    template_id = fields.Many2one(
        "lead.message.template", string="Message Template", ondelete="set null"
    )
    fallback_id = fields.Many2one(
        "lead.message.template",
        string="Otherwise",
        ondelete="set null",
        help="Sent instead if the contact cannot be reached on the first channel.",
    )
    channel = fields.Selection(related="template_id.channel")
    # Task
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="[('res_model', 'in', [False, 'crm.lead'])]",
        ondelete="set null",
        default=lambda self: self.env.ref(
            "mail.mail_activity_data_call", raise_if_not_found=False
        ),
    )
    summary = fields.Char(string="Task", translate=True)
    note = fields.Text(string="Goal of the Task", translate=True)
    task_days = fields.Integer(string="Due in Working Days", default=1)
    go_on_days = fields.Integer(
        string="Continue After (Days)",
        default=7,
        help="Goes on without the task. 0: waits until it is done.",
    )
    # Change
    change = fields.Selection(
        [
            (STAGE_CHANGE, "Stage"),
            (TAG_CHANGE, "Tags"),
            (SEGMENT_CHANGE, "Segment"),
            (FIELD_CHANGE, "Another field"),
        ],
        default=TAG_CHANGE,
    )
    stage_type = fields.Selection(STAGE_TYPES, string="To Stage")
    tag_ids = fields.Many2many("crm.tag", string="Add Tags")
    segment_id = fields.Many2one("lead.segment", string="To Segment")
    # Branch
    branch_on = fields.Selection(
        BRANCHES,
        string="Decided By",
        required=True,
        default=ON_CONDITION,
        help="Clicks of people count. Programs that check links do not.",
    )
    domain = fields.Char(string="Condition", default="[]")
    # A/B
    share_a = fields.Integer(string="Share of A (%)", default=50)
    planned_size = fields.Integer(
        string="Planned Contacts per Arm",
        default=200,
        help="Decided before the test: with fewer contacts only large differences can "
        "be seen.",
    )

    _wait_range = models.Constraint(
        "CHECK(wait_count BETWEEN 0 AND 1000)", "Wait 0 to 1,000 hours or days."
    )
    _share_range = models.Constraint(
        "CHECK(share_a BETWEEN 1 AND 99)", "Each arm needs at least 1% of the contacts."
    )
    _task_range = models.Constraint(
        "CHECK(task_days BETWEEN 0 AND 365 AND go_on_days BETWEEN 0 AND 365)",
        "Choose 0 to 365 days.",
    )
    _key_uniq = models.UniqueIndex("(version_id, key)")

    @api.depends("name", "kind", "template_id.name", "summary")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for step in self:
            step.display_name = (
                step.name
                or (step.kind and KINDS.get(step.kind).get_name(step))
                or labels.get(step.kind, "")
            )

    @api.constrains("domain", "kind")
    def _check_domain(self):
        for step in self:
            if step.kind == BranchStep.name:
                step.version_id.sequence_id._try_condition(step.domain)

    @api.constrains("parent_id", "arm", "version_id")
    def _check_place(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A step cannot be within itself."))
        for step in self:
            parent, depth = step.parent_id, 0
            arms = KINDS.get(parent.kind).arms if parent else ()
            if parent and (
                step.arm not in arms or parent.version_id != step.version_id
            ):
                raise ValidationError(
                    self.env._("“%s” has no such arm.", parent.display_name)
                )
            while parent:
                parent, depth = parent.parent_id, depth + 1
            if depth > DEEPEST:
                raise ValidationError(
                    self.env._("Branches can be nested %s times at most.", DEEPEST)
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        versions = {vals.get("version_id") for vals in vals_list}
        self.env["lead.sequence.version"].browse(versions - {None})._check_editable()
        steps = super().create(vals_list)
        for step in steps:
            step._number_siblings()
        return steps

    def write(self, vals):
        self.version_id._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self.version_id._check_editable()

    # ------------------------------------------------------------
    # Order
    # ------------------------------------------------------------

    def _get_siblings(self):
        """Return the steps of the same arm, in their order."""
        return self.version_id.step_ids.filtered(
            lambda step: step.parent_id == self.parent_id and step.arm == self.arm
        ).sorted(lambda step: (step.sequence, step.id))

    def action_move_up(self):
        """Change places with the step above, in the same arm."""
        self._shift(-1)

    def action_move_down(self):
        """Change places with the step below, in the same arm."""
        self._shift(1)

    def _shift(self, places):
        self.ensure_one()
        self.check_access("write")
        order = [*self._get_siblings().ids]
        position = order.index(self.id)
        target = min(max(position + places, 0), len(order) - 1)
        order.insert(target, order.pop(position))
        self.browse(order)._number()

    def _number_siblings(self):
        self._get_siblings()._number()

    def _number(self):
        """Leave room between steps in their order, for one that is added."""
        for number, step in enumerate(self, 1):
            if step.sequence != 10 * number:
                step.sequence = 10 * number

    def action_remove(self):
        """Delete a step with all that is within it; called by the picture."""
        self.ensure_one()
        self.unlink()

    @api.model
    def default_get(self, fields):
        """Put a new step below the one it is added after."""
        values = super().default_get(fields)
        after = self.env.context.get("sequence_step_after")
        if isinstance(after, int) and "sequence" in values:
            step = self.browse(after).exists()
            values["sequence"] = step.sequence + 1 if step else 0
        return values
