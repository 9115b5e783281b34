import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import ormcache

from ...base.stage_types import STAGE_TYPES
from ..policy.fact import show_all
from ..policy.kinds import (
    BASES,
    HELD,
    KINDS,
    OFFERED,
    REASONS,
    STATES,
    TRANSITIONS,
    WORKED,
)

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
    state = fields.Selection(STATES, required=True, readonly=True, default=OFFERED)
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

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lead_name(self):
        """Name the lead of this side, to whoever may read it."""
        for share, lead in self._get_own_leads().items():
            share.lead_name = lead.name

    def _get_own_leads(self):
        """Return the lead of this side for each share: only what the user may read."""
        # sudo: which lead it is nobody reads; whether this one may, is asked next
        shares = self.sudo()
        own = [
            share.lead_id if share.company_id in self.env.companies else share.copy_id
            for share in shares
        ]
        Lead = self.env["crm.lead"].with_context(active_test=False)
        wanted = Lead.browse({lead.id for lead in own if lead}).exists()
        readable = wanted._filtered_access("read")
        return {
            share: Lead.browse(lead.id) & readable
            for share, lead in zip(self, own, strict=True)
        }

    @api.depends("company_id", "to_company_id", "recall_until", "state")
    @api.depends_context("allowed_company_ids")
    def _compute_side(self):
        today = fields.Date.context_today(self)
        for share in self:
            share.is_out = share.company_id in self.env.companies
            share.is_in = share.to_company_id in self.env.companies
            share.is_recallable = (
                share.is_out
                and share.state in WORKED
                and (not share.recall_until or share.recall_until >= today)
            )

    @api.model
    def _search_is_out(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("company_id", "in", self.env.companies.ids)
        return domain if True in value else ~domain

    @api.model
    def _search_is_in(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("to_company_id", "in", self.env.companies.ids)
        return domain if True in value else ~domain

    # ------------------------------------------------------------
    # Whether anything is shared at all
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _is_used(self):
        """Return whether any lead was ever shared: else nothing of it is asked."""
        # sudo: cached for everybody
        return bool(self.sudo().search_count([], limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        self._forget_unused()
        return shares

    @api.model
    def _forget_unused(self):
        """Ask anew whether anything is shared, once the first share is there."""
        if not self._is_used():
            self.env.registry.clear_cache()
            self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.model
    def _personal_fields(self):
        return ("data", "lost_reason", "note", "teaser")

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def _get_ours(self, *states):
        """Return offers to us with all rights, when the user may answer for us.

        :raises AccessError: when one of them is no offer to a company of the user
        :raises UserError: when one of them is in another state
        """
        self.check_access("read")
        return self._get_side("to_company_id", states)

    def _get_given(self, *states):
        """Return what we gave with all rights, when the user may decide on it.

        :raises AccessError: when one of them is not of a company of the user, or of a
            lead the user may not change
        """
        self.check_access("read")
        shares = self._get_side("company_id", states)
        leads = shares.lead_id.with_env(self.env)
        leads.check_access("write")
        return shares

    def _get_side(self, fname, states):
        if self - self.filtered(lambda share: share[fname] in self.env.companies):
            raise AccessError(self.env._("You cannot decide on these shared leads."))
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("You cannot decide on these shared leads."))
        # sudo: nobody writes shares but by the methods that ask for them here
        shares = self.sudo()
        late = shares.filtered(lambda share: share.state not in states)
        if late:
            raise UserError(
                self.env._(
                    "“%(name)s” is “%(state)s” by now.",
                    name=late[0].display_name,
                    state=self._get_state_label(late[0].state),
                )
            )
        return shares

    def action_open_lead(self):
        """Open the lead of this side."""
        self.ensure_one()
        lead = self._get_own_leads()[self]
        if not lead:
            raise AccessError(self.env._("You have no access to this lead."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": lead.id,
            "views": [[False, "form"]],
        }

    def _get_live(self):
        """Return the shares of which the other one has the data."""
        return self.filtered(lambda share: share.state in HELD)
