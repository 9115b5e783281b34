import uuid

from odoo import api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools import ormcache

from ...base.stage_types import STAGE_TYPES
from ..policy.constants import (
    BASES,
    KINDS,
    OFFERED,
    REASONS,
    STATES,
    TRANSITIONS,
)
from ..policy.fact import show_all

# What may identify a person before acceptance, and belongs to one side afterwards.
HIDDEN = {"groups": NO_ACCESS, "readonly": True, "copy": False}


class LeadShare(models.Model):
    """A lead that one company gives to another: from the offer to what became of it.

    Both sides read this record, and neither reads the lead of the other: what is told
    is copied here, field by field, and what stands for a person is for nobody to read
    before acceptance. Written by the methods of this room alone.
    """

    _name = "lead.share"
    _inherit = ["lead.state.mixin"]
    _description = "Shared Lead"
    _order = "date desc, id desc"
    _transitions = TRANSITIONS

    uuid = fields.Char(
        required=True, readonly=True, copy=False, default=lambda self: str(uuid.uuid4())
    )
    kind = fields.Selection(KINDS, string="Type", required=True, readonly=True)
    state = fields.Selection(
        STATES, string="Status", required=True, readonly=True, default=OFFERED
    )
    # Who
    company_id = fields.Many2one(
        "res.company",
        string="Offered By",
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    to_company_id = fields.Many2one(
        "res.company",
        string="Offered To",
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    recipient_id = fields.Many2one(
        "lead.share.partner",
        string="Sharing Partner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    recipient_name = fields.Char(string="To", readonly=True)
    giver_name = fields.Char(string="From", readonly=True)
    policy_id = fields.Many2one(
        "lead.share.policy",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one(
        "res.users", string="Offered by User", readonly=True, ondelete="set null"
    )
    # Which lead; for nobody to read, search or group by
    lead_id = fields.Many2one(
        "crm.lead", string="Offered Lead", ondelete="set null", index=True, **HIDDEN
    )
    copy_id = fields.Many2one(
        "crm.lead",
        string="Received Lead",
        ondelete="set null",
        index="btree_not_null",
        **HIDDEN,
    )
    group_key = fields.Char(**HIDDEN)
    data = fields.Json(**HIDDEN)
    marks = fields.Json(**HIDDEN)
    held = fields.Json(**HIDDEN)
    # What is told
    teaser = fields.Json(string="Preview Data", readonly=True)
    fields_full = fields.Json(string="Shared Fields", readonly=True)
    teaser_shown = fields.Json(string="Preview", compute="_compute_shown")
    summary = fields.Char(compute="_compute_shown")
    lead_name = fields.Char(string="Lead", compute="_compute_lead_name")
    # Terms
    purpose = fields.Char(readonly=True)
    legal_basis = fields.Selection(BASES, readonly=True)
    arrangement = fields.Text(readonly=True)
    commission = fields.Json(string="Commission Terms", readonly=True)
    commission_shown = fields.Char(string="Commission", compute="_compute_shown")
    is_locked = fields.Boolean(readonly=True)
    # When
    date = fields.Datetime(string="Offered On", required=True, readonly=True)
    term = fields.Datetime(string="Answer Until", readonly=True)
    remind_date = fields.Datetime(string="Reminder", readonly=True)
    answer_date = fields.Datetime(string="Answered On", readonly=True)
    answer_user_id = fields.Many2one(
        "res.users", string="Answered By", readonly=True, ondelete="set null"
    )
    end_date = fields.Datetime(string="Ended On", readonly=True)
    recall_until = fields.Date(readonly=True)
    inform_until = fields.Date(
        string="Inform Person Until",
        readonly=True,
        help="The company that gets a lead tells the person within a month that it "
        "has the data.",
    )
    informed_date = fields.Date(string="Person Informed On", readonly=True)
    # Why
    reason = fields.Selection(REASONS, readonly=True)
    note = fields.Text(readonly=True)
    # What became of it
    mirror_stage = fields.Selection(STAGE_TYPES, string="Their Stage", readonly=True)
    mirror_date = fields.Datetime(string="Last Change", readonly=True)
    first_touch = fields.Datetime(string="Their First Contact", readonly=True)
    last_touch = fields.Datetime(string="Their Last Contact", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    value = fields.Monetary(string="Won Amount", readonly=True)
    lost_reason = fields.Char(string="Why It Was Lost", readonly=True)
    # What this reader may do
    is_out = fields.Boolean(compute="_compute_side", search="_search_is_out")
    is_in = fields.Boolean(compute="_compute_side", search="_search_is_in")
    is_recallable = fields.Boolean(compute="_compute_side")
    event_ids = fields.One2many("lead.share.event", "share_id", string="Record")

    _uuid_uniq = models.UniqueIndex("(uuid)")
    # while one has it, nobody else does
    _held_uniq = models.UniqueIndex(
        "(lead_id) WHERE lead_id IS NOT NULL AND state IN "
        "('accepted', 'won', 'recalled')"
    )
    _open_uniq = models.UniqueIndex(
        "(lead_id, recipient_id) WHERE lead_id IS NOT NULL AND state = 'offered'"
    )
    _due_idx = models.Index("(term) WHERE state = 'offered'")

    # ------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------

    @api.depends("teaser", "commission")
    @api.depends_context("lang")
    def _compute_shown(self):
        Policy = self.env["lead.share.policy"]
        for share in self:
            shown = show_all(self.env, share.teaser or {})
            share.teaser_shown = shown
            share.summary = " · ".join(each["text"] for each in shown[:3])
            share.commission_shown = Policy._describe_commission(share.commission)

    @api.depends("teaser")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for share in self:
            share.display_name = share.summary or self.env._("Lead %s", share.id)

    # ------------------------------------------------------------
    # Whether anything is shared at all
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _is_used(self):
        """Return whether any lead was ever shared: else nothing of it is asked."""
        # sudo: cached for everybody
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _forget_unused(self):
        """Ask again whether anything is shared, once the first share is there."""
        if not self._is_used():
            self.env.registry.clear_cache()
            self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.model
    def _personal_fields(self):
        return ("data", "lost_reason", "marks", "note", "teaser")
