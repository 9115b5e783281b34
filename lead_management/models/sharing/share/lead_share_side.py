from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..policy.constants import WORKED


class LeadShare(models.Model):
    """Two sides read a share: what each of them sees of it, and may do."""

    _inherit = "lead.share"

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
    @api.depends_context("uid", "allowed_company_ids")
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
